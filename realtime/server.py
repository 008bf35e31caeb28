"""The Socket.IO server: python-socketio with an event path of its own. All that touches python-engineio is here.

What differs from the stock server: one client's events are answered strictly in order, and nobody else waits for
them; every text goes out through a bounded link, so acks and frames keep their order; what has to follow an ack
follows it in the same turn of the loop; a packet that breaks the protocol ends its connection; and a connection
that authenticates nobody is closed.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qs

import socketio
from socketio import packet

from backend.config import Settings
from backend.domain.refusals import Refusal
from realtime import metrics, wire
from realtime.link import Budget, Link
from realtime.packets import BadPacket, Codec, Outgoing, WirePacket
from realtime.tasks import Tasks
from realtime.timers import Timers

PENDING_COMMANDS = 64
"""Commands of one client that may wait for their turn."""
LINGER_SECONDS = 3.0
"""Time in which the peer may close after it was told to, before the connection is cut."""
GOING_AWAY = 1001

# Whatever these libraries have to say is somebody's malformed input, which is counted here.
_quiet = logging.getLogger("realtime.socketio")
_quiet.setLevel(logging.CRITICAL)


class Answer(NamedTuple):
    """An ack's body, and what to do right after the ack is queued."""

    body: bytes
    after: Callable[[], None] | None = None


class Front(Protocol):
    """What the server serves."""

    async def connect(self, sid: str, link: Link, auth: Any) -> None:
        """Opens a session. Raises Refusal: the client gets a CONNECT_ERROR with its code."""

    def connected(self, sid: str) -> None:
        """The CONNECT packet is queued: from now on the session may be sent to."""

    async def command(self, sid: str, arguments: list[Any]) -> Answer:
        """Answers an event, its name first. Never raises."""

    def disconnected(self, sid: str, goodbye: bool) -> None:
        """The session is over. `goodbye`: its client said so, rather than breaking off."""

    def slow(self, sid: str) -> None:
        """The session's reader was too slow; nothing more is sent to it."""


class _Client:
    """A connected session: its link, and its commands that wait for their turn."""

    __slots__ = ("link", "running", "sid", "waiting")

    def __init__(self, sid: str, link: Link) -> None:
        self.sid = sid
        self.link = link
        self.waiting: deque[tuple[int | None, list[Any]]] = deque()
        self.running = False


class _Door(NamedTuple):
    """A WebSocket's ASGI `send`, and how to cut its connection."""

    send: Callable[[dict[str, Any]], Awaitable[None]]
    cut: Callable[[], None]


