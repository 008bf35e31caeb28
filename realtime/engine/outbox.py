"""What leaves a node: what is queued for a session within one turn of the loop leaves in one write.

Sessions whose turn's frames are the same share the joined bytes. A long flush is spread over several turns, so that
reading and answering go on; what is queued meanwhile joins what still waits, in order.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from realtime.engine.packets import REASON

if TYPE_CHECKING:
    from realtime.engine.sessions import Session
    from realtime.engine.websocket import WebSocket

WRITES_PER_TURN: Final = 2_000
"""Sessions written to before the loop may turn; a write takes about 8 µs."""
SLICE: Final = 32_768
"""Bytes that a transport is handed at once: what the kernel does not take of them is out of our hands."""


class Outbox:
    """The sessions that have something to be written, and the unsent bytes of all that read too slowly.

    `pending` counts what waits in sessions, and what transports hold that the kernel has not taken.

    Args:
        session_limit: bytes that may wait for one session.
        total_limit: bytes that may wait for all of them together.
    """

    __slots__ = ("_dirty", "_held", "_loop", "_scheduled", "pending", "session_limit", "total_limit")

    def __init__(self, session_limit: int, total_limit: int) -> None:
        self.session_limit = session_limit
        self.total_limit = total_limit
        self.pending = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._dirty: list[Session] = []
        self._held: dict[WebSocket, int] = {}
        self._scheduled = False

    @property
    def short(self) -> bool:
        """Whether half of the room for all is taken."""
        return self.pending > self.total_limit // 2

    def hold(self, wire: "WebSocket", size: int) -> None:
        """So many bytes are in the hands of a WebSocket's transport, as its peer does not read."""
        self.pending += size - self._held.pop(wire, 0)
        if size:
            self._held[wire] = size

    def broadcast(self, sessions: Iterable["Session"], frame: bytes) -> None:
        """Queues one frame for many sessions."""
        dirty = self._dirty
        for session in sessions:
            queued = session.queued
            if queued is None:
                session.queued = frame
                dirty.append(session)
            elif isinstance(queued, list):
                queued.append(frame)
            else:
                session.queued = [queued, frame]
        if dirty and not self._scheduled:
            self._schedule()

    def flush(self, session: "Session") -> None:
        """Writes what is queued for one session now."""
        queued, session.queued = session.queued, None
        if queued is None:
            return
        frames = [queued] if isinstance(queued, bytes) else queued
        transport = session.transport
        if transport is None:
            session.keep(frames)
            return
        data = b"".join(frames)
        if len(data) > SLICE:
            session.pour(frames)
        else:
            transport.write(data)

    def _schedule(self) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        self._scheduled = True
        self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        batch = self._dirty
        self._dirty = batch[WRITES_PER_TURN:]
        del batch[WRITES_PER_TURN:]
        self._scheduled = False
        if self._dirty:
            self._schedule()
        _write(batch)


def _write(batch: list["Session"]) -> None:
    last: list[bytes] = []
    joined = b""
    for session in batch:
        queued, session.queued = session.queued, None
        if queued is None:
            continue
        transport = session.transport
        if transport is None:
            session.keep([queued] if isinstance(queued, bytes) else queued)
            continue
        if isinstance(queued, bytes):
            data = queued
        else:
            if queued != last:
                last, joined = queued, b"".join(queued)
            data = joined
        try:
            if len(data) > SLICE:
                session.pour([queued] if isinstance(queued, bytes) else queued)
            else:
                transport.write(data)
        except (OSError, RuntimeError):  # its end is known here before it is told; nobody else may go without
            session.lost(REASON.TRANSPORT_ERROR)
