"""python-socketio's server on this project's engine and manager. Its API is the library's, for any application.

What differs from the stock server: a packet that breaks the protocol ends its connection; an unknown namespace is
refused with a message object; nothing that is emitted to a client precedes its CONNECT; a connect handler that fails
refuses the client; a connection that joins no namespace in time is closed; and one with too many events under way is
not read until there are fewer.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from types import CoroutineType
from typing import Any, Final

import socketio
from socketio import packet
from socketio.exceptions import ConnectionRefusedError as ConnectRefused

from realtime.engine import packets as engine_packets
from realtime.engine.environ import Environs
from realtime.engine.frames import PROTOCOL_ERROR
from realtime.engine.packets import REASON
from realtime.engine.server import Engine
from realtime.engine.sessions import Session
from realtime.manager import Client, RoomManager
from realtime.packets import BadPacket, WirePacket, packets_of
from realtime.turns import Turns

CONNECT_SECONDS: Final = 45.0
NAMESPACES: Final = 32
"""Namespaces that one connection may be in."""
BEHIND: Final = 64
"""Messages of a connection that may wait while its connect handler runs; together no more than one may be large."""
EVENTS_AT_ONCE: Final = 256
"""Events of one client whose handlers run at the same time; with `async_handlers` off it is one."""
EVENTS_WAITING: Final = 256
"""Events of one client that may wait for their turn before its connection is read no further [S2]."""
_MEANINGLESS: Final = (
    "async_mode",
    "engineio_logger",
    "http_compression",
    "compression_threshold",
    "monitor_clients",
)

log = logging.getLogger("realtime.server")


class SocketServer(socketio.AsyncServer):  # type: ignore[misc]  # the library has no types
    """An `AsyncServer` with the library's options, and the engine's `session_bytes` and `node_bytes`.

    Args:
        connect_timeout: seconds in which a connection has to join its first namespace.

    A connection that is not read is not answered either: acks and pongs wait too, so one whose handlers do not get on
    for longer than the ping's timeout is ended by it.

    Options that this engine has no use for are accepted: the async mode, the engine's logger, compression and the
    monitoring task.
    """

    def __init__(
        self,
        *,
        client_manager: RoomManager | None = None,
        serializer: Any = "default",
        connect_timeout: float = CONNECT_SECONDS,
        **options: Any,
    ) -> None:
        engine_options = {name: value for name, value in options.items() if name not in _MEANINGLESS}
        self.manager_initialized = False
        super().__init__(
            client_manager=client_manager or RoomManager(),
            serializer=packets_of(serializer),
            **engine_options,
        )
        # Whether acknowledgements are as `WirePacket` writes them, so that they need no packet.
        self._plain = getattr(self.packet_class, "encode", None) is WirePacket.encode
        self._turns = Turns(self.eio.start_background_task)
        self.environ: Mapping[str, Any] = Environs(self.eio.sockets)
        self._connect_timeout = connect_timeout
        self._unconnected: deque[tuple[float, str]] = deque()
        self._behind: dict[str, deque[str | bytes]] = {}
        self._joining: dict[str, asyncio.Task[None]] = {}
        self._at_once = EVENTS_AT_ONCE if self.async_handlers else 1
        self.eio.on("connect", self._opened)
        self.eio.on("message", self._take)

    def frames(self, pkt: Any) -> list[bytes]:
        """A packet as the engine sends it: one frame, and one for each attachment."""
        encoded = pkt.encode()
        return [engine_packets.message(part) for part in (encoded if isinstance(encoded, list) else [encoded])]

    async def _handle_eio_connect(self, eio_sid: str, environ: Mapping[str, Any]) -> None:
        self._opened(eio_sid, environ)

    def _opened(self, eio_sid: str, _: Mapping[str, Any]) -> None:
        if not self.manager_initialized:
            self.manager_initialized = True
            self.manager.initialize()
        if not self._unconnected:
            self._look_later(self._connect_timeout)
        self._unconnected.append((self.eio.now() + self._connect_timeout, eio_sid))

    def _take(self, eio_sid: str, data: str | bytes) -> None:
        """Takes a message apart; one that breaks the protocol ends its connection [S2]."""
        session = self.eio.sockets[eio_sid]
        try:
            behind = self._behind.get(eio_sid)
            if behind is not None:
                _queue(behind, data, self.eio.max_payload)
                return
            whole = self._whole(session, data)
            if whole is not None:
                self._act(session, whole)
        except ValueError as broken:
            self._broken(session, broken)

    def _broken(self, session: Session, broken: ValueError) -> None:
        log.debug("bad packet: %s", broken)
        self._binary_packet.pop(session.sid, None)
        self._behind.pop(session.sid, None)
        session.close(REASON.TRANSPORT_ERROR, PROTOCOL_ERROR)

    def _whole(self, session: Session, data: str | bytes) -> Any:
        """The packet that is complete with this message, if one is."""
        begun = self._binary_packet.get(session.sid)
        if begun is not None:
            if not begun.add_attachment(data):
                return None
            del self._binary_packet[session.sid]
            return begun
        if not data:
            raise BadPacket("an empty packet")
        read = self._read(data)
        if read.attachment_count > 0:
            if self.manager.client(session, read.namespace or "/") is None:
                raise BadPacket("attachments of nobody")
            self._binary_packet[session.sid] = read
            return None
        return read

    def _read(self, data: str | bytes) -> Any:
        try:
            return self.packet_class(encoded_packet=data)
        except ValueError:
            raise
        except Exception as failure:
            # An application's own serializer may raise anything.
            raise BadPacket("not a packet") from failure

    def _act(self, session: Session, read: Any) -> None:
        kind, namespace = read.packet_type, read.namespace or "/"
        if session.application is None and kind != packet.CONNECT:
            raise BadPacket("a connection begins with CONNECT")
        if kind in (packet.EVENT, packet.BINARY_EVENT):
            client = self.manager.client(session, namespace)
            if client is not None and client.connected:
                self._event(client, read.id, read.data)
        elif kind == packet.CONNECT:
            if len(session.application or ()) >= NAMESPACES:
                raise BadPacket("too many namespaces")
            self._behind[session.sid] = deque()
            joining = self.start_background_task(self._join_namespace, session, namespace, read.data)
            self._joining[session.sid] = joining
        elif kind == packet.DISCONNECT:
            self.start_background_task(self._handle_disconnect, session.sid, namespace)
        elif kind in (packet.ACK, packet.BINARY_ACK):
            client = self.manager.client(session, namespace)
            if client is not None and client.acks:
                self.start_background_task(self.manager.trigger_callback, client.sid, read.id, read.data)
        else:
            raise BadPacket("not a packet of a client's")

    def _event(self, client: Client, number: int | None, data: list[Any]) -> None:
        """Runs an event's handler, once its turn has come."""
        if client.running < self._at_once:
            self._start(client, number, data)
            return
        if client.waiting is None:
            client.waiting = deque()
        client.waiting.append((number, data))
        if len(client.waiting) > EVENTS_WAITING:
            client.session.pause()

    def _start(self, client: Client, number: int | None, data: list[Any]) -> None:
        client.running += 1
        self._turns.run(self._run(client, number, data))

    async def _run(self, client: Client, number: int | None, data: list[Any]) -> None:
        """Runs an event's handler and acknowledges it with what it returns; a tuple is several arguments."""
        try:
            if not client.connected:
                return
            answer = await self._trigger_event(data[0], client.namespace, client.sid, *data[1:])
            if number is not None and answer is not self.not_handled:
                told = [] if answer is None else list(answer) if isinstance(answer, tuple) else [answer]
                for frame in self._ack(client.namespace, number, told):
                    client.session.send(frame)
        except Exception:
            log.exception("an event handler failed")
        finally:
            client.running -= 1
            if client.waiting is not None:
                self._next(client)

    def _ack(self, namespace: str, number: int, told: list[Any]) -> list[bytes]:
        """The frames of an acknowledgement."""
        if self._plain:
            text = self.packet_class.ack_text(namespace, number, told)
            if text is not None:
                return [engine_packets.text_message(text)]
        return self.frames(self.packet_class(packet.ACK, namespace=namespace, id=number, data=told))

    async def _trigger_event(self, event: str, namespace: str, *args: Any) -> Any:
        """What an event's handler returns. Handlers that the library treats in a way of its own are left to it."""
        handler, given = self._get_event_handler(event, namespace, args)
        if handler is None or event in self.reserved_events:
            return await super()._trigger_event(event, namespace, *args)
        answer = handler(*given)
        if not isinstance(answer, CoroutineType):
            return answer
        try:
            return await answer
        except asyncio.CancelledError:
            return None

    def _next(self, client: Client) -> None:
        """Gives their turn to those who wait: events, and with `async_handlers` off the end after them."""
        waiting = client.waiting
        if waiting is None:
            return
        while waiting and client.running < self._at_once:
            work = waiting.popleft()
            if isinstance(work, asyncio.Event):
                work.set()
            else:
                self._start(client, *work)
        if not waiting:
            client.waiting = None
        if len(waiting) <= EVENTS_WAITING // 2:
            client.session.resume()

    async def _join_namespace(self, session: Session, namespace: str, data: Any) -> None:
        """Runs a connect handler, then takes what came meanwhile."""
        try:
            await self._handle_connect(session.sid, namespace, data)
        finally:
            self._joining.pop(session.sid, None)
            for message in self._behind.pop(session.sid, ()):
                if not session.closed:
                    self._take(session.sid, message)

    async def _handle_connect(self, eio_sid: str, namespace: str | None, data: Any) -> None:
        namespace = namespace or "/"
        session = self.eio.sockets.get(eio_sid)
        if session is None or session.closed:
            return
        if not self._serves(namespace):
            self._refuse(session, namespace, {"message": "Invalid namespace"})
            return
        sid = await self.manager.pre_connect(eio_sid, namespace)
        if sid is None:
            self._broken(session, BadPacket("connected already"))
            return
        refusal = await self._ask(session, sid, namespace, data)
        if not self.manager.is_pre_connected(sid, namespace):
            return
        if refusal is not None:
            self._refuse(session, namespace, refusal)
            await self.manager.disconnect(sid, namespace, ignore_queue=True)
            return
        await self._send_packet(eio_sid, self.packet_class(packet.CONNECT, {"sid": sid}, namespace=namespace))
        await self.manager.connect(sid, namespace)

    async def _ask(self, session: Session, sid: str, namespace: str, auth: Any) -> Any:
        """What the connect handler refuses with, None if it accepts."""
        environ = self.environ.get(session.sid, {})
        try:
            try:
                accepted = await self._trigger_event("connect", namespace, sid, environ, auth or None)
            except TypeError:
                if auth:
                    raise
                # Handlers written before there was an `auth` take two arguments.
                accepted = await self._trigger_event("connect", namespace, sid, environ)
        except ConnectRefused as refused:
            return refused.error_args
        except ConnectionRefusedError:
            return {"message": "Connection refused by server"}
        except Exception:
            log.exception("a connect handler failed")
            return {"message": "Internal server error"}
        return ConnectRefused().error_args if accepted is False else None

    async def disconnect(self, sid: str, namespace: str | None = None, ignore_queue: bool = False) -> None:
        """Ends a client's connection to a namespace; in its connect handler, refuses it."""
        namespace = namespace or "/"
        client = self.manager.find(sid, namespace)
        if client is None:
            if not ignore_queue:
                # Another node may have it.
                await self.manager.can_disconnect(sid, namespace)
            return
        if client.leaving:
            return
        if client.held is not None:
            self._refuse(client.session, namespace, ConnectRefused().error_args)
            self.manager.forget(client)
            return
        await self._send_packet(client.session.sid, self.packet_class(packet.DISCONNECT, namespace=namespace))
        await self._depart(client, REASON.SERVER_DISCONNECT)

    async def _handle_disconnect(self, eio_sid: str, namespace: str | None, reason: str | None = None) -> None:
        session = self.eio.sockets.get(eio_sid)
        client = self.manager.client(session, namespace or "/") if session is not None else None
        if client is None or not client.connected:
            return
        if client.running and not self.async_handlers:
            turn = asyncio.Event()
            client.waiting = client.waiting or deque()
            client.waiting.append(turn)
            await turn.wait()
        if client.connected:
            await self._depart(client, reason or REASON.CLIENT_DISCONNECT)

    async def _depart(self, client: Client, reason: str) -> None:
        """Runs the disconnect handler and forgets the client, whatever the handler does."""
        self.manager.pre_disconnect(client.sid, client.namespace)
        try:
            await self._trigger_event("disconnect", client.namespace, client.sid, reason)
        except Exception:
            log.exception("a disconnect handler failed")
        finally:
            await self.manager.disconnect(client.sid, client.namespace, ignore_queue=True)

    async def _handle_eio_disconnect(self, eio_sid: str, reason: str) -> None:
        self._binary_packet.pop(eio_sid, None)
        self._behind.pop(eio_sid, None)
        joining = self._joining.get(eio_sid)
        if joining is not None:
            # Whom a connect handler accepts, the disconnect handler hears of, however soon.
            await asyncio.wait((joining,))
        session = self.eio.sockets.get(eio_sid)
        clients: tuple[Client, ...] = (session.application or ()) if session is not None else ()
        for client in clients:
            if client.held is None:
                await self._handle_disconnect(eio_sid, client.namespace, reason)
            else:
                self.manager.forget(client)

    async def shutdown(self) -> None:
        """Ends all sessions and what still runs for them."""
        await super().shutdown()
        self._turns.close()

    async def _send_packet(self, eio_sid: str, pkt: Any) -> None:
        session = self.eio.sockets.get(eio_sid)
        if session is not None:
            for frame in self.frames(pkt):
                session.send(frame)

    def _refuse(self, session: Session, namespace: str, error: Any) -> None:
        for frame in self.frames(self.packet_class(packet.CONNECT_ERROR, error, namespace=namespace)):
            session.send(frame)

    def _serves(self, namespace: str) -> bool:
        known = self.handlers.keys() | self.namespace_handlers.keys()
        return self.namespaces == "*" or namespace in known or namespace in self.namespaces

    def _look_later(self, seconds: float) -> None:
        asyncio.get_running_loop().call_later(seconds, self._close_unconnected)

    def _close_unconnected(self) -> None:
        now = self.eio.now()
        while self._unconnected and self._unconnected[0][0] <= now:
            session = self.eio.sockets.get(self._unconnected.popleft()[1])
            if session is not None and session.application is None:
                session.close(REASON.SERVER_DISCONNECT)
        if self._unconnected:
            self._look_later(self._unconnected[0][0] - now)

    def _engineio_server_class(self) -> type[Engine]:
        return Engine


def _queue(behind: deque[str | bytes], data: str | bytes, limit: int) -> None:
    """Keeps a message that came while a connect handler runs."""
    if len(behind) >= BEHIND or sum(map(len, behind)) + len(data) > limit:
        raise BadPacket("too much before it is connected")
    behind.append(data)
