"""One client's way out: texts in the order they were sent, bounded in bytes [D7].

What counts is what the engine has not taken yet. On the stock engine that is its queue: the kernel's buffer and at
most 64 KiB of uvicorn's come on top and cannot be seen from here.
"""

from collections.abc import Callable
from typing import Protocol

from realtime.wire import Text

SLOW = "reader.slow"


class Budget:
    """Unsent bytes of all links of a node together, and the most there may be."""

    __slots__ = ("limit", "pending")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.pending = 0


class Put(Protocol):
    """Queues a text with the engine, which calls `taken` when it hands it to the transport."""

    def __call__(self, text: str, taken: Callable[[], None]) -> None: ...


class Link:
    """Sends to one client, never waits, and gives up on a reader who is too slow.

    `on_slow` is called once, when a text did not fit; from then on nothing is sent. A text alone may be larger than
    the bound: a snapshot has to go out somehow.
    """

    __slots__ = ("_budget", "_limit", "_on_slow", "_open", "_pending", "_put")

    def __init__(self, put: Put, limit: int, budget: Budget, on_slow: Callable[[], None]) -> None:
        self._put = put
        self._limit = limit
        self._budget = budget
        self._on_slow = on_slow
        self._pending = 0
        self._open = True

    @property
    def pending(self) -> int:
        """Bytes that the engine has not taken yet."""
        return self._pending

    def send(self, text: Text) -> None:
        """Sends a fact, an ack or a service event: all of them arrive, or the client is disconnected."""
        if not self._open:
            return
        if self._pending and not self._fits(text.size, self._limit):
            self.close()
            self._on_slow()
            return
        self._count(text.size)
        self._put(text.text, lambda: self._count(-text.size))

    def signal(self, text: Text) -> bool:
        """Sends a signal unless the reader lags: half the buffer belongs to facts. False if it was dropped."""
        if not self._open or (self._pending and not self._fits(text.size, self._limit // 2)):
            return False
        self.send(text)
        return True

    def close(self) -> None:
        """Sends nothing more; what the engine has of it no longer counts."""
        self._open = False
        self._count(-self._pending)

    def _fits(self, size: int, limit: int) -> bool:
        return self._pending + size <= limit and self._budget.pending + size <= self._budget.limit

    def _count(self, size: int) -> None:
        if self._open or size < 0:
            size = max(size, -self._pending)
            self._pending += size
            self._budget.pending += size
