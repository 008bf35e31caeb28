"""Sessions whose connection broke: kept for the grace, so that they may come back to what they were [D9]."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from realtime.recovery.offsets import Offset
from realtime.recovery.trails import NEVER, Mark, Trail, received, seen_in
from realtime.sessions import Session
from realtime.timers import Deadline, Timers
from rooms.positions import Position

Places = Mapping[str, Position | None]
"""By channel how far somebody is; None where that cannot be told."""


@dataclass(frozen=True, slots=True)
class Left:
    """How a channel stood for a session at the break: up to where it was sent; None if it was about to be told."""

    sent: Position | None
    mark: Mark | None = None
    trail: Trail | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Parked:
    """A session without a connection. What was written before the stamp `horizon` arrived: heartbeats say so."""

    session: Session
    horizon: int
    rooms: Mapping[str, Left]
    watches: bool

    def places(self, offset: Offset, node: str) -> Places:
        """How far the session is in each of its channels, of which the last event that it got tells."""
        return {channel: self._place(channel, left, offset, node) for channel, left in self.rooms.items()}

    def _place(self, channel: str, left: Left, offset: Offset, node: str) -> Position | None:
        if left.sent is None:
            return None
        seen = seen_in(offset, node, channel, {left.sent.epoch, left.mark.epoch if left.mark else ""})
        return received(left.mark, left.trail, left.sent, seen._replace(stamp=max(seen.stamp, self.horizon)))


def parked_at(session: Session, places: Places, watches: bool) -> Parked:
    """A session that was not sent anything since it was at these places."""
    rooms = {channel: Left(place, _only(place)) for channel, place in places.items()}
    return Parked(session, 0, rooms, watches)


class Parking:
    """The parked sessions of a node. `on_end` is called with those whose grace is over."""

    def __init__(self, timers: Timers, grace: float, on_end: Callable[[Parked], None]) -> None:
        self._timers = timers
        self._grace = grace
        self._on_end = on_end
        self._parked: dict[str, tuple[Parked, Deadline]] = {}

    def park(self, parked: Parked) -> None:
        sid = parked.session.sid
        self._parked[sid] = parked, self._timers.after(self._grace, partial(self._end, sid))

    def of(self, sid: str) -> Parked | None:
        found = self._parked.get(sid)
        return found[0] if found else None

    def take(self, sid: str) -> Parked | None:
        """The parked session, which is no longer."""
        found = self._parked.pop(sid, None)
        if found is None:
            return None
        found[1].cancel()
        return found[0]

    def __iter__(self) -> Iterator[Parked]:
        return iter([parked for parked, _ in self._parked.values()])

    def __len__(self) -> int:
        return len(self._parked)

    def _end(self, sid: str) -> None:
        if parked := self.take(sid):
            self._on_end(parked)


def _only(place: Position | None) -> Mark | None:
    return Mark(place.epoch, place.seq, NEVER) if place else None
