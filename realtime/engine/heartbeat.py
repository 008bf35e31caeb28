"""When each session is due for something: one wheel of slots, and one timer for all of them."""

import asyncio
import math
from collections.abc import Callable
from typing import Final, Generic, Protocol, TypeVar

NOWHERE: Final = -1
_COARSEST = 0.25
_FINEST = 0.005


class Due(Protocol):
    """What can be on a wheel. `slot` belongs to the wheel and begins as `NOWHERE`."""

    slot: int


D = TypeVar("D", bound=Due)


class Wheel(Generic[D]):
    """Calls `on_due(item, now)` not before its time and at most a step after it; times are the loop's.

    Args:
        period: the shortest wait there will be, in seconds; a step is a fraction of it.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, period: float, on_due: Callable[[D, float], None]) -> None:
        self._loop = loop
        self._step = min(_COARSEST, max(_FINEST, period / 50))
        self._on_due = on_due
        # Each with its own number, which all of its items share: one object, not one for each of them.
        self._slots: dict[int, tuple[int, dict[D, None]]] = {}
        self._turned = 0
        self._timer: asyncio.TimerHandle | None = None

    def put(self, item: D, at: float) -> None:
        """Makes an item due at a time, and at no other."""
        self.take(item)
        if self._timer is None:
            self._turned = math.floor(self._loop.time() / self._step)
            self._wait()
        number = max(math.ceil(at / self._step), self._turned + 1)
        slot = self._slots.get(number)
        if slot is None:
            slot = self._slots[number] = (number, {})
        item.slot = slot[0]
        slot[1][item] = None

    def take(self, item: D) -> None:
        """Makes an item due at no time."""
        slot = self._slots.get(item.slot)
        if slot is not None:
            slot[1].pop(item, None)
            if not slot[1]:
                del self._slots[item.slot]
        item.slot = NOWHERE

    def close(self) -> None:
        """Nothing is due any more."""
        self._slots.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wait(self) -> None:
        self._timer = self._loop.call_at((self._turned + 1) * self._step, self._turn)

    def _turn(self) -> None:
        now = self._loop.time()
        reached = math.floor(now / self._step)
        while self._turned < reached:
            self._turned += 1
            _, items = self._slots.pop(self._turned, (0, {}))
            for item in items:
                if item.slot == self._turned:
                    item.slot = NOWHERE
                    self._call(item, now)
        if self._slots:
            self._wait()
        else:
            self._timer = None

    def _call(self, item: D, now: float) -> None:
        try:
            self._on_due(item, now)
        except Exception as failure:  # a bug in one item's affair must not stop everybody's heart
            context = {"message": "what was due failed", "exception": failure}
            self._loop.call_exception_handler(context)
