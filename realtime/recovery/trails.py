"""What a session had received when its connection broke, told by the last event that its client saw. Pure.

Whatever a node writes to one client arrives in the order in which it was written. So a node needs to remember no more
than when it passed on each frame, once for a channel, for as long as a client may come back: whoever saw an event that
was written at some time has received what was passed on to it before, and nothing that was passed on after. Where a
client did not go along with its channel (it joined, or its rights were read again) a *mark* says from when on it did.
Times are stamps: nanoseconds of a node's clock, which only rises.
"""

import time
from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import msgspec

from realtime.recovery.offsets import Offset, node_id, ref_of
from rooms.positions import Position

FRAMES_KEPT: Final = 4_096
"""Stamps of one channel's at most. Who saw nothing after the oldest of them is told a reset."""
UNKNOWN: Final = ""
"""The epoch of a mark of somebody of whom it is not known what they have: no channel has it."""
NEVER: Final = 1 << 62
"""The stamp of nothing."""


class Mark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """From the stamp `at` on a session went along with a channel; before it, `seq` was all that it had of the epoch.

    `again`: it had been told something else before, so whoever saw nothing since may be at either.
    """

    epoch: str
    seq: int
    at: int
    again: bool = False


class Passed(Protocol):
    """When the frames of an epoch were passed on."""

    @property
    def epoch(self) -> str: ...

    def at(self, stamp: int) -> int | None:
        """The seq of the last frame passed on by then; None where that is not known any more."""