class LiveServer(socketio.AsyncServer):  # type: ignore[misc]  # the library has no types
    """Serves a `Front` on the namespace `/`."""

    def __init__(self, front: Front, settings: Settings, timers: Timers) -> None:
        super().__init__(
            async_mode="asgi",
            serializer=WirePacket,
            json=Codec,
            logger=_quiet,
            engineio_logger=_quiet,
            cors_allowed_origins=list(settings.cors_origins) or None,
            ping_interval=settings.ping_interval,
            ping_timeout=settings.ping_timeout,
            max_http_buffer_size=settings.max_payload,
            http_compression=False,
        )
        self._front = front
        self._timers = timers
        self._limit = settings.slow_reader_bytes
        self._patience = settings.connect_timeout
        self.budget = Budget(settings.node_buffer_bytes)
        self._clients: dict[str, _Client] = {}
        self._doors: dict[str, _Door] = {}
        self._tasks = Tasks()
        self.on("disconnect", self._ended)

    async def handle_request(self, scope: Any, receive: Any, send: Any) -> Any:
        """Serves one ASGI request, remembering an upgrade's WebSocket."""
        sid = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("sid", [""])[0]
        if scope["type"] == "websocket" and sid in self.eio.sockets:
            self._doors[sid] = _door(scope, send)
        return await super().handle_request(scope, receive, send)

    async def end(self, sid: str, code: str) -> None:
        """Ends a session for good: the client is told the code, and does not come back by itself."""
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        client = self._clients.get(eio_sid)
        if client is None:
            return
        client.link.send(wire.event("session.closed", wire.encode({"code": code})))
        await self.disconnect(sid)
        self._timers.after(LINGER_SECONDS, lambda: self._close_soon(eio_sid))

    def drop(self, sid: str, code: str) -> None:
        """Ends a connection whose client may come back at once, where it can recover what it missed.

        What waits to be sent is thrown away for a last event with the code. A peer that does not read is cut off.
        """
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        client = self._clients.get(eio_sid)
        socket = self.eio.sockets.get(eio_sid)
        if client is None or socket is None:
            return
        client.link.close()
        _empty(socket.queue)
        self._put(eio_sid, wire.event("session.closed", wire.encode({"code": code})).text, lambda: None)
        self._close_soon(eio_sid)

    async def go_away(self, sid: str) -> None:
        """Closes a session's connection because this node stops; its client reconnects by itself, elsewhere."""
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        door = self._doors.get(eio_sid)
        if door is None:
            self._close_soon(eio_sid)
            return
        try:
            await asyncio.wait_for(door.send({"type": "websocket.close", "code": GOING_AWAY}), LINGER_SECONDS)
        except (TimeoutError, RuntimeError, OSError):
            door.cut()

    def cut_all(self) -> None:
        """Cuts every connection that is still there."""
        for door in self._doors.values():
            door.cut()

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        if (namespace or "/") != "/":
            await self._refuse(eio_sid, {"message": "Invalid namespace"}, namespace)
            return
        sid = await self.manager.pre_connect(eio_sid, "/")
        if sid is None:
            raise BadPacket("connected already")
        link = Link(
            lambda text, taken: self._put(eio_sid, text, taken), self._limit, self.budget, lambda: self._front.slow(sid)
        )
        try:
            await self._front.connect(sid, link, data)
        except Refusal as refusal:
            await self._refuse(eio_sid, {"message": refusal.message, "data": {"code": refusal.code}})
            await self.manager.disconnect(sid, "/", ignore_queue=True)
            return
        await self._open(eio_sid, sid, link)

    async def _open(self, eio_sid: str, sid: str, link: Link) -> None:
        """Completes a connect, unless the connection was lost meanwhile."""
        socket = self.eio.sockets.get(eio_sid)
        if socket is None or socket.closed:
            await self.manager.disconnect(sid, "/", ignore_queue=True)
            link.close()
            self._front.disconnected(sid, goodbye=False)
            return
        await self._send_packet(eio_sid, self.packet_class(packet.CONNECT, {"sid": sid}))
        await self.manager.connect(sid, "/")
        self._clients[eio_sid] = _Client(sid, link)
        self._front.connected(sid)

    async def _refuse(self, eio_sid: str, error: dict[str, Any], namespace: str | None = None) -> None:
        await self._send_packet(eio_sid, self.packet_class(packet.CONNECT_ERROR, error, namespace=namespace))

    async def _handle_event(self, eio_sid: str, namespace: str | None, id: int | None, data: list[Any]) -> None:  # noqa: A002  # the library's name
        if not data:
            raise BadPacket("an event without a name")
        client = self._clients.get(eio_sid)
        if client is None or (namespace or "/") != "/":
            return
        if len(client.waiting) >= PENDING_COMMANDS:
            refusal = Refusal("rate.limited", "Too many commands wait for their answer.", retry_after=1.0)
            metrics.REFUSALS.labels(refusal.code).inc()
            if id is not None:
                client.link.send(wire.ack(id, wire.refused(refusal)))
            return
        client.waiting.append((id, data))
        if not client.running:
            client.running = True
            self._tasks.spawn(self._run(client))

    async def _run(self, client: _Client) -> None:
        """Answers a client's commands one after the other, until none waits."""
        while client.waiting:
            number, arguments = client.waiting.popleft()
            answer = await self._front.command(client.sid, arguments)
            if number is not None:
                client.link.send(wire.ack(number, answer.body))
            if answer.after is not None:
                answer.after()
        client.running = False

    async def _handle_eio_connect(self, eio_sid: str, environ: dict[str, Any]) -> None:
        scope = environ["asgi.scope"]
        if scope["type"] == "websocket":
            self._doors[eio_sid] = _door(scope, environ["asgi.send"])
        self._timers.after(self._patience, lambda: self._close_unless_session(eio_sid))
        await super()._handle_eio_connect(eio_sid, environ)

    async def _handle_eio_message(self, eio_sid: str, data: Any) -> None:
        """Takes a message apart; one that breaks the protocol ends the connection [S2]."""
        try:
            await super()._handle_eio_message(eio_sid, data)
        except Exception:  # whatever a peer may send that the library trips over
            metrics.MALFORMED.inc()
            self._close_soon(eio_sid)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        await super()._handle_eio_disconnect(eio_sid, reason)
        socket = self.eio.sockets.get(eio_sid)
        if socket is not None:
            socket.queue.put_nowait(None)  # ends a poll that waits, and the writer of a WebSocket after what it has
        door = self._doors.pop(eio_sid, None)
        if door is not None:
            self._timers.after(LINGER_SECONDS, door.cut)

    async def _ended(self, sid: str, reason: str) -> None:
        eio_sid = self.manager.eio_sid_from_sid(sid, "/")
        client = self._clients.pop(eio_sid, None)
        if client is not None:
            client.waiting.clear()
            client.link.close()
            self._front.disconnected(sid, goodbye=reason == self.reason.CLIENT_DISCONNECT)

    def _put(self, eio_sid: str, text: str, taken: Callable[[], None]) -> None:
        """Queues a text. The queue of the stock engine has no bound and its `send` never really waits."""
        socket = self.eio.sockets.get(eio_sid)
        if socket is None or socket.closed:
            taken()
        else:
            socket.queue.put_nowait(Outgoing(text, taken))

    def _close_unless_session(self, eio_sid: str) -> None:
        if eio_sid not in self._clients:
            self._close_soon(eio_sid)

    def _close_soon(self, eio_sid: str) -> None:
        """Asks the peer to close; its WebSocket is cut if it is still there after a while."""
        socket = self.eio.sockets.get(eio_sid)
        if socket is not None and not socket.closed:
            self._tasks.spawn(socket.close(wait=False, reason=self.reason.SERVER_DISCONNECT))


def _empty(queue: "asyncio.Queue[Any]") -> None:
    """Throws away what waits in an engine's queue, but for the None that ends its writer."""
    while not queue.empty():
        queue.task_done()
        if queue.get_nowait() is None:
            queue.put_nowait(None)
            return


def _door(scope: Any, send: Callable[[dict[str, Any]], Awaitable[None]]) -> _Door:
    return _Door(send, scope.get("state", {}).get("cut", lambda: None))
