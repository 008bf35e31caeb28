"""A `SocketServer` behind a port of its own, and clients of it: python-socketio's, and bare ones on a WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import socketio
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from realtime import serving
from realtime.server import SocketServer
from tests.support.net import listening
from tests.support.wait import until

PATIENCE = 10.0


class _Uvicorn(uvicorn.Server):
    """uvicorn without its signal handlers: the process is the tests'."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass
class Served:
    """A running server. `stop` is what SIGTERM does."""

    server: SocketServer
    port: int
    uvicorn: uvicorn.Server
    running: "asyncio.Task[None]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def stop(self) -> None:
        self.uvicorn.should_exit = True
        await self.running

    @asynccontextmanager
    async def client(self, *namespaces: str, auth: Any = None, **options: Any) -> AsyncIterator["Client"]:
        """python-socketio's client, connected."""
        transports = options.pop("transports", ["websocket"])
        client = Client(socketio.AsyncClient(reconnection=False, **options), namespaces or ("/",))
        await client.socket.connect(
            self.url, auth=auth, namespaces=list(client.namespaces), transports=transports, wait_timeout=PATIENCE
        )
        try:
            yield client
        finally:
            await client.socket.disconnect()

    @asynccontextmanager
    async def raw(self, *packets: str) -> AsyncIterator["Raw"]:
        """A bare connection that has sent these Socket.IO packets."""
        address = f"ws://127.0.0.1:{self.port}/socket.io/?EIO=4&transport=websocket"
        async with connect(address, ping_interval=None, max_size=None, compression=None) as socket:
            raw = Raw(socket)
            opened = await raw.packet()
            assert isinstance(opened, str)
            raw.eio_sid = json.loads(opened[1:])["sid"]
            await raw.send(*packets)
            yield raw


@dataclass
class Raw:
    socket: ClientConnection
    eio_sid: str = ""

    async def send(self, *packets: str | bytes) -> None:
        for packet in packets:
            await self.socket.send("4" + packet if isinstance(packet, str) else packet)

    async def packet(self) -> str | bytes:
        """The next of Engine.IO's packets."""
        async with asyncio.timeout(PATIENCE):
            received: str | bytes = await self.socket.recv()
            return received

    async def next(self) -> str:
        """The next of Socket.IO's packets; a ping is answered."""
        while (packet := await self.packet()) == "2":
            await self.socket.send("3")
        assert isinstance(packet, str)
        assert packet[0] == "4"
        return packet[1:]

    async def connected(self, namespace: str = "/") -> str:
        """The sid that the server's CONNECT tells, which has to be what comes next."""
        head = "0" if namespace == "/" else f"0{namespace},"
        packet = await self.next()
        assert packet.startswith(head + "{"), packet
        sid: str = json.loads(packet[len(head) :])["sid"]
        return sid

    async def nothing(self) -> None:
        """Asserts that nothing more has been sent than what was received."""
        await self.socket.send("4" + '2["is that all?"]')
        assert await self.next() == '2["that is all"]'

    async def closed(self) -> int:
        """The code that the server closes with."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        assert self.socket.close_code is not None
        return self.socket.close_code


@dataclass
class Client:
    """python-socketio's, with all it was sent in `heard`."""

    socket: socketio.AsyncClient
    namespaces: tuple[str, ...]
    heard: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for namespace in self.namespaces:
            self.socket.on("*", self._hear, namespace=namespace)

    async def _hear(self, event: str, *arguments: Any) -> Any:
        self.heard.append((event, *arguments))
        return arguments

    def heard_last(self, *event: Any) -> bool:
        return self.heard[-1:] == [event]

    def sid(self, namespace: str = "/") -> str:
        sid: str = self.socket.get_sid(namespace)
        return sid

    async def hears(self, *expected: tuple[Any, ...]) -> None:
        """Waits for these events; they have to be all that came, in this order."""
        await until(lambda: len(self.heard) >= len(expected), what=f"{expected}")
        heard, self.heard = self.heard, []
        assert heard == list(expected)


@asynccontextmanager
async def served(server: SocketServer) -> AsyncIterator[Served]:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await server.eio.handle_request(scope, receive, send)

    with listening() as socket:
        config = serving.config(app, engines={"/socket.io/": server.eio}, host="127.0.0.1", port=0, proxies=[])
        running = _Uvicorn(config)
        task = asyncio.create_task(running.serve(sockets=[socket]))
        await until(lambda: running.started, what="the server answers")
        one = Served(server, socket.getsockname()[1], running, task)
        try:
            yield one
        finally:
            await one.stop()
            await server.shutdown()


def make(**options: Any) -> SocketServer:
    """A server with a way to ask whether that was all."""
    server = SocketServer(cors_allowed_origins="*", **options)

    async def that_is_all(sid: str) -> None:
        await server.emit("that is all", to=sid)

    server.on("is that all?", that_is_all)
    return server
