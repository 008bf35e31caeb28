"""What a node waits for from others: acknowledgements of events, and that something was done. And what it has heard."""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any, Final

from realtime.across.messages import Id

MOST_CALLBACKS: Final = 10_000
"""Callbacks that wait for acknowledgements of other nodes' clients; the oldest go first."""
MOST_HEARD: Final = 10_000
"""Messages by which a repeated one is known."""

Callback = Callable[..., Any]


class Callbacks:
    """Callbacks by the numbers that other nodes know them by."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[Callback, bool]] = {}

    def put(self, callback: Callback, *, once: bool) -> int:
        """The number of a callback; `once`: there is one client to answer."""
        number = next(self._numbers)
        self._waiting[number] = callback, once
        if len(self._waiting) > MOST_CALLBACKS:
            del self._waiting[next(iter(self._waiting))]
        return number

    def get(self, number: int) -> Callback | None:
        """The callback that an answer is for; None if nobody waits for it."""
        callback, once = self._waiting.get(number, (None, False))
        if once:
            del self._waiting[number]
        return callback


class Replies:
    """Waits for whether something was done."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[bool]] = {}

    def begin(self) -> int:
        """The number to ask under, to be waited for."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        return number

    async def wait(self, number: int, patience: float) -> bool:
        """What the answer was; False if none came in time."""
        done, _ = await asyncio.wait((self._waiting[number],), timeout=patience)
        return any(answer.result() for answer in done)

    def end(self, number: int) -> None:
        """Waits no more."""
        del self._waiting[number]

    def settle(self, number: int, found: bool) -> None:
        """Somebody answers."""
        waiting = self._waiting.get(number)
        if waiting is not None and not waiting.done():
            waiting.set_result(found)


class Heard:
    """Messages that came already."""

    def __init__(self) -> None:
        self._ids: dict[Id, None] = {}

    def first(self, one: Id) -> bool:
        """Whether a message comes for the first time, as far as can be told."""
        if one in self._ids:
            return False
        self._ids[one] = None
        if len(self._ids) > MOST_HEARD:
            del self._ids[next(iter(self._ids))]
        return True
