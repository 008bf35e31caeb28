"""The WebSocket transport: an asyncio protocol that uvicorn puts in place of its own (`ws=`).

Everything happens in callbacks of the transport: a connection has no task, no queue and no timer.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from realtime.engine import frames, packets
from realtime.engine.elsewhere import Foreign
from realtime.engine.handshake import Refused, Request, accept, read_request, refusal
from realtime.engine.heartbeat import NOWHERE
from realtime.engine.packets import REASON
from realtime.engine.sessions import Session

if TYPE_CHECKING:
    from realtime.engine.server import Engine

LINGER: Final = 3.0
"""Seconds in which the peer may close after it was told to, before the connection is cut."""
STUCK: Final = 30.0
"""The same for a peer that reads nothing: it has to read what was sent before it learns why it is let go."""
PROBE_SECONDS: Final = 10.0
"""Seconds in which a session may change over to a WebSocket that it opened."""

_ADDRESS_LENGTH = 2


class WebSocket(asyncio.Protocol):
    """One connection, from its request to its end. Carries one session, or asks to."""

    __slots__ = (
        "_closing",
        "_engines",
        "_paused",
        "_reader",
        "_scheme",
        "_session",
        "_state",
        "_transport",
        "engine",
        "slot",
    )

    def __init__(self, engines: Mapping[str, "Engine"], server_state: Any, scheme: str) -> None:
        self._engines = engines
        self._scheme = scheme
        self._state = server_state
        self.engine: Engine | None = None
        self._transport: asyncio.Transport = cast(asyncio.Transport, None)
        self._reader: frames.FrameReader | None = None
        self._session: Session | None = None
        self._closing = False
        self._paused = False
        self.slot = NOWHERE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._state.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._state.connections.discard(self)
        session, self._session = self._session, None
        if self.engine is not None:
            self.engine.lingering.take(self)
            self.engine.outbox.hold(self, 0)
        if session is not None and session.wire is self:
            session.lost(REASON.TRANSPORT_ERROR if exc else REASON.TRANSPORT_CLOSE)
        elif session is not None and session.probe is self:
            session.probe = None

    def data_received(self, data: bytes) -> None:
        if self.engine is None:
            if not self._closing:
                self._open(data)
            return
        if self._reader is None and not self._closing:
            text = frames.only_text(data, self.engine.max_payload)
            if text is not None:
                self._take(frames.TEXT, text)
                return
        # Between messages a connection needs no reader, and most are.
        reader = self._reader or frames.FrameReader(self.engine.max_payload)
        messages = reader.feed(data)
        self._reader = None if reader.between else reader
        for opcode, content in messages:
            if self._closing and opcode != frames.CLOSE:
                continue
            self._take(opcode, content)

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        self._paused = True
        self._hold()
        if self._session is not None and self._session.wire is self:
            self._session.transport = None

    def resume_writing(self) -> None:
        self._paused = False
        self._hold()
        session = self._session
        if self._closing:
            self._linger()
        elif session is not None and session.wire is self:
            session.writable(self._transport, self._is_paused)

    def shutdown(self) -> None:
        """uvicorn stops: the client should come back, elsewhere."""
        self._end(REASON.SERVER_DISCONNECT, frames.GOING_AWAY)

    def close(self, code: int, last: bytes = b"") -> None:
        """Says goodbye, after some last frames; cuts the connection if the peer does not answer in time.

        One that does not read is cut at once where room for what is unsent is short [D7].
        """
        if self._closing:
            return
        self._closing = True
        if self._paused and self.engine is not None and self.engine.outbox.short:
            self._transport.abort()
            return
        self._transport.write(last + frames.close_frame(code))
        self._hold()
        self._linger()

    def listen(self, on: bool) -> None:
        """Reads on, or no further."""
        if on:
            self._transport.resume_reading()
        else:
            self._transport.pause_reading()

    def cut(self, _: float) -> None:
        """What the wheel calls: the peer had its time."""
        self._transport.abort()

    def _open(self, head: bytes) -> None:
        self._transport.set_write_buffer_limits(high=0)
        try:
            request = self._read(head)
            engine = self._engine_of(request)
            answer = accept(request)
            session = engine.admit_websocket(request)
        except Foreign as foreign:
            self._leave(engine, foreign, request, head)
            return
        except Refused as refused:
            self._refuse(refused)
            return
        self.engine = engine
        if session is None:
            self._begin(engine, request, answer)
        else:
            self._probe(engine, session, answer)

    def _read(self, head: bytes) -> Request:
        return read_request(head, self._scheme, partial(_peer, self._transport))

    def _refuse(self, refused: Refused) -> None:
        self._transport.write(refusal(refused))
        self._transport.close()
        self._closing = True

    def _leave(self, engine: "Engine", foreign: Foreign, request: Request, head: bytes) -> None:
        """Leaves the connection to whoever carries it to the session's node."""
        if engine.elsewhere is None:
            self._refuse(foreign)
            return
        self._closing = True
        self._state.connections.discard(self)
        engine.elsewhere.tunnel(foreign.sid, request, head, self._transport, self._state.connections)

    def _engine_of(self, request: Request) -> "Engine":
        path = request.path
        engine = self._engines.get(path if path.endswith("/") else f"{path}/")
        if engine is None:
            raise Refused("Not found", None, 404)
        return engine

    def _begin(self, engine: "Engine", request: Request, answer: bytes) -> None:
        session = self._session = engine.open(request)
        session.wire = self
        self._transport.write(answer + frames.frame(frames.TEXT, engine.greeting(session, upgrades=False)))
        if not self._paused:
            session.transport = self._transport
        engine.connected(session)

    def _probe(self, engine: "Engine", session: Session, answer: bytes) -> None:
        self._transport.write(answer)
        if session.upgraded or session.probe is not None:
            self.close(frames.NORMAL)
            return
        self._session = session
        session.probe = self
        engine.lingering.put(self, engine.now() + PROBE_SECONDS)

    def _take(self, opcode: int, content: str | bytes | int) -> None:
        session = self._session
        if opcode in (frames.TEXT, frames.BINARY):
            if session is not None and session.wire is self:
                session.receive(cast(str | bytes, content))
            elif session is not None:
                self._take_probe(session, content)
        elif opcode == frames.PING:
            self._pong(cast(bytes, content))
        elif opcode == frames.CLOSE:
            self._goodbye(cast(int, content))
        elif opcode == frames.FAILED:
            self._end(REASON.TRANSPORT_ERROR, cast(int, content))
            # Nothing more can be read of such a peer, not even its own close: it has to see the end.
            if self._transport.can_write_eof():
                self._transport.write_eof()

    def _take_probe(self, session: Session, content: object) -> None:
        if content == packets.PROBE:
            self._transport.write(packets.PROBE_FRAME)
            session.answer_poll()
        elif content == packets.UPGRADE and self.engine is not None:
            self.engine.lingering.take(self)
            session.upgrade(self, self._transport, self._is_paused)
        else:
            self._end(REASON.TRANSPORT_ERROR, frames.PROTOCOL_ERROR)

    def _pong(self, payload: bytes) -> None:
        pong = frames.frame(frames.PONG, payload)
        if self._session is not None and self._session.wire is self:
            self._session.send(pong)
        else:
            self._transport.write(pong)

    def _goodbye(self, code: int) -> None:
        """The peer closes, or answers our close."""
        session = self._session
        if not self._closing:
            if session is not None and session.wire is self:
                session.close(REASON.TRANSPORT_CLOSE, code)
            self.close(code)
        self._transport.close()

    def _end(self, reason: str, code: int) -> None:
        session = self._session
        if session is not None and session.wire is self:
            session.close(reason, code)
        else:
            self.close(code)

    def _linger(self) -> None:
        if self.engine is not None:
            self.engine.lingering.put(self, self.engine.now() + (STUCK if self._paused else LINGER))

    def _hold(self) -> None:
        if self.engine is not None:
            self.engine.outbox.hold(self, self._transport.get_write_buffer_size() if self._paused else 0)

    def _is_paused(self) -> bool:
        return self._paused


def websockets_of(engines: Mapping[str, "Engine"]) -> Any:
    """What uvicorn's `ws=` takes: the WebSockets of each engine, by its path (with a slash at its end)."""
    return partial(_make, engines)


def _make(engines: Mapping[str, "Engine"], config: Any, server_state: Any, app_state: Any) -> WebSocket:
    return WebSocket(engines, server_state, "https" if config.is_ssl else "http")


def _peer(transport: asyncio.Transport) -> tuple[str, int] | None:
    peer = transport.get_extra_info("peername")
    return (str(peer[0]), int(peer[1])) if isinstance(peer, tuple) and len(peer) >= _ADDRESS_LENGTH else None
