"""Processes that are there at once: forked from one that has imported the product already, else they are the same.

Importing takes a node two seconds of a core, and a run starts a dozen processes. `python -m tests.chaos.nursery
realtime` reads what to start from its standard input, a line of JSON each, and tells on its standard output of births
and deaths. Asked by SIGUSR1, a process writes into its log where it is.
"""

import ctypes
import faulthandler
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.support.platform import ROOT

MAINS: Final = {"realtime": "realtime.__main__", "workers": "workers.__main__"}
_PR_SET_PDEATHSIG: Final = 1
_LOOK_SECONDS: Final = 0.02
_PATIENCE: Final = 60.0


class Nursery:
    """Starts processes of one of the product's modules. They end with it."""

    def __init__(self, running: "subprocess.Popen[bytes]") -> None:
        self._running = running
        self._codes: dict[int, int] = {}
        self._born: list[int] = []
        self._unread = b""

    def start(self, environment: Mapping[str, str], arguments: list[str], log: Path) -> int:
        """A new process' id."""
        assert self._running.stdin is not None
        wish = {"environment": dict(environment), "arguments": arguments, "log": str(log)}
        self._running.stdin.write(json.dumps(wish).encode() + b"\n")
        while not self._born:
            self._hear(within=_PATIENCE)
        return self._born.pop()

    def code(self, pid: int) -> int | None:
        """The exit code of a process; None while it runs."""
        self._hear(within=0.0)
        return self._codes.get(pid)

    def _hear(self, within: float) -> None:
        assert self._running.stdout is not None
        while select.select([self._running.stdout], [], [], within)[0]:
            data = os.read(self._running.stdout.fileno(), 65_536)
            if not data:
                raise RuntimeError("the nursery has ended")
            *lines, self._unread = (self._unread + data).split(b"\n")
            for line in lines:
                told = json.loads(line)
                if "born" in told:
                    self._born.append(told["born"])
                else:
                    self._codes[told["died"]] = told["code"]
            within = 0.0


@contextmanager
def nursery(module: str) -> Iterator[Nursery]:
    """For the length of a block."""
    command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m", "tests.chaos.nursery", module]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=0) as running:
        try:
            yield Nursery(running)
        finally:
            running.kill()


def main() -> None:
    """Waits for wishes until its standard input ends."""
    module = sys.argv[1]
    if module == "realtime":
        from realtime import memory

        memory.prepare(clients=False)
        importlib.import_module("realtime.app")
    run = importlib.import_module(MAINS[module])
    unread = b""
    while True:
        if select.select([0], [], [], _LOOK_SECONDS)[0]:
            data = os.read(0, 65_536)
            if not data:
                return
            *lines, unread = (unread + data).split(b"\n")
            for line in lines:
                _bear(run, json.loads(line))
        _bury()


def _bear(run: Any, wish: Mapping[str, Any]) -> None:
    pid = os.fork()
    if pid:
        print(json.dumps({"born": pid}), flush=True)
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    output = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number, file in ((0, os.open(os.devnull, os.O_RDONLY)), (1, output), (2, output)):
        os.dup2(file, number)
    faulthandler.register(signal.SIGUSR1)
    os.environ.clear()
    os.environ.update(wish["environment"])
    sys.argv = [run.__file__, *wish["arguments"]]
    os._exit(_code_of(run))


def _code_of(run: Any) -> int:
    try:
        (run.main if hasattr(run, "main") else run.app)()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        print(json.dumps({"died": pid, "code": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
