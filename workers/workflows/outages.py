"""What has to be done, though the database is away at the moment."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from workers.backoff import pause

T = TypeVar("T")
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0
_log = structlog.get_logger(__name__)


async def until_done(work: Callable[[], Awaitable[T]], trouble: str) -> T:
    """What `work` returns, tried on as long as the database is away, which `trouble` tells once."""
    tries = 0
    while True:
        try:
            return await work()
        except Exception as error:
            tries += 1
            if tries == 1:
                _log.warning(trouble, failure=type(error).__name__)
            await asyncio.sleep(pause(tries, _FIRST_PAUSE, _LONGEST_PAUSE))
