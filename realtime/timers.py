"""Many deadlines on one timer of the loop, so that a connection needs none of its own."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

from backend.adapters.logs import report

Callback = Callable[[], None]


class Deadline:
    """One entry; `cancel` makes it do nothing and lets go of what its callback holds."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callback) -> None:
        self.callback: Callback | None = callback

    def cancel(self) -> None:
        self.callback = None


class Timers:
    """A heap of deadlines in the loop's time. Callbacks must not block."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._heap: list[tuple[float, int, Deadline]] = []
        self._numbers = count()
        self._handle: asyncio.TimerHandle | None = None

    def after(self, seconds: float, callback: Callback) -> Deadline:
        """Calls back once, `seconds` from now; at the loop's next turn if that is not positive."""
        deadline = Deadline(callback)
        heapq.heappush(self._heap, (self._loop.time() + seconds, next(self._numbers), deadline))
        if self._heap[0][2] is deadline:
            self._arm()
        return deadline

    def close(self) -> None:
        """Forgets everything."""
        self._heap.clear()
        self._arm()

    def __len__(self) -> int:
        return len(self._heap)

    def _arm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._handle = self._loop.call_at(self._heap[0][0], self._fire) if self._heap else None

    def _fire(self) -> None:
        now = self._loop.time()
        while self._heap and (self._heap[0][0] <= now or self._heap[0][2].callback is None):
            callback = heapq.heappop(self._heap)[2].callback
            if callback is not None:
                _call(callback)
        self._arm()


def _call(callback: Callback) -> None:
    """Calls back; one that fails keeps no other from being called."""
    try:
        callback()
    except Exception as failure:  # a bug of ours
        report("a deadline's work failed", failure)
