"""How long facts take from their decision to their readers' sockets, looked at in a few frames a second.

A frame says when its fact was decided, by the clock of the node that did; so the clocks of nodes have to agree.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from realtime import metrics

INTERVAL: Final = 0.1
"""Seconds between two frames that are looked at."""
# A frame's own time comes before anything that people wrote.
_AT: Final = re.compile(rb'"at":"([^"]+)"')


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Sampler:
    """`clock` gives seconds that only rise, `now` the time of day."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = _utc_now) -> None:
        self._clock = clock
        self._now = now
        self._next = float("-inf")

    def see(self, body: bytes) -> None:
        """A frame leaves."""
        moment = self._clock()
        if moment < self._next:
            return
        self._next = moment + INTERVAL
        if at := _AT.search(body):
            decided = datetime.fromisoformat(at[1].decode())
            metrics.DELIVERY_SECONDS.observe(max(0.0, (self._now() - decided).total_seconds()))
