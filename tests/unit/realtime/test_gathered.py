"""Small reads that become one."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from realtime.gathered import AT_ONCE, Gathered
from realtime.tasks import Tasks
from tests.support.wait import until


class Shelf:
    """Answers a key with its double, once `open` is set; `asked` are the readings."""

    def __init__(self) -> None:
        self.asked: list[set[int]] = []
        self.open = asyncio.Event()
        self.broken = False
        self.read = Gathered(self._read, Tasks())

    async def _read(self, keys: Collection[int]) -> Mapping[int, int]:
        self.asked.append(set(keys))
        await self.open.wait()
        if self.broken:
            raise OSError
        return {key: 2 * key for key in keys}


async def test_what_is_asked_for_meanwhile_is_read_together() -> None:
    """The first at once, all others by the next reading, which begins after they asked."""
    shelf = Shelf()
    first = asyncio.create_task(shelf.read((1,)))
    await until(lambda: shelf.asked)
    others = [asyncio.create_task(shelf.read((1, n))) for n in range(2, 50)]
    await asyncio.sleep(0)
    shelf.open.set()
    assert await first == {1: 2}
    assert [await other for other in others] == [{1: 2, n: 2 * n} for n in range(2, 50)]
    assert shelf.asked == [{1}, set(range(1, 50))]


async def test_a_reading_has_a_size() -> None:
    """More keys than it may have are read by several."""
    shelf = Shelf()
    shelf.open.set()
    assert len(await shelf.read(range(AT_ONCE + 1))) == AT_ONCE + 1
    assert [len(keys) for keys in shelf.asked] == [AT_ONCE, 1]


async def test_a_failure_is_everybodys_who_waits_and_no_more() -> None:
    """The next reading is tried anew."""
    shelf = Shelf()
    shelf.broken = True
    shelf.open.set()
    both = await asyncio.gather(shelf.read((1,)), shelf.read((2,)), return_exceptions=True)
    assert [type(one) for one in both] == [OSError, OSError]
    shelf.broken = False
    assert await shelf.read((3,)) == {3: 6}


async def test_who_gives_up_takes_nothing_from_others() -> None:
    """A cancelled caller's keys are read all the same."""
    shelf = Shelf()
    impatient, patient = (asyncio.create_task(shelf.read((1,))) for _ in range(2))
    await until(lambda: shelf.asked)
    impatient.cancel()
    shelf.open.set()
    assert await patient == {1: 2}
    with pytest.raises(asyncio.CancelledError):
        await impatient
