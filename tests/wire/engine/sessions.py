"""Bare Engine.IO clients: one that polls, one on a WebSocket. They answer pings unless asked not to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.wire.engine.echo import PATIENCE, Echo

SEPARATOR = "\x1e"
_TEXT = {"Content-Type": "text/plain;charset=UTF-8"}
Packet = str | bytes


@dataclass(frozen=True)
class Reply:
    """An HTTP response, read to its end. Status 0: the server ended the connection without one."""

    status: int
    text: str = ""
    kind: str = ""

    @property
    def packets(self) -> list[str]:
        return self.text.split(SEPARATOR)


class Http:
    """HTTP requests to one path of the server."""

    def __init__(self, echo: Echo, path: str) -> None:
        self.echo = echo
        self.path = path
        self._sent = asyncio.Event()
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(self._note)
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        self._client = aiohttp.ClientSession(trace_configs=[trace], timeout=timeout)

    async def request(self, method: str, query: str, body: Packet | None = None) -> Reply:
        url = self.echo.http(self.path, query)
        try:
            async with self._client.request(method, url, data=body, headers=_TEXT if body else None) as answer:
                return Reply(answer.status, (await answer.read()).decode(), answer.headers.get("content-type", ""))
        except aiohttp.ClientConnectionError:
            return Reply(0)

    async def waiting(self, method: str, query: str) -> "asyncio.Task[Reply]":
        """Sends a request and returns once the server has it, whether or not it has answered."""
        self._sent.clear()
        task = asyncio.create_task(self.request(method, query))
        await self._sent.wait()
        # The server takes what came in turn: when it answers a later request on a new connection, it has the earlier.
        # Behind a balancer it may have to be carried on to another node first, which takes longer than one answer.
        for _ in range(10):
            async with aiohttp.ClientSession() as other, other.get(self.echo.http("/engine.io/", "EIO=3")) as answer:
                await answer.read()
        return task

    async def close(self) -> None:
        await self._client.close()

    async def _note(self, *_: SimpleNamespace | aiohttp.ClientSession | object) -> None:
        self._sent.set()


@dataclass
class Poller:
    """A session by long-polling. `handshake` is what the open packet said."""

    http: Http
    handshake: dict[str, Any]
    _received: list[str] = field(default_factory=list)

    @property
    def sid(self) -> str:
        sid: str = self.handshake["sid"]
        return sid

    @property
    def query(self) -> str:
        return f"EIO=4&transport=polling&sid={self.sid}"

    async def get(self) -> Reply:
        return await self.http.request("GET", self.query)

    async def post(self, body: Packet) -> Reply:
        return await self.http.request("POST", self.query, body)

    async def waiting(self) -> "asyncio.Task[Reply]":
        """A poll that the server has, answered or not."""
        return await self.http.waiting("GET", self.query)

    async def receive(self, count: int = 1) -> list[str]:
        """The next packets that aren't pings, over as many polls as it takes."""
        async with asyncio.timeout(PATIENCE):
            while len(self._received) < count:
                reply = await self.get()
                assert reply.status == 200, reply
                await self.take(reply)
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    async def take(self, reply: Reply) -> None:
        """Keeps what a poll brought for `receive`, and answers a ping in it."""
        if "2" in reply.packets:
            assert (await self.post("3")).status == 200
        self._received += [packet for packet in reply.packets if packet != "2"]


@asynccontextmanager
async def polling(echo: Echo, path: str) -> AsyncIterator[Poller]:
    """A new session by long-polling."""
    http = Http(echo, path)
    try:
        reply = await http.request("GET", "EIO=4&transport=polling")
        assert reply.status == 200, reply
        assert reply.text.startswith("0{"), reply
        yield Poller(http, json.loads(reply.text[1:]))
    finally:
        await http.close()


@dataclass
class Wire:
    """An Engine.IO WebSocket. `handshake` is what the open packet said, if it was read."""

    socket: ClientConnection
    handshake: dict[str, Any] = field(default_factory=dict)

    async def send(self, *packets: Packet) -> None:
        for packet in packets:
            await self.socket.send(packet)

    async def next(self) -> Packet:
        """The next packet, a ping too, and unanswered. Raises ConnectionClosed."""
        async with asyncio.timeout(PATIENCE):
            packet: Packet = await self.socket.recv()
            return packet

    async def receive(self) -> Packet:
        """The next packet that isn't a ping. Raises ConnectionClosed."""
        async with asyncio.timeout(PATIENCE):
            while (packet := await self.next()) == "2":
                await self.socket.send("3")
            return packet

    async def ended(self) -> int | None:
        """Reads whatever still comes; the code that the server closes with, None if it just ends."""
        try:
            while True:
                await self.next()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd is not None else None

    async def closed(self) -> None:
        """Waits for the server to close, answering its pings; fails on any other packet."""
        try:
            packet = await self.receive()
        except ConnectionClosed:
            return
        raise AssertionError(f"still open, and sent {packet!r}")


def upgrade_query(sid: str) -> str:
    return f"EIO=4&transport=websocket&sid={sid}"


@asynccontextmanager
async def websocket(echo: Echo, path: str, query: str = "EIO=4&transport=websocket") -> AsyncIterator[Wire]:
    """A WebSocket with this query, nothing read of it yet."""
    async with connect(echo.ws(path, query), ping_interval=None, max_size=None) as socket:
        yield Wire(socket)


@asynccontextmanager
async def opened(echo: Echo, path: str) -> AsyncIterator[Wire]:
    """A new session by WebSocket, its open packet read."""
    async with websocket(echo, path) as wire:
        first = await wire.receive()
        assert isinstance(first, str)
        assert first.startswith("0{")
        wire.handshake = json.loads(first[1:])
        yield wire


async def refused(echo: Echo, path: str, query: str) -> None:
    """Asserts that a WebSocket with this query is refused, by HTTP or by closing it unused."""
    try:
        async with websocket(echo, path, query) as wire:
            await wire.closed()
    except InvalidHandshake:
        return


async def greet(poller: Poller, path: str) -> None:
    """Joins the main namespace on Socket.IO's path, so that the connect timeout is none of the case's concern."""
    if path == "/socket.io/":
        await poller.post("40")
        await poller.receive(2)


async def stay(wire: Wire, path: str) -> None:
    """As `greet`, by WebSocket."""
    if path == "/socket.io/":
        await wire.send("40")
        await wire.receive()
        assert await wire.receive() == '42["auth",{}]'


async def alive(wire: Wire, path: str) -> None:
    """Asserts that the session behind a WebSocket works: it echoes, or joins a namespace for a moment."""
    if path == "/engine.io/":
        await wire.send("4still there?")
        assert await wire.receive() == "4still there?"
        return
    await wire.send("40/custom,")
    connected, auth = await wire.receive(), await wire.receive()
    assert isinstance(connected, str)
    assert connected.startswith("40/custom,{")
    assert auth == '42/custom,["auth",{}]'
    await wire.send("41/custom,")
