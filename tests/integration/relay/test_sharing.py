"""Several relays share the outbox over their broker, and take over from each other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from backend.services.ports import Database
from backend.services.records import OUTBOX_PARTS, Change, StoredEvent, Target
from rooms.memory import Hub, MemoryBroker
from tests.support.commits import always, event, new_id
from tests.support.wait import until
from workers.relay import Relay, RelaySettings
from workers.sharing import Sharing

QUICK = RelaySettings(poll=0.02, first_backoff=0.01, longest_backoff=0.02)
PRESENCE = 0.3


class Sharer:
    """A relay that shares, and the quotations whose events it had."""

    def __init__(self, database: Database, hub: Hub, presence: float) -> None:
        self.had: list[str | None] = []
        self.broker = MemoryBroker(hub)
        self.sharing = Sharing(self.broker, new_id(), presence)
        self.relay = Relay(database, self.broker, self._react, QUICK, lambda: self.sharing.mine)
        self.tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await self.broker.start()
        self.tasks = [asyncio.create_task(self.relay.run()), asyncio.create_task(self.sharing.run())]

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def die(self) -> None:
        """Without a word: its presence has to expire."""
        await self.broker.close()
        await self.stop()

    async def _react(self, stored: StoredEvent) -> None:
        self.had.append(stored.quotation_id)


@asynccontextmanager
async def three(database: Database, presence: float = PRESENCE) -> AsyncIterator[list[Sharer]]:
    """Relays that know of each other. One that stands still for longer than `presence` seconds counts as dead."""
    hub = Hub()
    sharers = [Sharer(database, hub, presence) for _ in range(3)]
    for sharer in sharers:
        await sharer.start()
    await until(lambda: _agreed(sharers), what="they agreed")
    yield sharers
    for sharer in sharers:
        await sharer.die()


def _agreed(sharers: Sequence[Sharer]) -> bool:
    parts = [part for one in sharers for part in one.sharing.mine]
    return sorted(parts) == list(range(OUTBOX_PARTS)) and all(one.sharing.mine for one in sharers)


async def happen(database: Database, ids: list[str]) -> None:
    for serial in range(3):
        for quotation_id in ids:
            await database.commit(Target(), always(Change(answer=b"", events=(event(quotation_id, serial),))))


async def emptied(database: Database) -> None:
    async def empty() -> bool:
        return not await database.outbox(1)

    await until(empty, what="the outbox is empty")


async def test_each_quotation_is_one_relays(database: Database) -> None:
    ids = [new_id() for _ in range(30)]
    async with three(database, presence=10 * PRESENCE) as sharers:
        await happen(database, ids)
        await emptied(database)
    assert sorted(str(one) for sharer in sharers for one in sharer.had) == sorted(ids * 3)
    assert sum(len(set(sharer.had)) for sharer in sharers) == len(ids)
    assert all(sharer.had for sharer in sharers)


async def test_the_others_have_what_a_dead_one_had(database: Database) -> None:
    """[D2]"""
    ids = [new_id() for _ in range(30)]
    async with three(database) as sharers:
        dead, *alive = sharers
        await dead.die()
        await happen(database, ids)
        await emptied(database)
        assert _agreed(alive)
    assert {one for sharer in alive for one in sharer.had} == set(ids)
    assert not dead.had


async def test_who_stops_in_order_leaves_its_share_at_once(database: Database) -> None:
    async with three(database) as (leaving, *staying):
        await leaving.stop()
        assert leaving.sharing._me not in await staying[0].broker.here("relays:outbox")
        await until(lambda: _agreed(staying), what="they agreed anew")
