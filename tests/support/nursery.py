"""The product's processes, there at once: forked from one that has imported the product already, else the same.

Importing takes a node two seconds of a core, and the tests start hundreds of processes. `python -m
tests.support.nursery node` reads what to start from its standard input, a line of JSON each, and tells on its standard
output of births and deaths. Asked by SIGUSR1, a process writes into its log where it is.
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
import threading
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]


class Kind(NamedTuple):
    """A process' main module, and what else it imports sooner or later."""

    module: str
    further: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Kind]] = {
    "node": Kind("realtime.__main__", ("realtime.app",)),
    "embedded": Kind("realtime.__main__", ("realtime.app", "workers.demo.bots", "workers.workflows.worker")),
    "workers": Kind("workers.__main__", ("workers.workflows.worker",)),
    "flows": Kind("tests.support.flows"),
    "deaths": Kind("tests.chaos.deaths.held", ("workers.workflows.worker",)),
    "migrate": Kind("backend.adapters.db.migrate", ("alembic.command", "alembic.config", "asyncpg")),
}
_PR_SET_PDEATHSIG: Final = 1
_TURN: Final = 0.02
_PATIENCE: Final = 60.0


class Born:
    """A process from a nursery, with the part of `subprocess.Popen` that tests use."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid = pid
        self._nursery = nursery

    @property
    def returncode(self) -> int | None:
        return self.poll()

    def poll(self) -> int | None:
        """The exit code; None while it runs."""
        return self._nursery.code(self.pid)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once it ended. Raises subprocess.TimeoutExpired."""
        code = self._nursery.last_code(self.pid, timeout)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """If it is still there."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """Starts processes of a kind. They end with it. Threads may share it."""

    def __init__(self, running: "subprocess.Popen[bytes]") -> None:
        self._running = running
        self._codes: dict[int, int] = {}
        self._born: list[int] = []
        self._unread = b""
        self._hearing = threading.Lock()

    def start(self, environment: Mapping[str, str], arguments: Sequence[str], log: Path) -> Born:
        """A new process, whose output goes to the end of the log."""
        assert self._running.stdin is not None
        log.touch()
        wish = {"environment": dict(environment), "arguments": list(arguments), "log": str(log)}
        with self._hearing:
            self._running.stdin.write(json.dumps(wish).encode() + b"\n")
            while not self._born:
                self._hear(within=_PATIENCE)
            return Born(self, self._born.pop())

    def code(self, pid: int) -> int | None:
        """The exit code of a process; None while it runs."""
        with self._hearing:
            self._hear(within=0.0)
            return self._codes.get(pid)

    def last_code(self, pid: int, within: float | None) -> int | None:
        """The exit code of a process once it ended; None if that takes longer than so many seconds."""
        deadline = time.monotonic() + within if within is not None else float("inf")
        while (code := self.code(pid)) is None and (left := deadline - time.monotonic()) > 0:
            # Who waits longest must not keep others from hearing of theirs.
            with self._hearing:
                self._hear(within=min(left, _TURN))
        return code

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
                    # The kernel gives a number again.
                    self._codes.pop(told["born"], None)
                    self._born.append(told["born"])
                else:
                    self._codes[told["died"]] = told["code"]
            within = 0.0


class Nurseries:
    """One of each kind that is asked for, until the block ends.

    `in_use` are those that `tests.support.platform` has its processes from, if it is to.
    """

    in_use: "ClassVar[Nurseries | None]" = None

    def __init__(self) -> None:
        self._kept = ExitStack()
        self._by_kind: dict[str, Nursery] = {}

    def __enter__(self) -> "Nurseries":
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def __getitem__(self, kind: str) -> Nursery:
        if kind not in self._by_kind:
            self._by_kind[kind] = self._kept.enter_context(_nursery(kind))
        return self._by_kind[kind]


@contextmanager
def _nursery(kind: str) -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.support.nursery", kind]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=0) as running:
        try:
            yield Nursery(running)
        finally:
            running.kill()


def main() -> None:
    """Waits for wishes until its standard input ends, as it does when the tests do, however they end."""
    kind = sys.argv[1]
    module, further = KINDS[kind]
    if kind == "node":
        from realtime import memory

        memory.prepare(clients=False, crypto=True)
    run = importlib.import_module(module)
    for name in further:
        importlib.import_module(name)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    deaths, told = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    unread = b""
    while True:
        ready = select.select([0, deaths], [], [])[0]
        if deaths in ready:
            os.read(deaths, 65_536)
            _bury()
        if 0 in ready:
            data = os.read(0, 65_536)
            if not data:
                return
            *lines, unread = (unread + data).split(b"\n")
            for line in lines:
                _bear(run, json.loads(line))


def _bear(run: Any, wish: Mapping[str, Any]) -> None:
    pid = os.fork()
    if pid:
        print(json.dumps({"born": pid}), flush=True)
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
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
        code = (run.main if hasattr(run, "main") else run.app)()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return code if isinstance(code, int) else 0


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
