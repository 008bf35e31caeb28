"""The platform's Socket.IO server: one namespace, and an event path of its own.

One client's commands are answered strictly in order, and nobody else waits for them; what has to follow an ack follows
it in the same turn of the loop.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Any, Final, NamedTuple, Protocol, TypeVar

import msgspec
from socketio import packet

from backend.config import Settings
from backend.domain.refusals import Refusal
from realtime import metrics, wire
from realtime.doorkeeper import Admit, doorkeeper
from realtime.engine.frames import GOING_AWAY
from realtime.engine.packets import REASON
from realtime.engine.sessions import Session
from realtime.files import most_sessions
from realtime.manager import Client
from realtime.packets import UNREADABLE, LivePacket
from realtime.server import SocketServer

PENDING_COMMANDS: Final = 64
"""Commands of one client that may wait for their turn."""
NAMESPACE: Final = "/"
STOPPING: Final = "server.draining"
# Not orjson's: its bytes keep a buffer of 4 KB each.
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode


class Answer(NamedTuple):
    """An ack's body, and what to do right after the ack is queued."""

    body: bytes
    after: Callable[[], None] | None = None


class Coming(Protocol):
    """Somebody who may connect: as which session, and by which private id they may come back to it."""

    @property
    def sid(self) -> str: ...

    @property
    def pid(self) -> str: ...


C = TypeVar("C", bound=Coming)


class Front(Protocol[C]):
    """What the server serves. A session's `link` is its way out; frames for it are made by `realtime.wire`."""

    async def admit(self, link: Session, auth: Any) -> C:
        """Who it is, and whether they come back to a session. Raises Refusal: the client gets a CONNECT_ERROR."""

    def turned_away(self, coming: C) -> None:
        """Somebody who was admitted is gone already."""

    async def connect(self, coming: C) -> None:
        """Opens a session. Raises Refusal, as `admit`."""

    def connected(self, sid: str) -> None:
        """The CONNECT packet is queued: from now on the session may be sent to."""

    async def command(self, sid: str, arguments: list[Any]) -> Answer:
        """Answers an event, its name first. Never raises."""

    def disconnected(self, sid: str, goodbye: bool) -> None:
        """The session is over. `goodbye`: its client said so, rather than breaking off."""

    def slow(self, sid: str) -> None:
        """The session's reader was too slow; nothing more is sent to it."""


