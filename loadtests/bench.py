"""Commands per second and commit-to-delivery, over real sockets, on both databases.

Run by `make bench`. Authors edit a quotation each, one command after the other's ack; a colleague who watches all of
them notes when each edit arrives. The clients share the machine with the servers, so read the numbers as a floor.
"""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import socketio
import typer

from tests.fixtures.postgres import postgres
from tests.fixtures.redis import RedisServer
from tests.support.platform import embedded, scaled
from tests.support.wait import until

AUTHOR, WATCHER, PASSWORD = "ana@andes.demo", "bruno@andes.demo", "demo"
UNLIMITED = {"command_rate": 1_000_000, "command_burst": 1_000_000}


@dataclass
class Times:
    """Moments of one run in seconds: how long each command took, and each delivery after its ack."""

    commands: list[float] = field(default_factory=list)
    acked: dict[tuple[str, str], float] = field(default_factory=dict)
    arrived: dict[tuple[str, str], float] = field(default_factory=dict)

    def deliveries(self) -> list[float]:
        return [at - self.acked[edit] for edit, at in self.arrived.items() if edit in self.acked]


def main(authors: int = 20, seconds: float = 10.0) -> None:
    """Print a table of both ways to run."""
    typer.echo("| stack | commands/s | command p50 / p99 ms | ack to delivery p50 / p99 ms | delivered |")
    typer.echo("|---|---|---|---|---|")
    for name, stack in (("SQLite, memory", _embedded), ("PostgreSQL, Redis", _scaled)):
        with stack() as url:
            typer.echo(_row(name, asyncio.run(_measure(url, authors, seconds)), seconds))


@contextmanager
def _embedded() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder), **UNLIMITED) as platform:
        yield platform.url


@contextmanager
def _scaled() -> Iterator[str]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres())
        database = server.url(stack.enter_context(server.database()))
        redis = RedisServer()
        redis.start()
        stack.callback(redis.stop)
        yield stack.enter_context(scaled(folder, database, redis.url, **UNLIMITED)).url


async def _measure(url: str, authors: int, seconds: float) -> Times:
    times = Times()
    tokens = [await _login(url, email) for email in (AUTHOR, WATCHER)]
    sockets = [await _connect(url, tokens[0]) for _ in range(authors)]
    watcher = await _connect(url, tokens[1])
    watcher.on("quotation.edited", lambda frame, *_: _note(times, frame))
    quotations = [await _create(socket) for socket in sockets]
    for quotation in quotations:
        await _call(watcher, "room.join", {"room": f"quotation:{quotation}"})
    end = time.perf_counter() + seconds
    await asyncio.gather(*(_edit(socket, one, times, end) for socket, one in zip(sockets, quotations, strict=True)))
    await _settle(times)
    for socket in (*sockets, watcher):
        await socket.disconnect()
    return times


async def _edit(socket: socketio.AsyncClient, quotation: str, times: Times, end: float) -> None:
    version, count = 1, 0
    while (begun := time.perf_counter()) < end:
        count += 1
        changes = [{"field": "notes", "value": str(count)}]
        edit = {"quotation_id": quotation, "base_version": version, "changes": changes, "key": f"{quotation}-{count}"}
        version = (await _call(socket, "quotation.edit", edit))["version"]
        times.acked[quotation, str(count)] = time.perf_counter()
        times.commands.append(times.acked[quotation, str(count)] - begun)


def _note(times: Times, frame: dict[str, Any]) -> None:
    edit = (frame["room"].removeprefix("quotation:"), frame["data"]["change"]["notes"])
    times.arrived[edit] = time.perf_counter()


async def _settle(times: Times, within: float = 10.0) -> None:
    """Waits for what is still on its way; what hasn't come by then counts as undelivered in the table."""
    with contextlib.suppress(AssertionError):
        await until(lambda: len(times.arrived) >= len(times.acked), within=within)


async def _login(url: str, email: str) -> str:
    credentials = {"email": email, "password": PASSWORD}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/api/v1/auth/login", json=credentials) as answer:
        return str((await answer.json())["access_token"])


async def _connect(url: str, token: str) -> socketio.AsyncClient:
    socket = socketio.AsyncClient(reconnection=False)
    await socket.connect(url, auth={"token": token}, transports=["websocket"])
    return socket


async def _create(socket: socketio.AsyncClient) -> str:
    created = await _call(socket, "quotation.create", {"title": "Measured", "key": f"create-{socket.get_sid()}"})
    return str(created["quotation"]["id"])


async def _call(socket: socketio.AsyncClient, command: str, payload: dict[str, Any]) -> dict[str, Any]:
    ack = await socket.call(command, payload, timeout=30)
    if not ack["ok"]:
        raise RuntimeError(f"{command} was refused: {ack['error']}")
    data: dict[str, Any] = ack["data"]
    return data


def _row(name: str, times: Times, seconds: float) -> str:
    rate = len(times.commands) / seconds
    share = f"{len(times.arrived)} of {len(times.acked)}"
    return f"| {name} | {rate:.0f} | {_spread(times.commands)} | {_spread(times.deliveries())} | {share} |"


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return "–"
    cuts = statistics.quantiles(values, n=100)
    return f"{cuts[49] * 1000:.1f} / {cuts[98] * 1000:.1f}"


if __name__ == "__main__":
    typer.run(main)
