"""What carries requests between nodes, put together: an `Elsewhere` for each engine of a node."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, MutableMapping
from functools import partial
from typing import Any, Final, Self

import structlog

from realtime.carrying import forwarding, seals
from realtime.carrying.listener import RELEASE, Listener
from realtime.carrying.peers import Address, Peers, address_of
from realtime.carrying.seals import Origin
from realtime.carrying.tunnels import End, join, reach
from realtime.engine.elsewhere import Receive, Send, engine_of
from realtime.engine.handshake import Refused, Request, bad_method, full, refusal, unknown_session
from realtime.engine.server import Engine
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable

MOST: Final = 10_000
"""Requests and WebSockets that a node carries at the same time; more are refused with 503."""
FILES: Final = 2
"""That one of them takes: the client's connection and the one to the other node."""

CARRIED_METHODS: Final = ("GET", "POST")
"""No session answers another, but between nodes another means something."""
_LINE: Final = b"\r\n"

log = structlog.get_logger(__name__)


class Carrier:
    """Carries what comes to this node for sessions of others, and takes what they carry here, while it is entered.

    The broker has to be started before, and closed after.

    Args:
        engines: the node's engines by their paths, each with a slash at its end.
        secret: what all nodes share, and nobody else knows.
        address: `host:port` where the other nodes reach this one; port 0 takes a free one.
        ttl: seconds after which a node that is dead is known to be gone.
    """

    def __init__(
        self,
        engines: Mapping[str, Engine],
        broker: Broker,
        secret: str,
        *,
        address: str = "127.0.0.1:0",
        ttl: float = 15.0,
    ) -> None:
        self._engines = engines
        self._key = seals.key_of(secret)
        self._address = address_of(address)
        self._ttl = ttl
        self._peers = Peers(broker, [engine.name for engine in engines.values()], ttl)
        self._listener = Listener(engines, self._key)
        self._tasks = Tasks()
        self._tunnels: set[End] = set()
        self._opening = 0
        self._waiting: dict[object, tuple[str, Request]] = {}
        self._leaving = False

    @property
    def files(self) -> int:
        """Files that are open here for sessions of others."""
        return FILES * self.carried

    @property
    def carried(self) -> int:
        """What is carried to other nodes at the moment."""
        return len(self._tunnels) + len(self._waiting) + self._opening

    async def __aenter__(self) -> Self:
        """Raises OSError or BrokerUnavailable."""
        self._address = await self._listener.start(self._address)
        await self._peers.enter(self._address)
        await self._peers.look()
        self._tasks.spawn(self._beat())
        for engine in self._engines.values():
            engine.elsewhere = self
        return self

    async def __aexit__(self, *_: object) -> None:
        """The engines have ended their sessions: their last answers leave, and nobody brings anything more."""
        for engine in self._engines.values():
            engine.elsewhere = None
        await self._tasks.close()
        try:
            await self._peers.leave()
        except BrokerUnavailable:
            log.warning("left without a broker")
        await self._listener.close()
        for end in tuple(self._tunnels):
            end.shutdown()

    async def drain(self, within: float) -> None:
        """This node stops: polls that it carries are answered, and WebSockets closed over `within` seconds.

        A session whose poll was answered goes on by another node; one on a WebSocket has to come back.
        """
        self._leaving = True
        await self._release()
        tunnels = tuple(self._tunnels)
        for end in tunnels:
            await asyncio.sleep(within / len(tunnels))
            end.shutdown()
        await self._release()

    async def forward(self, sid: str, request: Request, receive: Receive, send: Send) -> None:
        """As `Elsewhere` has it."""
        if request.method not in CARRIED_METHODS:
            raise bad_method()
        engine = self._engine(request)
        self._require_room(engine)
        carried = object()
        self._waiting[carried] = sid, request
        try:
            await forwarding.exchange(
                await self._find(sid),
                request,
                self._seal(request, forwarding.target_of(request)),
                receive,
                partial(self._send, send),
                limit=engine.max_payload,
                patience=engine.ping_interval + 2 * engine.ping_timeout,
            )
        finally:
            del self._waiting[carried]

    def tunnel(
        self, sid: str, request: Request, head: bytes, transport: asyncio.Transport, connections: set[Any]
    ) -> None:
        """As `Elsewhere` has it."""
        try:
            self._require_room(self._engine(request))
        except Refused as refused:
            _refuse(transport, refused)
            return
        transport.pause_reading()
        self._opening += 1
        self._tasks.spawn(self._tunnel(sid, request, head, transport, connections))

    async def _tunnel(
        self, sid: str, request: Request, head: bytes, transport: asyncio.Transport, connections: set[Any]
    ) -> None:
        try:
            seal = self._seal(request, head.split(b" ", 2)[1])
            far = await reach(await self._find(sid))
        except Refused as refused:
            _refuse(transport, refused)
            return
        except asyncio.CancelledError:
            transport.abort()
            raise
        finally:
            self._opening -= 1
        if transport.is_closing():
            far.close()
            return
        near = join(transport, far, partial(self._over, connections))
        self._tunnels.add(near)
        connections.add(near)
        far.write(head[: -len(_LINE)] + seals.HEADER + b": " + seal + _LINE + _LINE)

    def _over(self, connections: set[Any], near: End) -> None:
        self._tunnels.discard(near)
        connections.discard(near)

    async def _find(self, sid: str) -> Address:
        address = await self._peers.find(engine_of(sid) or "")
        if address is None:
            raise unknown_session()
        return address

    async def _release(self) -> None:
        """Has the polls answered that are carried from here."""
        polls = [(sid, request) for sid, request in self._waiting.values() if request.method == "GET"]
        await asyncio.gather(*(self._release_one(sid, request) for sid, request in polls))

    async def _release_one(self, sid: str, poll: Request) -> None:
        asked = poll._replace(method=RELEASE, query=sid.encode(), headers={b"host": b"-"})
        with contextlib.suppress(Refused):
            await forwarding.ask(await self._find(sid), asked, self._seal(asked, forwarding.target_of(asked)))

    async def _send(self, send: Send, message: MutableMapping[str, Any]) -> None:
        if self._leaving and message["type"] == "http.response.start":
            message["headers"].append((b"connection", b"close"))
        await send(message)

    def _seal(self, request: Request, target: bytes) -> bytes:
        return seals.sealed(self._key, time.time(), request.method, target, Origin(request.scheme, request.client()))

    def _engine(self, request: Request) -> Engine:
        return self._engines[request.path if request.path.endswith("/") else f"{request.path}/"]

    def _require_room(self, engine: Engine) -> None:
        engine.require_room()
        if self.carried >= MOST:
            raise full()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._ttl / 3)
            try:
                await self._peers.enter(self._address)
                await self._peers.look()
            except BrokerUnavailable as failure:
                log.warning("other nodes are as known last", failure=str(failure))


def _refuse(transport: asyncio.Transport, refused: Refused) -> None:
    if not transport.is_closing():
        transport.write(refusal(refused))
        transport.close()
