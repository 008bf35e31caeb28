"""Work that nobody waits for: kept alive until it is done, its failures told, all of it stopped at the end."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import Any, Final, TypeVar

import structlog

from backend.adapters.logs import report
from backend.domain.refusals import Refusal

log = structlog.get_logger(__name__)
T = TypeVar("T")

AGAIN_SECONDS: Final = 0.5


async def patiently(read: Callable[[], Awaitable[T]]) -> T:
    """What `read` returns, asked again until the database answers. Refusals are answers."""
    failing = False
    while True:
        try:
            return await read()
        except Refusal:
            raise
        except Exception as failure:  # whatever a database that is away may raise
            if not failing:
                log.warning("reading again until the database answers", failure=type(failure).__name__)
            failing = True
            await asyncio.sleep(AGAIN_SECONDS)


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
        await cancelled(self._running)


async def cancelled(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancels tasks until they have ended.

    Once is not enough: on Python 3.11 `asyncio.wait_for`, which client libraries use, loses a cancellation that comes
    in the turn in which what it waits for is done.
    """
    while running := {task for task in tasks if not task.done()}:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=AGAIN_SECONDS)


async def _reported(work: Coroutine[Any, Any, None]) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        try:
            await work
        except Exception as failure:  # nobody else would hear of it
            report("background work failed", failure)