class LiveServer(SocketServer):
    """Serves a `Front` on the namespace `/`."""

    def __init__(self, front: Front[Any], settings: Settings) -> None:
        super().__init__(
            serializer=LivePacket,
            connect_timeout=settings.connect_timeout,
            cors_allowed_origins=list(settings.cors_origins) or None,
            ping_interval=settings.ping_interval,
            ping_timeout=settings.ping_timeout,
            max_http_buffer_size=settings.max_payload,
            session_bytes=settings.slow_reader_bytes,
            node_bytes=settings.node_buffer_bytes,
            max_sessions=most_sessions(),
            admit=_doorkeeper(settings),
        )
        self._front = front
        self.eio.on_slow = self._slow
        self.eio.on_relief = self._relieved

    def end(self, sid: str, code: str) -> None:
        """Ends a session for good: the client is told the code, and does not come back by itself."""
        client = self.manager.find(sid, NAMESPACE)
        if client is not None and client.connected:
            client.session.send(_farewell(code))
            client.session.send(wire.packet_frame(packet.DISCONNECT))
            self._leave(client, goodbye=True)
            client.session.close(REASON.SERVER_DISCONNECT)

    def drop(self, sid: str, code: str) -> None:
        """Ends a connection whose client may come back at once, where it can recover what it missed.

        What waits to be sent is thrown away for a last event with the code. A peer that does not read is cut off.
        """
        client = self.manager.find(sid, NAMESPACE)
        if client is not None:
            client.session.discard()
            client.session.close(REASON.SERVER_DISCONNECT, last=_farewell(code))

    def go_away(self, sid: str) -> None:
        """Closes a session's connection because this node stops; its client reconnects by itself, elsewhere."""
        client = self.manager.find(sid, NAMESPACE)
        if client is not None:
            client.session.close(REASON.SERVER_DISCONNECT, GOING_AWAY)

    def break_off(self, sid: str) -> None:
        """Ends a connection without a word, as a network does: its client has another one already."""
        client = self.manager.find(sid, NAMESPACE)
        if client is not None and client.connected:
            self._leave(client, goodbye=False)
            client.session.discard()
            client.session.close(REASON.TRANSPORT_CLOSE, GOING_AWAY)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        session = self.eio.sockets.get(eio_sid)
        if session is None or session.closed:
            return
        if (namespace or NAMESPACE) != NAMESPACE:
            self._refuse(session, namespace or NAMESPACE, {"message": "Invalid namespace"})
            return
        if self.manager.client(session, NAMESPACE) is not None:
            self._broken(session, ValueError("connected already"))
            return
        try:
            coming = await self._front.admit(session, data)
            await self._open(session, coming)
        except Refusal as refusal:
            if refusal.code == STOPPING:
                # Whom a CONNECT_ERROR refuses does not come back by itself, to another node.
                session.close(REASON.SERVER_DISCONNECT, GOING_AWAY)
            else:
                self._refuse(session, NAMESPACE, {"message": refusal.message, "data": {"code": refusal.code}})

    async def _open(self, session: Session, coming: Coming) -> None:
        sid = await self.manager.pre_connect(session.sid, NAMESPACE, coming.sid)
        if sid is None:
            self._front.turned_away(coming)
            session.close(REASON.SERVER_DISCONNECT)
            return
        try:
            await self._front.connect(coming)
        except Refusal:
            await self.manager.disconnect(sid, NAMESPACE)
            raise
        if session.closed:
            self._front.disconnected(sid, goodbye=False)
            await self.manager.disconnect(sid, NAMESPACE)
            return
        session.request = None
        told = {"sid": sid, "pid": coming.pid}
        session.send(wire.packet_frame(packet.CONNECT, wire.encode(told)))
        await self.manager.connect(sid, NAMESPACE)
        self._front.connected(sid)

    def _event(self, client: Client, number: int | None, data: list[Any]) -> None:
        waiting = client.waiting
        if waiting is None:
            client.waiting = deque(((number, _kept(data)),))
            self._begin(client)
        elif len(waiting) < PENDING_COMMANDS:
            waiting.append((number, _kept(data)))
        else:
            refusal = Refusal("rate.limited", "Too many commands wait for their answer.", retry_after=1.0)
            metrics.REFUSALS.labels(refusal.code).inc()
            if number is not None:
                client.session.send(wire.ack(number, wire.refused(refusal)))

    def _begin(self, client: Client) -> None:
        client.running = 1
        self.start_background_task(self._in_order, client)

    async def _in_order(self, client: Client) -> None:
        """Answers a client's commands one after the other, until none waits, or the client lags with reading."""
        try:
            while client.waiting and client.connected:
                client.session.flush()
                if client.session.lags:
                    return
                await self._answer(client, *client.waiting.popleft())
            client.waiting = None
        finally:
            client.running = 0

    async def _answer(self, client: Client, number: int | None, kept: bytes | list[Any]) -> None:
        answer = await self._front.command(client.sid, _taken(kept))
        if number is not None:
            client.session.send(wire.ack(number, answer.body))
        if answer.after is not None:
            answer.after()

    def _relieved(self, session: Session) -> None:
        """A client that lagged has read: the commands that wait for that get their answers [D7]."""
        client = self.manager.client(session, NAMESPACE)
        if client is not None and client.waiting and not client.running:
            self._begin(client)

    async def _handle_disconnect(self, eio_sid: str, namespace: str | None, reason: str | None = None) -> None:
        session = self.eio.sockets.get(eio_sid)
        client = self.manager.client(session, namespace or NAMESPACE) if session is not None else None
        if client is not None and client.connected:
            self._leave(client, goodbye=reason in (None, REASON.CLIENT_DISCONNECT))

    def _broken(self, session: Session, broken: ValueError) -> None:
        metrics.MALFORMED.inc()
        super()._broken(session, broken)

    def _leave(self, client: Client, *, goodbye: bool) -> None:
        self.manager.pre_disconnect(client.sid, NAMESPACE)
        self._front.disconnected(client.sid, goodbye)
        self.manager.forget(client)

    def _slow(self, session: Session) -> None:
        client = self.manager.client(session, NAMESPACE)
        if client is not None and client.connected:
            self._front.slow(client.sid)
        else:
            session.close(REASON.SERVER_DISCONNECT)


def _doorkeeper(settings: Settings) -> Admit | None:
    if not settings.connect_rate:
        return None
    return doorkeeper(settings.connect_rate, settings.connect_burst, settings.trusted_proxies, time.monotonic)


def _farewell(code: str) -> bytes:
    return wire.event("session.closed", wire.encode({"code": code}))


def _kept(arguments: list[Any]) -> bytes | list[Any]:
    """A command that waits, as text: a fifth of the size. One that could not be read stays what it is."""
    return arguments if arguments[0] is UNREADABLE else _encode(arguments)


def _taken(kept: bytes | list[Any]) -> list[Any]:
    return kept if isinstance(kept, list) else _decode(kept)
