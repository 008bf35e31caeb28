"""uvicorn as this server runs it: WebSockets of the engine, and a stop that tells the clients first [D10]."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_local_addr, get_remote_addr
from uvicorn.server import Server

from realtime.engine.server import Engine
from realtime.engine.websocket import websockets_of

STOP_SECONDS = 2.0
"""Time that requests under way have to end after the clients were told."""


class Http(HttpToolsProtocol):
    """uvicorn's, which asks for the peer's addresses as soon as it is connected.

    uvloop keeps them and a socket object with each connection from then on; most become WebSockets, which need none.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        self.connections.add(self)
        self.transport = transport
        self.flow = FlowControl(transport)
        self.scheme = "https" if self.config.is_ssl else "http"

    def on_headers_complete(self) -> None:
        if self.server is None and not self.parser.should_upgrade():
            self.server = get_local_addr(self.transport)
            self.client = get_remote_addr(self.transport)
            self.scope["server"] = self.server
            self.scope["client"] = self.client
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        super().handle_websocket_upgrade()
        # It and its parser know each other: left to the collector, thousands of them are freed at the worst moment.
        self.parser = None  # type: ignore[assignment]  # as uvicorn does once a connection is lost


class LiveUvicorn(Server):
    """Drains before it stops: at leisure on SIGTERM, at once on Ctrl-C.

    First `warn`, if any, says that it will, and may take its time; then the port is left, and `drain` sends everybody
    away. Each is told whether to hurry.
    """

    def __init__(
        self,
        config: Config,
        drain: Callable[[bool], Awaitable[None]],
        ready: Callable[[], None],
        warn: Callable[[bool], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(config)
        self._warn = warn
        self._drain = drain
        self._ready = ready
        self._hurry = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes signals through the loop, and raises none again afterwards: whoever runs this has cleaning up to do."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._hurry = self._hurry or sig == signal.SIGINT
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._warn is not None:
            await self._warn(self._hurry)
        for listening in sockets or []:
            listening.close()
        for server in self.servers:
            server.close()
        await self._drain(self._hurry)
        await super().shutdown(sockets)


def config(app: object, *, engines: Mapping[str, Engine], host: str, port: int, proxies: list[str]) -> Config:
    """uvicorn's configuration for the application, with the engine of each path that serves WebSockets."""
    return Config(
        app,  # type: ignore[arg-type]  # uvicorn's alias of ASGI applications is narrower than Starlette's
        host=host,
        port=port,
        loop="uvloop",
        http=Http,
        ws=websockets_of(engines),
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=int(STOP_SECONDS),
    )
