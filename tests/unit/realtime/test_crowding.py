"""How often somebody is connected: told to other nodes by one at a time."""

import asyncio
from typing import Any, cast

from realtime.crowding import Crowd
from realtime.sessions import Sessions
from rooms.memory import MemoryBroker
from tests.support.wait import until


class _Slow(MemoryBroker):
    """Takes its time until `going` is set; `told` is what it was told of whom."""

    def __init__(self) -> None:
        super().__init__()
        self.going = asyncio.Event()
        self.told: list[bytes] = []

    async def enter(self, room: str, member_id: str, meta: bytes, ttl: float) -> None:
        self.told.append(meta)
        await self.going.wait()
        await super().enter(room, member_id, meta, ttl)


class _Here:
    """The sessions of one person."""

    def __init__(self) -> None:
        self.count = 2

    def of(self, _: str) -> tuple[int, ...]:
        return tuple(range(self.count))


async def test_who_comes_while_others_are_told_of_them_is_told_next() -> None:
    """[S2] Once, by whoever is telling already, and nothing fails."""
    unheard: list[Any] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unheard.append(context))
    broker, here = _Slow(), _Here()
    await broker.start()
    crowd = Crowd(broker, cast("Sessions", here), "node", 10, 60.0)
    crowd.changed("ana")
    await until(lambda: broker.told == [b"2"])
    here.count = 3
    crowd.changed("ana")
    await asyncio.sleep(0)
    broker.going.set()
    await until(lambda: broker.told == [b"2", b"3"])
    here.count = 4
    crowd.changed("ana")
    await until(lambda: broker.told == [b"2", b"3", b"4"])
    assert await broker.here("sessions:ana") == {"node": b"4"}
    assert not unheard
    await crowd.close()
    await broker.close()
