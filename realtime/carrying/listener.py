"""Where the other nodes bring what they carry: HTTP and WebSockets of the engines, and nothing else.

Who brings something without a node's seal is refused. What is brought is answered here or not at all: it was meant for
this node, and is carried no further.
"""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

import uvicorn
from uvicorn.server import ServerState

from realtime.carrying import seals
from realtime.carrying.peers import Address
from realtime.engine import polling
from realtime.engine.elsewhere import Foreign, Receive, Scope, Send
from realtime.engine.handshake import Request, forbidden, read_request
from realtime.engine.server import Engine
from realtime.engine.websocket import WebSocket
from realtime.serving import Http

RELEASE: Final = "NOTIFY"
"""The method by which a node that stops asks for the answer to a poll that it carries."""
LAST_SECONDS: Final = 1.0
"""Time that answers have to leave once the listening is over."""

_JSON: Final = (b"content-type", b"application/json")


class Listener:
    """Listens for the other nodes, who share its key of seals."""

    def __init__(self, engines: Mapping[str, Engine], key: bytes) -> None:
        self._engines = engines
        self._key = key
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def start(self, address: Address) -> Address:
        """Listens; the address that it has come to be, where port 0 takes a free one. Raises OSError."""
        config = uvicorn.Config(
            self._answer,
            http=Http,
            ws=self._websocket,  # type: ignore[arg-type]  # called like the class that it returns
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
        )
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Http(config=config, server_state=self._state, app_state={}), address.host, address.port
        )
        return Address(address.host, self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Listens no more, and ends what is still under way once it had its time."""
        if self._server is not None:
            self._server.close()
        for connection in tuple(self._state.connections):
            connection.shutdown()
        loop = asyncio.get_running_loop()
        end = loop.time() + LAST_SECONDS
        while self._state.connections and loop.time() < end:  # noqa: ASYNC110 - uvicorn tells nobody of the last
            await asyncio.sleep(0.01)
        for task in tuple(self._state.tasks):
            task.cancel()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        origin = self.origin(scope["method"], target, dict(scope["headers"]))
        engine = self._engines.get(scope["path"] if scope["path"].endswith("/") else f"{scope['path']}/")
        if origin is None or engine is None:
            await polling.respond(send, 403, forbidden().body, [_JSON])
            return
        brought = {**scope, "scheme": origin.scheme, "client": origin.client}
        if scope["method"] == RELEASE:
            engine.release(scope["query_string"].decode())
            await polling.respond(send, 204, b"", [])
        else:
            await polling.serve(engine, brought, receive, send)

    def origin(self, method: str, target: bytes, headers: Mapping[bytes, bytes]) -> seals.Origin | None:
        """Who sent first what is brought; None if no node brings it."""
        return seals.opened(self._key, time.time(), method, target, headers.get(seals.HEADER, b""))

    def _websocket(self, config: Any, server_state: Any, app_state: Any) -> "_Brought":
        return _Brought(self, self._engines, server_state)


class _Brought(WebSocket):
    """A WebSocket that another node brings."""

    __slots__ = ("_listener",)

    def __init__(self, listener: Listener, engines: Mapping[str, Engine], server_state: Any) -> None:
        super().__init__(engines, server_state, "http")
        self._listener = listener

    def _read(self, head: bytes) -> Request:
        request = super()._read(head)
        target = head.split(b" ", 2)[1]
        origin = self._listener.origin(request.method, target, request.headers)
        if origin is None:
            raise forbidden()
        return read_request(head, origin.scheme, lambda: origin.client)

    def _leave(self, engine: Engine, foreign: Foreign, request: Request, head: bytes) -> None:
        self._refuse(foreign)
