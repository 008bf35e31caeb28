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
from tests.support.nursery import KINDS, ROOT, Born, Nurseries

Running = subprocess.Popen[bytes] | Born
_READY = b"Spirit Tours live: "
_SECRET = "a-secret-of-tests-that-is-long-enough"


@dataclass(frozen=True)
class Platform:
    """A running product. `relay` is None in the embedded mode, where the web process does its work.

    `environment` is what its processes run in, for a test that starts another; `worker` does what time makes due.
    """

    url: str
    web: Running
    environment: Mapping[str, str]
    relay: Running | None = None
    worker: Running | None = None

    @property
    def processes(self) -> list[Running]:
        return [one for one in (self.web, self.relay, self.worker) if one is not None]


@contextmanager
def embedded(folder: Path, **settings: object) -> Iterator[Platform]:
    """One process with its data in `folder`. Settings are named as in `backend.config`: `ping_interval=1`."""
    environment = environment_of(folder, settings)
    with _web(folder, environment) as (url, web):
        yield Platform(url, web, environment)


@contextmanager
def scaled(folder: Path, database_url: str, broker_url: str, **settings: object) -> Iterator[Platform]:
    """Migrates the database, then runs the Procfile's processes, one of each."""
    given = {"database_url": database_url, "broker_url": broker_url, "jwt_secret": _SECRET, "demo": True}
    environment = environment_of(folder, given | settings)
    with ExitStack() as stack:
        migrating = process("migrate", environment=environment, log=folder / "migrate.log")
        if stack.enter_context(migrating).wait() != 0:
            raise RuntimeError((folder / "migrate.log").read_text())
        relay = stack.enter_context(process("workers", "relay", environment=environment, log=folder / "relay.log"))
        worker = stack.enter_context(process("workers", "run", environment=environment, log=folder / "worker.log"))
        url, web = stack.enter_context(_web(folder, environment))
        yield Platform(url, web, environment, relay, worker)


@contextmanager
def another_node(platform: Platform, folder: Path, *, same_port: bool = False) -> Iterator[Platform]:
    """A web process more over the same database and broker, on a port of its own or on the same."""
    port = int(platform.url.rpartition(":")[2]) if same_port else None
    with _web(folder, platform.environment, port) as (url, web):
        yield Platform(url, web, platform.environment, platform.relay)


@contextmanager
def from_nurseries() -> Iterator[None]:
    """For the block, processes of the product are forked from nurseries."""
    with Nurseries() as Nurseries.in_use:
        yield
    Nurseries.in_use = None


@contextmanager
def process(kind: str, *arguments: str, environment: Mapping[str, str], log: Path) -> Iterator[Running]:
    """Runs a process of the product, of one of `nursery.KINDS`, as `child` does."""
    if Nurseries.in_use is None:
        module = KINDS[kind].module.removesuffix(".__main__")
        with child([sys.executable, "-m", module, *arguments], environment=environment, log=log) as running:
            yield running
        return
    born = Nurseries.in_use[kind].start(environment, arguments, log)
    try:
        yield born
    finally:
        _end(born)


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
def _web(folder: Path, environment: Mapping[str, str], port: int | None = None) -> Iterator[tuple[str, Running]]:
    port, log = port or free_port(), folder / "web.log"
    told = log.read_bytes().count(_READY) if log.exists() else 0
    kind = "node" if "SPIRIT_DATABASE_URL" in environment else "embedded"
    with process(kind, environment={**environment, "SPIRIT_PORT": str(port)}, log=log) as web:
        url = f"http://127.0.0.1:{port}"
        _wait_ready(lambda: log.read_bytes().count(_READY) > told and _answers(f"{url}/readyz"), web, log)
        yield url, web


def environment_of(folder: Path, settings: Mapping[str, object]) -> dict[str, str]:
    """What a process of the product runs in, with its data in `folder`. Settings are named as in `backend.config`."""
    named = {f"SPIRIT_{name.upper()}": str(value) for name, value in settings.items()}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPIRIT_")}
    return {**inherited, "SPIRIT_DATA": str(folder), **named}


def _wait_ready(ready: Callable[[], bool], web: Running, log: Path, within: float = 120.0) -> None:
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


def _end(running: Running, within: float = 15.0) -> None:
    running.send_signal(signal.SIGCONT)
    running.terminate()
    try:
        running.wait(within)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
