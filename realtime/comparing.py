"""Where the table stands, asked for those channels of a node that may be behind it.

To read every channel's position every few seconds would be most of what an idle node does. Instead one query finds
what was written to any channel of late, and the positions of all are read in turn, a part each time, in case that
something became visible even later than that.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from heapq import nlargest
from math import ceil
from typing import Final

from backend.services.ports import Snapshots
from rooms.positions import Cursor

LATE: Final = timedelta(seconds=15)
"""How long before it can be read something may have been written: a commit that waited, clocks that were set."""
SWEEP_SECONDS: Final = 60.0
"""Within this each channel's position is read."""
RECENT: Final = 2_000
"""Frames that are read at most. Where more were written lately, every channel's position is read instead."""
AT_ONCE: Final = 500
"""Channels whose positions are read in one go."""


class Comparison:
    """Remembers how far the channels were compared. `clock` gives seconds that only rise."""

    def __init__(self, db: Snapshots, clock: Callable[[], float] = time.monotonic) -> None:
        self._db = db
        self._clock = clock
        self._compared: float | None = None
        self._unswept: list[str] = []

    async def places(self, channels: Collection[str]) -> dict[str, Cursor]:
        """Where the table stands at least: of the channels that moved since the last time, and of some others."""
        began = self._clock()
        passed = SWEEP_SECONDS if self._compared is None else began - self._compared
        found: dict[str, Cursor] = {}
        recent = await self._db.moved(timedelta(seconds=passed) + LATE, RECENT) if passed < SWEEP_SECONDS else None
        if recent is None or len(recent) >= RECENT:
            swept = list(channels)
        else:
            swept = self._next(channels, ceil(len(channels) * passed / SWEEP_SECONDS))
            for channel, place in recent:
                found[channel] = max(place, found.get(channel, place))
        for batch in batches(swept):
            for channel, truth in (await self._db.position(batch)).items():
                found[channel] = Cursor(truth.gen, truth.seq)
        self._compared = began
        return found

    def _next(self, channels: Collection[str], count: int) -> list[str]:
        """The next of the round; a channel that came during it is in the next one."""
        if not self._unswept:
            self._unswept = list(channels)
        taken = self._unswept[-count:] if count else []
        del self._unswept[len(self._unswept) - len(taken) :]
        return [channel for channel in taken if channel in channels]


def furthest_behind(
    places: Mapping[str, Cursor], reached: Callable[[str], Cursor | None], most: int
) -> list[tuple[str, int]]:
    """The channels that are furthest from where the table was found, and how many frames that is, at least one.

    Of an epoch that a channel has not begun all frames count.
    """
    behind = []
    for channel, place in places.items():
        at = reached(channel)
        if at is not None and at < place:
            behind.append((channel, max(1, place.seq - (at.seq if at.gen == place.gen else 0))))
    return nlargest(most, behind, key=lambda one: one[1])


def batches(channels: Collection[str]) -> Iterable[list[str]]:
    """The channels in lists of a size that one read takes."""
    listed = list(channels)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
