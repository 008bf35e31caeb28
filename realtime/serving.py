"""uvicorn as this server runs it: WebSockets that can be cut, and a stop that tells the clients first [D10]."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

STOP_SECONDS = 2.0
"""Time that requests under way have to end after the clients were told."""


class CuttableWebSocket(WebSocketsSansIOProtocol):
    """Gives the application, in the scope's state, the means to cut a connection whose peer does not read."""

    async def run_asgi(self) -> None:
        self.scope["state"]["cut"] = self.transport.abort
        await super().run_asgi()


class LiveUvicorn(uvicorn.Server):
    """Drains before it stops: at leisure on SIGTERM, at once on Ctrl-C."""

    def __init__(self, config: uvicorn.Config, drain: Callable[[bool], Awaitable[None]], ready: Callable[[], None]):
        super().__init__(config)
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
        for listening in sockets or []:
            listening.close()
        for server in self.servers:
            server.close()
        await self._drain(self._hurry)
        await super().shutdown(sockets)


def config(app: object, *, host: str, port: int, max_message: int, proxies: list[str]) -> uvicorn.Config:
    """uvicorn's configuration for the application."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's alias of ASGI applications is narrower than Starlette's
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws=CuttableWebSocket,
        ws_max_size=max_message,
        ws_ping_interval=None,
        ws_ping_timeout=None,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=proxies,
        timeout_graceful_shutdown=int(STOP_SECONDS),
    )
