"""The whole product as real processes: embedded (SQLite, memory) or scaled (PostgreSQL, Redis)."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.net import free_port

ROOT = Path(__file__).parents[2]
_READY = b"Spirit Tours live: "
_SECRET = "a-secret-of-tests-that-is-long-enough"


@dataclass(frozen=True)
class Platform:
    """A running product. `relay` is None in the embedded mode, where the web process does its work.

    `environment` is what its processes run in, for a test that starts another; `worker` does what time makes due.
    """

    url: str
    web: subprocess.Popen[bytes]
    environment: Mapping[str, str]
    relay: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def processes(self) -> list[subprocess.Popen[bytes]]:
        return [one for one in (self.web, self.relay, self.worker) if one is not None]


@contextmanager
def embedded(folder: Path, **settings: object) -> Iterator[Platform]:
    """One process with its data in `folder`. Settings are named as in `backend.config`: `ping_interval=1`."""
    environment = _environment(folder, settings)
    with _web(folder, environment) as (url, web):
        yield Platform(url, web, environment)


@contextmanager
def scaled(folder: Path, database_url: str, broker_url: str, **settings: object) -> Iterator[Platform]:
    """Migrates the database, then runs the Procfile's processes, one of each."""
    given = {"database_url": database_url, "broker_url": broker_url, "jwt_secret": _SECRET, "demo": True}
    environment = _environment(folder, given | settings)
    subprocess.run([sys.executable, "-m", "backend.adapters.db.migrate"], cwd=ROOT, env=environment, check=True)
    with ExitStack() as stack:
        relay = stack.enter_context(process("workers", "relay", environment=environment, log=folder / "relay.log"))
        worker = stack.enter_context(process("workers", "worker", environment=environment, log=folder / "worker.log"))
        url, web = stack.enter_context(_web(folder, environment))
        yield Platform(url, web, environment, relay, worker)


@contextmanager
def another_node(platform: Platform, folder: Path, *, same_port: bool = False) -> Iterator[Platform]:
    """A web process more over the same database and broker, on a port of its own or on the same."""
    port = int(platform.url.rpartition(":")[2]) if same_port else None
    with _web(folder, platform.environment, port) as (url, web):
        yield Platform(url, web, platform.environment, platform.relay)


@contextmanager
def process(
    module: str, *arguments: str, environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a module of the product, as `child` does."""
    with child([sys.executable, "-m", module, *arguments], environment=environment, log=log) as running:
        yield running


@contextmanager
def child(command: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a command and ends it in order; the kernel ends it if this process is killed."""
    with log.open("ab") as output:
        started = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield started
    finally:
        _end(started)


@contextmanager
def _web(
    folder: Path, environment: Mapping[str, str], port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port, log = port or free_port(), folder / "web.log"
    told = log.read_bytes().count(_READY) if log.exists() else 0
    with process("realtime", environment={**environment, "SPIRIT_PORT": str(port)}, log=log) as web:
        url = f"http://127.0.0.1:{port}"
        _wait_ready(lambda: log.read_bytes().count(_READY) > told and _answers(f"{url}/readyz"), web, log)
        yield url, web


def _environment(folder: Path, settings: Mapping[str, object]) -> dict[str, str]:
    named = {f"SPIRIT_{name.upper()}": str(value) for name, value in settings.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPIRIT_")}
    return {**inherited, "SPIRIT_DATA": str(folder), **named}


def _wait_ready(ready: Callable[[], bool], web: subprocess.Popen[bytes], log: Path, within: float = 120.0) -> None:
    """Raises RuntimeError with the log's end if the server ends or isn't ready in time."""
    deadline = time.monotonic() + within
    while not ready():
        if web.poll() is not None or time.monotonic() > deadline:
            how = "is not ready" if web.returncode is None else f"ended with {web.returncode}"
            raise RuntimeError(f"the server {how}, and says:\n{log.read_text()[-4000:]}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except OSError:
        return False


def _end(running: subprocess.Popen[bytes], within: float = 15.0) -> None:
    running.send_signal(signal.SIGCONT)
    running.terminate()
    try:
        running.wait(within)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
