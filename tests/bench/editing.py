"""Authors who edit a quotation each over real sockets, and a colleague who watches all of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import socketio

AUTHOR, WATCHER, PASSWORD = "ana@andes.demo", "bruno@andes.demo", "demo"
UNLIMITED = {"command_rate": 1_000_000, "command_burst": 1_000_000}

Edit = tuple[str, str]
"""A quotation and the text that an edit wrote into it."""


@dataclass
class Times:
    """Moments of one run: how long each command took, in seconds; when each edit was acked and arrived, on the
    process's clock."""

    commands: list[float] = field(default_factory=list)
    acked: dict[Edit, float] = field(default_factory=dict)
    arrived: dict[Edit, float] = field(default_factory=dict)

    def deliveries(self) -> list[float]:
        """Seconds from each ack to its arrival."""
        return [at - self.acked[edit] for edit, at in self.arrived.items() if edit in self.acked]


@dataclass
class Author:
    """Edits one quotation, again and again."""

    socket: socketio.AsyncClient
    quotation: str
    version: int = 1

    async def edit(self, times: Times, due: float | None = None) -> None:
        """One edit; its time counts from when it was due, which is now if nothing else is said."""
        begun = due or time.perf_counter()
        text = f"{self.version}"
        changes = [{"field": "notes", "value": text}]
        edit = {"quotation_id": self.quotation, "base_version": self.version, "changes": changes}
        done = await call(self.socket, "quotation.edit", {**edit, "key": f"{self.quotation}-{text}"})
        self.version = done["version"]
        times.acked[self.quotation, text] = time.perf_counter()
        times.commands.append(times.acked[self.quotation, text] - begun)


@asynccontextmanager
async def editing(url: str, authors: int, times: Times | None = None) -> AsyncIterator[list[Author]]:
    """So many authors, each with a quotation; if `times` is given, a watcher notes in it what arrives."""
    token = await login(url, AUTHOR)
    sockets = [await connect(url, token) for _ in range(authors)]
    made = [Author(socket, await _create(socket)) for socket in sockets]
    if times is not None:
        sockets.append(await _watcher(url, [author.quotation for author in made], times))
    yield made
    for socket in sockets:
        await socket.disconnect()


async def at_full_speed(authors: Sequence[Author], seconds: float, times: Times) -> None:
    """Each edits as soon as its last edit is acked."""
    end = time.perf_counter() + seconds

    async def drive(author: Author) -> None:
        while time.perf_counter() < end:
            await author.edit(times)

    await asyncio.gather(*map(drive, authors))


async def login(url: str, email: str) -> str:
    credentials = {"email": email, "password": PASSWORD}
    async with aiohttp.ClientSession() as http, http.post(f"{url}/api/v1/auth/login", json=credentials) as answer:
        return str((await answer.json())["access_token"])


async def connect(url: str, token: str) -> socketio.AsyncClient:
    socket = socketio.AsyncClient(reconnection=False)
    await socket.connect(url, auth={"token": token}, transports=["websocket"], wait_timeout=30)
    return socket


async def call(socket: socketio.AsyncClient, command: str, payload: dict[str, Any]) -> dict[str, Any]:
    """A command's answer. Raises RuntimeError if it is refused."""
    ack = await socket.call(command, payload, timeout=30)
    if not ack["ok"]:
        raise RuntimeError(f"{command} was refused: {ack['error']}")
    data: dict[str, Any] = ack["data"]
    return data


async def _watcher(url: str, quotations: Sequence[str], times: Times) -> socketio.AsyncClient:
    def note(frame: dict[str, Any], *_: Any) -> None:
        edit = (frame["room"].removeprefix("quotation:"), frame["data"]["change"]["notes"])
        times.arrived[edit] = time.perf_counter()

    watcher = await connect(url, await login(url, WATCHER))
    watcher.on("quotation.edited", note)
    for quotation in quotations:
        await call(watcher, "room.join", {"room": f"quotation:{quotation}"})
    return watcher


async def _create(socket: socketio.AsyncClient) -> str:
    created = await call(socket, "quotation.create", {"title": "Measured", "key": f"create-{socket.get_sid()}"})
    return str(created["quotation"]["id"])
