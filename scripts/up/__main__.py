"""`make up` and `make down`: the scaled mode on this machine.

PostgreSQL, a Redis Cluster of three masters and three replicas (or one Redis), then what the Procfile says: `release`
once, some of `web` on one port, `relay` and `worker`. Everything listens on 127.0.0.1 only. Whatever dies is started
again, so that one can kill what one likes; Ctrl-C or `make down` ends it all. PostgreSQL's data stay in the folder.
"""

import asyncio
import fcntl
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from honcho.environ import expand_processes, parse_procfile

from backend.settings_source import kept_secret
from loadtests.redis_cluster import HOST
from scripts.up.keeper import Failed, Job, Keeper
from scripts.up.servers import postgres, servers_of_redis

ROOT = Path(__file__).parents[2]
DOWN_SECONDS = 60.0
_READY = {"web": "Spirit Tours live:"}
_WIDTH = len("postgres")

Folder = Annotated[Path, typer.Option(help="Where data are kept.")]
app = typer.Typer(add_completion=False, help=__doc__)


@dataclass(frozen=True)
class Plan:
    """What to run; `numbers` are how many of each of the Procfile's processes."""

    folder: Path
    port: int
    masters: int
    numbers: dict[str, int]


@app.command()
def up(
    folder: Folder,
    port: int = 8000,
    web: int = 3,
    relay: int = 2,
    worker: int = 2,
    masters: Annotated[int, typer.Option(help="Masters of the Redis Cluster, at least 3; 1 is a plain Redis.")] = 3,
) -> None:
    """Starts all of it and shows its logs until Ctrl-C."""
    folder.mkdir(parents=True, exist_ok=True)
    folder = folder.resolve()
    try:
        with _alone(folder, os.getpid()):
            _refuse_taken(port)
            plan = Plan(folder, port, masters, {"web": web, "relay": relay, "worker": worker})
            asyncio.run(_until_told(plan))
    except Failed as failure:
        sys.stderr.write(f"make up: {failure}\n")
        raise typer.Exit(1) from None


@app.command()
def down(folder: Folder) -> None:
    """Ends what `up` started, also from another terminal; returns when nothing of it is left."""
    deadline = time.monotonic() + DOWN_SECONDS
    told: set[int] = set()
    while time.monotonic() < deadline:
        try:
            with _alone(folder, 0):
                if not any(map(_is_there, told)):
                    return
        except Failed:
            pid = int((folder / "pid").read_text() or 0)
            if pid and pid not in told:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
                told.add(pid)
        except FileNotFoundError:
            return
        time.sleep(0.1)
    sys.stderr.write(f"make down: still running after {DOWN_SECONDS:.0f} s\n")
    raise typer.Exit(1)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _alone(folder: Path, pid: int) -> Iterator[None]:
    """For the block, nobody else runs it in the folder; `pid` is whom to tell to end it. Raises Failed."""
    with (folder / "pid").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"it is running already in {folder}; `make down` ends it") from None
        file.truncate(0)
        file.write(str(pid))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _refuse_taken(port: int) -> None:
    """The nodes share the port with each other, but with nobody else."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as wrong:
            raise Failed(
                f"cannot listen on {HOST}:{port}: {wrong.strerror}; choose another: make up PORT=..."
            ) from None


async def _until_told(plan: Plan) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    keeper = Keeper(_WIDTH)
    starting = asyncio.create_task(_start(keeper, plan))
    waiting = asyncio.create_task(told.wait())
    try:
        await asyncio.wait((starting, waiting), return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            await waiting
    finally:
        starting.cancel()
        await asyncio.wait((starting,))
        await keeper.stop()


async def _start(keeper: Keeper, plan: Plan) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
    database, database_url = await asyncio.to_thread(postgres, plan.folder, environment)
    redis = servers_of_redis(plan.folder, plan.masters, environment)
    await keeper.start(database, *redis.jobs)
    await asyncio.to_thread(redis.form)
    environment |= {
        "SPIRIT_DATA": str(plan.folder),
        "SPIRIT_DATABASE_URL": database_url,
        "SPIRIT_BROKER_URL": redis.url,
        "SPIRIT_JWT_SECRET": kept_secret(plan.folder).reveal(),
        "SPIRIT_HOST": HOST,
        "SPIRIT_PORT": str(plan.port),
        "SPIRIT_REUSE_PORT": "1",
        "SPIRIT_DEMO": os.environ.get("SPIRIT_DEMO", "1"),
    }
    procfile = parse_procfile((ROOT / "Procfile").read_text()).processes
    release = procfile.pop("release")
    await keeper.run(Job(name="release", command=shlex.split(release), environment=environment))
    jobs = [
        Job(name=one.name, command=shlex.split(one.cmd), environment=one.env, ready=_READY.get(kind, ""))
        for one in expand_processes(procfile, plan.numbers, environment)
        for kind in one.name.split(".")[:1]
    ]
    nodes = [job for job in jobs if job.ready]
    await keeper.start(*nodes[:1], *(job for job in jobs if not job.ready))  # the first makes the demo's data
    await keeper.start(*nodes[1:])
    keeper.say(f"{len(nodes)} nodes on http://{HOST}:{plan.port}, operations on /ops. Ctrl-C or `make down` ends it.")


if __name__ == "__main__":
    os.chdir(ROOT)
    app()
