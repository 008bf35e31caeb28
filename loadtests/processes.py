"""Work in processes of its own: commands go in and reports come out through a pipe.

    class Worker:                                   # made inside the new process; has its loop as `swarm`
        def __init__(self, report, size):
            self.swarm, self.report = Swarm(self), report
        def connect(self, count): ...               # any method is a command

    child = Child(Worker, 300)
    child.tell("connect", 1_000)                    # Worker.connect(1_000)
    child.reports(within=5)                         # what the worker gave to report(...), oldest first

The processes end with the pipe, also when this one is killed.
"""

import contextlib
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from typing import Any

from loadtests.sockets import Swarm

Report = Callable[[Any], None]
SPARE_FILES = 200
"""Files that a process has open besides its sockets, generously."""

_context = multiprocessing.get_context("spawn")


class Child:
    """One process that runs a worker in a swarm's loop. What is passed through has to be picklable."""

    def __init__(self, make: Callable[..., Any], *arguments: Any) -> None:
        """`make(report, *arguments)` makes the worker, which has its loop as `swarm`."""
        self._pipe, theirs = _context.Pipe()
        self._process = _context.Process(target=_work, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def tell(self, command: str, *arguments: Any) -> None:
        """Has the worker's method of that name called. Raises BrokenPipeError if the process is gone."""
        self._pipe.send((command, arguments))

    def reports(self, within: float = 0.0) -> list[Any]:
        """What was reported since; waits `within` seconds for the first. Raises EOFError once the process is gone."""
        found: list[Any] = []
        try:
            while self._pipe.poll(0.0 if found else within):
                found.append(self._pipe.recv())
        except EOFError:
            if not found:
                raise
        return found

    def fileno(self) -> int:
        """For `any_of`."""
        return self._pipe.fileno()

    def stop(self, within: float = 10.0) -> None:
        """Ends the process: by closing the pipe and, if it is still there, by force."""
        self._pipe.close()
        self._process.join(within)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


def any_of(children: list[Child], within: float) -> list[Child]:
    """Those that have reports to read, waiting `within` seconds for the first."""
    by_file = {child.fileno(): child for child in children}
    return [by_file[file] for file in wait(list(by_file), within) if isinstance(file, int)]


def most_files() -> int:
    """Raises this process's limit of open files as far as it may, and gives it."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def processes_for(sockets: int, least: int = 1) -> int:
    """How many processes it takes to hold that many sockets."""
    return max(least, -(-sockets // (most_files() - SPARE_FILES)))


def _work(pipe: Pipe, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """The new process: the worker's loop, until the other end of the pipe is closed. Ctrl-C is the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    most_files()
    worker = make(pipe.send, *arguments)
    swarm: Swarm = worker.swarm

    def obey() -> None:
        try:
            command, given = pipe.recv()
        except (EOFError, ConnectionError):
            swarm.stop()
            return
        getattr(worker, command)(*given)

    swarm.watch(pipe.fileno(), obey)
    with contextlib.suppress(BrokenPipeError):  # whoever wanted the reports has gone
        swarm.run()
    swarm.close_all()
    os._exit(0)
