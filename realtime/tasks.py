"""Work that nobody waits for: kept alive until it is done, its failures told, all of it stopped at the end."""

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any

from backend.adapters.logs import report


class Tasks:
    """The background work of one part of a node."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Starts it. The task never fails: what goes wrong is logged."""
        task = asyncio.create_task(_reported(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def close(self) -> None:
        """Stops what still runs, and waits until it has."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _reported(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await work
        except Exception as failure:  # nobody else would hear of it
            report("background work failed", failure)
