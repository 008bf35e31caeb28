"""Handlers in tasks, as few as will do.

A task costs as much as a short handler. Those that begin within one turn of the loop begin one after the other in one
task: whoever ends without waiting needed none of its own. The first that waits keeps the task for itself, and those
behind it get one each. So each has a task of its own from the moment that it waits, and nobody's context variables or
cancellation reach another.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from typing import Any

Work = Coroutine[Any, Any, None]


class Turns:
    """Runs coroutines. `start` runs a coroutine function with its arguments as a task."""

    def __init__(self, start: Callable[..., object]) -> None:
        self._start = start
        self._ready: deque[Work] = deque()
        # Who takes what is ready; nobody else may while it is there.
        self._taker: object | None = None

    def run(self, work: Work) -> None:
        """Begins a coroutine soon, those of earlier calls first. What it raises ends its task."""
        self._ready.append(work)
        if self._taker is None:
            self._next()

    def close(self) -> None:
        """Lets go of what has not begun."""
        while self._ready:
            self._ready.popleft().close()

    def _next(self) -> None:
        self._taker = taker = object()
        self._start(self._take, taker)

    async def _take(self, taker: object) -> None:
        clean, task = copy_context(), asyncio.current_task()
        if len(self._ready) > 1:
            asyncio.get_running_loop().call_soon(self._scatter, taker)
        try:
            while self._taker is taker:
                work = self._ready.popleft()
                if not self._ready:
                    self._taker = None
                await work
                if task is None or task.cancelling() or copy_context() != clean:
                    break
        finally:
            if self._taker is taker:
                clean.run(self._next)

    def _scatter(self, taker: object) -> None:
        """If the taker waits, nobody else does."""
        if self._taker is taker:
            self._taker = None
            while self._ready:
                self._start(_alone, self._ready.popleft())


async def _alone(work: Work) -> None:
    await work
