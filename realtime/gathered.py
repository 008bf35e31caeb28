"""Many small reads as few large ones: what is asked for while a reading is under way is read together by the next."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Final, Generic, TypeVar

from realtime.tasks import Tasks

K = TypeVar("K")
V = TypeVar("V")

AT_ONCE: Final = 1_000
"""Keys of one reading; the rest has another."""


class Gathered(Generic[K, V]):
    """Calls `read` with the keys that several callers want, one reading after the other.

    A caller's reading always begins after its call, so it sees whatever was written before. If it fails, all who wait
    for it are told so.
    """

    def __init__(self, read: Callable[[Collection[K]], Awaitable[Mapping[K, V]]], tasks: Tasks) -> None:
        self._read = read
        self._tasks = tasks
        self._wanted: dict[K, asyncio.Future[V]] = {}
        self._reading = False

    async def __call__(self, keys: Collection[K]) -> Mapping[K, V]:
        """The values of these keys. Raises what `read` raises."""
        loop = asyncio.get_running_loop()
        mine = {key: self._wanted.setdefault(key, loop.create_future()) for key in keys}
        if mine and not self._reading:
            self._reading = True
            self._tasks.spawn(self._work())
        return {key: await asyncio.shield(value) for key, value in mine.items()}

    async def _work(self) -> None:
        try:
            while self._wanted:
                await self._work_off(self._take())
        finally:
            self._reading = False

    def _take(self) -> dict[K, asyncio.Future[V]]:
        keys = list(self._wanted)[:AT_ONCE]
        return {key: self._wanted.pop(key) for key in keys}

    async def _work_off(self, wanted: dict[K, asyncio.Future[V]]) -> None:
        try:
            found = await self._read(wanted)
        except Exception as failure:
            for value in wanted.values():
                value.set_exception(failure)
                value.exception()  # whoever asked may be gone
            return
        except BaseException:
            for value in wanted.values():
                value.cancel()
            raise
        for key, value in wanted.items():
            value.set_result(found[key])
