"""One Engine.IO session: whose turn it is to beat, which transport carries it, and what waits to be sent.

A session begins on long-polling or on a WebSocket, may change from the first to the second, and is over when either
side says so, breaks the protocol or does not answer a ping. What a slow reader has not taken is bounded [D7].
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Protocol

from realtime.engine import frames, packets
from realtime.engine.heartbeat import NOWHERE
from realtime.engine.outbox import SLICE
from realtime.engine.packets import REASON

if TYPE_CHECKING:
    from realtime.engine.handshake import Request
    from realtime.engine.polling import Poll
    from realtime.engine.server import Engine


class Transport(Protocol):
    """The writing half of an asyncio transport."""

    def write(self, data: bytes) -> None: ...


class Wire(Protocol):
    """A WebSocket that carries a session, or asks to."""

    def close(self, code: int, last: bytes = b"") -> None:
        """Says goodbye, after some last frames; the connection is cut if the peer does not answer."""

    def listen(self, on: bool) -> None:
        """Reads on, or no further."""


class Session:
    """`transport` is where frames go while they can be written at once, None while they have to wait.

    `queued` is what the outbox has for it in this turn of the loop, `resumed` is there while the client is not listened
    to. `application` is free for whoever uses the engine.
    """

    __slots__ = (
        "_awaiting",
        "_backlog",
        "_engine",
        "_size",
        "application",
        "closed",
        "due",
        "poll",
        "posting",
        "probe",
        "queued",
        "request",
        "resumed",
        "sid",
        "slot",
        "transport",
        "wire",
    )

    def __init__(self, engine: "Engine", sid: str, request: "Request | None") -> None:
        self._engine = engine
        self.sid = sid
        self.request = request
        self.application: Any = None
        self.queued: bytes | list[bytes] | None = None
        self.transport: Transport | None = None
        self.wire: Wire | None = None
        self.probe: Wire | None = None
        self.poll: Poll | None = None
        self.posting = False
        self.resumed: asyncio.Event | None = None
        self.closed = False
        self.slot = NOWHERE
        self.due = 0.0
        self._awaiting = False
        self._backlog: deque[bytes] | None = None
        self._size = 0

    @property
    def upgraded(self) -> bool:
        """Whether a WebSocket carries it."""
        return self.wire is not None

    @property
    def waiting(self) -> int:
        """Bytes that the reader has not taken, without what is queued in this turn."""
        return self._size

    @property
    def lags(self) -> bool:
        """Whether it should be given nothing more to read for now: it has enough, or all together have."""
        return self._size > SLICE or (self._size > 0 and self._engine.outbox.short)

    def send(self, frame: bytes) -> None:
        """Queues a frame that has to arrive: a session that has no room for it is ended as too slow."""
        self._engine.outbox.broadcast((self,), frame)

    def signal(self, frame: bytes) -> bool:
        """Queues a frame unless the reader lags: half of the room belongs to what has to arrive."""
        if self.closed or (self._size and not self._fits(len(frame), self._engine.outbox.session_limit // 2)):
            return False
        self._engine.outbox.broadcast((self,), frame)
        return True

    def flush(self) -> None:
        """Writes what is queued now rather than at the end of the turn."""
        self._engine.outbox.flush(self)

    def pour(self, frames_: Iterable[bytes]) -> None:
        """Writes what is more than a transport is handed at once, as far as the kernel takes it; the rest waits."""
        left = deque(frames_)
        while left and self.transport is not None:
            self.transport.write(_slice_of(left))
        if left:
            self.keep(left)

    def keep(self, frames_: Iterable[bytes]) -> None:
        """Takes frames that cannot be written now."""
        if self.closed:
            return
        for frame in frames_:
            if self._size and not self._fits(len(frame), self._engine.outbox.session_limit):
                self._engine.too_slow(self)
                return
            if self._backlog is None:
                self._backlog = deque()
            self._backlog.append(frame)
            self._count(len(frame))
        self.answer_poll()

    def discard(self) -> None:
        """Throws away what waits, but for the rest of a frame that was begun: without it nothing else can be read."""
        begun = deque(takewhile(lambda frame: isinstance(frame, _Rest), self._backlog or ()))
        self._clear()
        if begun:
            self._backlog = begun
            self._count(sum(map(len, begun)))

    def take_backlog(self, limit: int, count: int | None = None) -> list[bytes]:
        """Removes what waits, in order, up to a size and a count, but at least one frame."""
        taken: list[bytes] = []
        size = 0
        while self._backlog and len(taken) != count and (not taken or size + len(self._backlog[0]) <= limit):
            size += len(self._backlog[0])
            taken.append(self._backlog.popleft())
        if not self._backlog:
            self._backlog = None
        self._count(-size)
        return taken

    def writable(self, transport: Transport, paused: Callable[[], bool]) -> None:
        """The transport has room again: what waited goes first, in slices, as long as there is room."""
        while self._backlog and not paused():
            data = _slice_of(self._backlog)
            self._count(-len(data))
            transport.write(data)
        if not self._backlog and not paused():
            self._backlog = None
            self.transport = transport
            self._engine.on_relief(self)

    def receive(self, packet: str | bytes) -> None:
        """Takes one packet of the client's, from either transport."""
        if self.closed:
            return
        if isinstance(packet, bytes):
            self._engine.message(self, packet)
        elif packet[:1] == packets.MESSAGE:
            self._engine.message(self, packet[1:])
        elif packet == packets.PONG:
            self.rest(self._engine.now())
        elif packet == packets.CLOSE:
            self.close(REASON.CLIENT_DISCONNECT)
        elif packet != packets.NOOP:
            self.close(REASON.TRANSPORT_ERROR, frames.PROTOCOL_ERROR)

    def pause(self) -> None:
        """Reads nothing more of the client until `resume`, but for what has come already: the kernel makes it wait."""
        if self.resumed is None and not self.closed:
            self.resumed = asyncio.Event()
            if self.wire is not None:
                self.wire.listen(False)

    def resume(self) -> None:
        """Reads on."""
        if self.resumed is not None:
            self.resumed.set()
            self.resumed = None
            if self.wire is not None:
                self.wire.listen(True)

    def beat(self, now: float) -> None:
        """What the wheel calls: time for a ping, or the answer to one is missing."""
        if now < self.due:
            self._engine.wheel.put(self, self.due)
        elif self._awaiting:
            self.close(REASON.PING_TIMEOUT)
        else:
            self._awaiting = True
            self.due += self._engine.ping_timeout
            self._engine.wheel.put(self, self.due)
            self.send(packets.PING_FRAME)

    def overdue(self, now: float) -> bool:
        """Whether the answer to a ping is missing, however late the wheel is."""
        return now >= (self.due if self._awaiting else self.due + self._engine.ping_timeout)

    def rest(self, now: float) -> None:
        """The next ping is due an interval from now."""
        self._awaiting = False
        self.due = now + self._engine.ping_interval
        self._engine.wheel.put(self, self.due)

    def close(self, reason: str, code: int = frames.NORMAL, last: bytes = b"") -> None:
        """Ends the session; its peer is told, after `last`."""
        if self.closed:
            return
        self.flush()
        self._end()
        waiting = self.take_backlog(self._engine.outbox.session_limit)
        if self.wire is not None:
            self.wire.close(code, b"".join(waiting) + last)
        else:
            self._part(reason, code, [*waiting, *([last] if last else [])])
        self._clear()
        self._engine.ended(self, reason)

    def lost(self, reason: str) -> None:
        """The transport is gone."""
        if not self.closed:
            self._end()
            self._clear()
            self._engine.ended(self, reason)

    def upgrade(self, wire: Wire, transport: Transport, paused: Callable[[], bool]) -> None:
        """Goes on over a WebSocket that probed it: a poll that waits is answered, and what waited follows."""
        self.probe = None
        self.wire = wire
        if self.resumed is not None:
            wire.listen(False)
        if self.poll is not None and not self.poll.answered:
            self.poll.answer([packets.NOOP_FRAME])
        self.writable(transport, paused)

    def answer_poll(self) -> None:
        """Answers the poll that waits, if one does, with what there is."""
        if self.poll is not None and not self.poll.answered:
            waiting = self.take_backlog(self._engine.outbox.session_limit, packets.PACKETS_IN_ANSWER)
            self.poll.answer(waiting or [packets.NOOP_FRAME])
            if waiting and not self._backlog:
                self._engine.on_relief(self)

    def _part(self, reason: str, code: int, waiting: list[bytes]) -> None:
        """Says goodbye to a client that polls: now, or when it polls again.

        Who should come back, elsewhere, is not told that the session is closed: some clients take that as final. Their
        next poll is for an unknown session.
        """
        final = reason != REASON.CLIENT_DISCONNECT and code != frames.GOING_AWAY
        goodbye = packets.CLOSE_FRAME if final else packets.NOOP_FRAME
        if self.poll is not None and not self.poll.answered:
            self.poll.answer([*waiting, goodbye])
        elif reason == REASON.SERVER_DISCONNECT:
            self._engine.parting.keep(self.sid, [*waiting, goodbye])

    def _end(self) -> None:
        self.closed = True
        self.transport = None
        self.resume()
        self._engine.wheel.take(self)
        if self.probe is not None:
            self.probe.close(frames.NORMAL)

    def _clear(self) -> None:
        self.queued = None
        self._backlog = None
        self._count(-self._size)

    def _fits(self, size: int, limit: int) -> bool:
        outbox = self._engine.outbox
        return self._size + size <= limit and outbox.pending + size <= outbox.total_limit

    def _count(self, size: int) -> None:
        self._size += size
        self._engine.outbox.pending += size


class _Rest(bytes):
    """A part of a frame, but not its first."""

    __slots__ = ()


def _slice_of(frames_: deque[bytes]) -> bytes:
    """Removes from the front what a transport is handed at once: whole frames, or a part of a larger one."""
    if len(frames_[0]) > SLICE:
        large = frames_.popleft()
        frames_.extendleft(_Rest(large[start : start + SLICE]) for start in reversed(range(SLICE, len(large), SLICE)))
        return large[:SLICE]
    taken: list[bytes] = []
    size = 0
    while frames_ and size + len(frames_[0]) <= SLICE:
        size += len(frames_[0])
        taken.append(frames_.popleft())
    return b"".join(taken)
