"""Waiting for something to become true, with an end."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], T | Awaitable[T]], *, within: float = 10.0, what: str = "") -> T:
    """The first truthy value of `condition` (plain or async), asked again every 10 ms.

    Raises AssertionError, naming `what` and the last value, when `within` seconds are over.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while True:
        answer = condition()
        value: T = await answer if inspect.isawaitable(answer) else answer
        if value:
            return value
        if loop.time() >= deadline:
            raise AssertionError(f"not within {within} s: {what or condition!r} (last: {value!r})")
        await asyncio.sleep(0.01)
