"""Processes that never outlive this one: PostgreSQL and Redis on free ports, and the product's own.

Each is started with a signal that the kernel sends it when this process dies, however it dies. They have sessions of
their own, so Ctrl-C in the terminal comes here first and they are stopped in order.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

STOP_SECONDS = 15.0
_POSTGRES = {"max_connections": "200", "shared_buffers": "128MB", "listen_addresses": "127.0.0.1", "timezone": "UTC"}
_USER = "spirit"


class NotReady(RuntimeError):
    """A server did not come up; the message has the end of what it said."""


@contextmanager
def process(
    command: Sequence[str | Path],
    log: Path,
    *,
    ends_with: str = "TERM",
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a command until the block ends, its output in `log`. `ends_with` is the signal that ends it."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            ["setpriv", "--pdeathsig", ends_with, *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        stop(child, getattr(signal, f"SIG{ends_with}"))


def stop(child: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> None:
    """Ends a process in order; by force if it takes too long."""
    if child.poll() is None:
        child.send_signal(number)
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_ready(child: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path, within: float = 60.0) -> None:
    """Returns once `ready()` holds. Raises NotReady."""
    deadline = time.monotonic() + within
    while not ready():
        if child.poll() is not None or time.monotonic() > deadline:
            raise NotReady(f"{child.args!r} is not ready, and says:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.05)


@contextmanager
def folder(name: str, user: str | None = None) -> Iterator[Path]:
    """A short, private temporary folder, owned by `user`."""
    path = Path(tempfile.mkdtemp(prefix=f"spirit-{name}-"))
    if user is not None:
        shutil.chown(path, user, user)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def postgres() -> Iterator[tuple[str, int]]:
    """An empty database, with commits that reach the disk: its URL and the server's process id."""
    programs = _postgres_programs()
    user = "postgres" if os.geteuid() == 0 else None
    with folder("pg", user) as data:
        _initdb(programs, data / "data", user)
        port = free_port()
        settings = [f"-c{name}={value}" for name, value in _POSTGRES.items()]
        command: list[str | Path] = [programs / "postgres", "-D", data / "data", "-p", str(port), "-k", data, *settings]
        probe: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
        log = data / "log"
        log.touch()
        with process(command, log, ends_with="QUIT", user=user) as child:
            wait_ready(child, lambda: subprocess.run(probe, check=False).returncode == 0, log)
            yield f"postgresql://{_USER}@127.0.0.1:{port}/postgres", child.pid


@contextmanager
def redis() -> Iterator[tuple[str, int]]:
    """An empty Redis that keeps nothing: its URL and process id. Raises NotReady."""
    program = shutil.which("redis-server")
    if program is None:
        raise NotReady("Redis is not installed: apt-get install redis-server")
    with folder("redis") as data:
        port, log = free_port(), data / "log"
        options: list[str | Path] = [
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            data,
        ]
        with process([program, *options], log) as child:
            wait_ready(child, lambda: _answers(port), log)
            yield f"redis://127.0.0.1:{port}/0", child.pid


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _postgres_programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda programs: int(programs.parent.name))
    if not found:
        raise NotReady("PostgreSQL is not installed: apt-get install postgresql")
    return found[-1]


def _initdb(programs: Path, data: Path, user: str | None) -> None:
    options = ["--no-sync", "--no-locale", "--encoding=UTF8", "--auth=trust", f"--username={_USER}"]
    subprocess.run(
        [programs / "initdb", *options, "-D", data],
        check=True,
        capture_output=True,
        cwd=data.parent,
        user=user,
        group=user,
        extra_groups=[] if user else None,
    )