class Trail:
    """The stamps of an epoch's frames that a node passed on, from the seq `before` on. Until `since` none is known."""

    __slots__ = ("before", "epoch", "ref", "since", "stamps")

    def __init__(self, channel: str, epoch: str, before: int, since: int) -> None:
        self.epoch = epoch
        self.ref = ref_of(channel, epoch)
        self.before = before
        self.since = since
        self.stamps = array("q")

    @property
    def last(self) -> int:
        return self.before + len(self.stamps)

    def at(self, stamp: int) -> int | None:
        return None if stamp < self.since else self.before + bisect_right(self.stamps, stamp)

    def add(self, stamp: int) -> None:
        """The next frame is passed on."""
        self.stamps.append(stamp)
        if len(self.stamps) > FRAMES_KEPT:
            self.since = self.stamps[FRAMES_KEPT // 2]
            self._drop(FRAMES_KEPT // 2 + 1)

    def forget(self, before: int) -> bool:
        """Lets go of what was passed on before a stamp that nobody will ask for. True if nothing is left."""
        self._drop(bisect_right(self.stamps, before))
        return not self.stamps

    def _drop(self, count: int) -> None:
        if count:
            del self.stamps[:count]
            self.before += count


class Steps(msgspec.Struct, frozen=True, array_like=True):
    """A trail as another node reads it, of at most so many stamps. Where some are left out, it says rather less."""

    epoch: str
    before: int
    since: int
    stamps: tuple[int, ...]
    seqs: tuple[int, ...]

    def at(self, stamp: int) -> int | None:
        if stamp < self.since:
            return None
        reached = bisect_right(self.stamps, stamp)
        return self.seqs[reached - 1] if reached else self.before


def steps_of(trail: Trail, most: int) -> Steps:
    """The trail with at most so many of its stamps, the last of them among them."""
    last = len(trail.stamps) - 1
    places: Sequence[int] = range(last + 1)
    if last >= most:
        places = sorted({last - last * n // max(1, most - 1) for n in range(most)})
    stamps = tuple(trail.stamps[place] for place in places)
    return Steps(trail.epoch, trail.before, trail.since, stamps, tuple(trail.before + place + 1 for place in places))


class Trails:
    """The trails of a node's channels. `node` is the process' name, `clock` gives nanoseconds that only rise."""

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self.node = node_id()
        self._clock = clock
        self._began = clock()
        self._last = 0
        self._trails: dict[str, Trail] = {}
        self._ended: dict[str, Trail] = {}
        self._closed: OrderedDict[str, int] = OrderedDict()
        self._moved: dict[str, None] = {}

    def stamp(self) -> int:
        """Now, later than all before."""
        self._last = max(self._last + 1, self._clock() - self._began)
        return self._last

    def told(self, channel: str, epoch: str, seq: int) -> str:
        """The offset of a frame, or of a snapshot, that is written now to one or several members."""
        return str(Offset(self.node, self.stamp(), ref_of(channel, epoch), seq))

    def ready(self) -> str:
        """The offset of an event of no channel."""
        return str(Offset(self.node, self.stamp()))

    def passed(self, channel: str, epoch: str, seq: int) -> str:
        """The offset of the next frame that is passed on to all members."""
        trail = self._trails.get(channel)
        if trail is None or trail.epoch != epoch or trail.last + 1 != seq:
            since = self._closed.pop(channel, 0) if trail is None else self._last
            self._ended.pop(channel, None)
            trail = self._trails[channel] = Trail(channel, epoch, seq - 1, since)
        stamp = self.stamp()
        trail.add(stamp)
        self._moved[channel] = None
        return f"{self.node}.{stamp:x}.{trail.ref}.{seq}"

    def of(self, channel: str) -> Trail | None:
        return self._trails.get(channel)

    def end(self, channel: str) -> None:
        """The channel has no members any more, or another epoch: what is passed on next does not follow what was."""
        if trail := self._trails.pop(channel, None):
            self._ended[channel] = trail
        self._closed[channel] = self.stamp()
        self._closed.move_to_end(channel)

    def moved(self) -> Mapping[str, Trail]:
        """The trails that went on since this was asked last."""
        moved, self._moved = self._moved, {}
        trails = self.all()
        return {channel: trails[channel] for channel in moved if channel in trails}

    def all(self) -> Mapping[str, Trail]:
        """The trails of all channels, of those without members too, as long as somebody may come back to them."""
        return {**self._ended, **self._trails}

    def forget(self, before: int) -> None:
        """Lets go of what was passed on before a stamp that nobody will ask for."""
        for trails in (self._trails, self._ended):
            for channel in [channel for channel, trail in trails.items() if trail.forget(before)]:
                del trails[channel]
        while self._closed and next(iter(self._closed.values())) < before:
            self._closed.popitem(last=False)


class Seen(NamedTuple):
    """The last event that a client saw: when it was written, and which place it was if it was one of this channel."""

    stamp: int
    place: Position | None = None

    def is_told_by(self, mark: Mark | None) -> bool:
        """Whether its place is where the client is, and nothing that it was told since."""
        if self.place is None or mark is None or self.stamp >= mark.at:
            return self.place is not None
        return self.place.epoch == mark.epoch and self.place.seq >= mark.seq


def seen_in(offset: Offset, node: str, channel: str, epochs: Collection[str]) -> Seen:
    """What an offset says of a channel in one of these epochs. Stamps of another node's are before all of `node`'s."""
    stamp = offset.stamp if offset.node == node else 0
    found = next((epoch for epoch in epochs if epoch and ref_of(channel, epoch) == offset.ref), None)
    return Seen(stamp, Position(found, offset.seq) if found is not None else None)


def received(mark: Mark | None, passed: Passed | None, sent: Position, seen: Seen) -> Position | None:
    """How far somebody is who was sent a channel up to `sent`; None: who can tell?"""
    if seen.is_told_by(mark):
        return seen.place
    if mark is not None and seen.stamp < mark.at:
        return None if mark.again else Position(mark.epoch, mark.seq)
    seq = passed.at(seen.stamp) if passed is not None and passed.epoch == sent.epoch else sent.seq
    if seq is None:
        return None
    least = mark.seq if mark is not None and mark.epoch == sent.epoch else 0
    return Position(sent.epoch, min(sent.seq, max(seq, least)))


def received_at_least(mark: Mark, passed: Passed | None, seen: Seen) -> Position | None:
    """The same as far as others know it, who were told of a mark and of what was passed on some time ago."""
    if seen.is_told_by(mark):
        return seen.place
    if seen.stamp < mark.at:
        return None if mark.again else Position(mark.epoch, mark.seq)
    later = passed.at(seen.stamp) if passed is not None and passed.epoch == mark.epoch else None
    return Position(mark.epoch, max(mark.seq, later or 0))
