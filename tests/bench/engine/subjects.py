"""The servers as processes: started on a core of their own, asked by the kernel what they take."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Flag, auto
from pathlib import Path

ROOT = Path(__file__).parents[3]
SERVERS = Path(__file__).parent / "servers"
PATIENCE = 30.0
"""Seconds that a server has to start and to end."""


class Can(Flag):
    """What of the measures a server takes part in."""

    FAN_OUT = auto()
    CONNECTIONS = auto()
    TOKENS = auto()
    COMMANDS = auto()
    ALL = FAN_OUT | CONNECTIONS | TOKENS | COMMANDS


@dataclass(frozen=True)
class Subject:
    """A server to measure; `command` is followed by its secret."""

    name: str
    command: tuple[str, ...]
    can: Can = Can.ALL


@dataclass(frozen=True)
class Server:
    """One that runs. Its tokens are signed with `secret`."""

    subject: Subject
    pid: int
    port: int
    control: int
    secret: str

    def cpu_seconds(self) -> tuple[float, float]:
        """Processor time that it has used, and time in which it could have gone on but others had its core."""
        threads = Path(f"/proc/{self.pid}/task").iterdir()
        times = [(thread / "schedstat").read_text().split() for thread in threads]
        return sum(int(time[0]) for time in times) / 1e9, sum(int(time[1]) for time in times) / 1e9

    def resident_kb(self) -> int:
        """Memory that it has in RAM, in KB of 1,024 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


@dataclass(frozen=True)
class Cores:
    """Which cores the server and the generator have; None on a machine with one."""

    server: int | None
    generator: int | None


def cores() -> Cores:
    found = sorted(os.sched_getaffinity(0))
    return Cores(found[0], found[1]) if len(found) > 1 else Cores(None, None)


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Keeps this process on a core for a block."""
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _python(name: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"tests.bench.engine.servers.{name}")


def subjects() -> tuple[list[Subject], list[str]]:
    """All that can run here, the yardstick last, and a line for each that can't."""
    found, missing = [Subject("ours", _python("ours")), Subject("stock python-socketio", _python("stock"))], []
    node = shutil.which("node", path=f"{ROOT}/.tools/bin:{os.environ['PATH']}")
    if node and (SERVERS / "node/node_modules/socket.io").exists():
        found.append(Subject("Node socket.io", (node, str(SERVERS / "node/server.mjs"))))
    else:
        missing.append("Node socket.io is left out: it is not installed here.")
    return [*found, Subject("bare send() loop", _python("bare"), Can.FAN_OUT | Can.CONNECTIONS)], missing


@contextmanager
def running(subject: Subject, core: int | None) -> Iterator[Server]:
    """Starts a server, and kills it at the end: it has nothing to lose. The kernel does so if this process dies."""
    secret = secrets.token_hex(32)
    pinned = ("taskset", "-c", str(core)) if core is not None else ()
    command = ("setpriv", "--pdeathsig", "KILL", *pinned, *subject.command, secret)
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert process.stdout
    try:
        line = process.stdout.readline()
        if not line:
            raise RuntimeError(f"{subject.name} did not start: it ended with {process.wait(PATIENCE)}")
        ports = json.loads(line)
        yield Server(subject, process.pid, ports["port"], ports["control"], secret)
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()
