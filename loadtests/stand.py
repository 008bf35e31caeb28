"""The stand: a whole deployment on this machine to drive load at, and nothing left of it afterwards.

PostgreSQL, Redis, migrations, some web nodes, the relay and the worker, as the Procfile runs them. There is no load
balancer: clients choose a node themselves. `python -m loadtests.stand --nodes 3` runs one until Ctrl-C.
"""

import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from loadtests.processes import most_files
from loadtests.servers import folder, free_port, postgres, process, redis, wait_ready

ROOT = Path(__file__).parents[1]


@dataclass
class Node:
    """A web node on its port; killed and started again, it keeps the port."""

    port: int
    process: "subprocess.Popen[bytes]"


@dataclass
class Stand:
    """A running deployment. `pids` are its processes by kind, the nodes' as they are now."""

    environment: Mapping[str, str]
    logs: Path
    nodes: list[Node] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)
    kept: ExitStack = field(default_factory=ExitStack)

    @property
    def secret(self) -> str:
        return self.environment["SPIRIT_JWT_SECRET"]

    @property
    def database_url(self) -> str:
        return self.environment["SPIRIT_DATABASE_URL"]

    @property
    def urls(self) -> list[str]:
        return [f"http://127.0.0.1:{node.port}" for node in self.nodes]

    def pids(self) -> dict[str, list[int]]:
        alive = [node.process.pid for node in self.nodes if node.process.poll() is None]
        return {"nodes": alive, **{name: [pid] for name, pid in self.others.items()}}

    def kill(self, index: int) -> None:
        """Ends a node at once: kill -9."""
        self.nodes[index].process.kill()
        self.nodes[index].process.wait()

    def start(self, index: int) -> None:
        """Starts a node that was killed, as whatever watches over it in production would; does not wait."""
        self.nodes[index].process = self.run("realtime", port=self.nodes[index].port)

    def run(self, module: str, *arguments: str, port: int = 0) -> "subprocess.Popen[bytes]":
        """Starts one of the product's processes; it ends with the stand at the latest."""
        environment = {**self.environment, "SPIRIT_PORT": str(port)}
        command = [sys.executable, "-m", module, *arguments]
        log = self.logs / f"{module}-{arguments[0] if arguments else port}.log"
        return self.kept.enter_context(process(command, log, environment=environment))


@contextmanager
def stand(nodes: int, settings: Mapping[str, str] | None = None) -> Iterator[Stand]:
    """Runs a deployment for the length of the block. `settings` are further SPIRIT_ variables.

    Raises:
        NotReady: with what the server that failed has said.
    """
    most_files()
    with ExitStack() as kept:
        logs = kept.enter_context(folder("stand"))
        database, postgres_pid = kept.enter_context(postgres())
        broker, redis_pid = kept.enter_context(redis())
        environment = _environment(logs, database, broker, settings or {})
        _migrate(environment)
        built = Stand(environment, logs, others={"postgres": postgres_pid, "redis": redis_pid})
        kept.push(built.kept)
        for role in ("relay", "worker"):
            built.others[role] = built.run("workers", "run" if role == "worker" else role).pid
        for _ in range(nodes):
            port = free_port()
            built.nodes.append(Node(port, built.run("realtime", port=port)))
        for node, url in zip(built.nodes, built.urls, strict=True):
            wait_ready(node.process, partial(serves, url), logs / f"realtime-{node.port}.log")
        kept.callback(_tell_all_to_stop, built)
        yield built


def _tell_all_to_stop(built: Stand) -> None:
    """So that they stop side by side, not one after the other."""
    for pid in (*built.pids()["nodes"], built.others["relay"], built.others["worker"]):
        os.kill(pid, signal.SIGTERM)


def stop_as_by_ctrl_c() -> None:
    """Has SIGTERM end this process in order, too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def serves(url: str) -> bool:
    """Whether a node says that it is ready."""
    try:
        with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:  # noqa: S310 - an address we were given
            return bool(answer.status == 200)
    except OSError:
        return False


def _environment(data: Path, database: str, broker: str, settings: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPIRIT_")}
    return {
        **inherited,
        "PYTHONPATH": str(ROOT),
        "SPIRIT_DATA": str(data),
        "SPIRIT_DATABASE_URL": database,
        "SPIRIT_BROKER_URL": broker,
        "SPIRIT_JWT_SECRET": secrets.token_urlsafe(32),
        "SPIRIT_LOG_LEVEL": "warning",
        # A crowd comes from a few addresses of this machine.
        "SPIRIT_CONNECT_RATE": "0",
        **settings,
    }


def _migrate(environment: Mapping[str, str]) -> None:
    command = [sys.executable, "-m", "backend.adapters.db.migrate"]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def main(nodes: Annotated[int, typer.Option(help="How many web nodes.")] = 1) -> None:
    """Runs a deployment until Ctrl-C, and prints what is needed to use it."""
    stop_as_by_ctrl_c()
    with stand(nodes) as running:
        for name in ("SPIRIT_DATABASE_URL", "SPIRIT_BROKER_URL", "SPIRIT_JWT_SECRET"):
            typer.echo(f"export {name}={running.environment[name]}")
        typer.echo("\n".join(running.urls))
        try:
            signal.pause()
        except KeyboardInterrupt:
            typer.echo("stopping")


if __name__ == "__main__":
    typer.run(main)
