"""The relay between a real database and a broker: nothing lost, nothing doubled, whenever it dies. [D2]"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import msgspec
import pytest
from structlog.testing import capture_logs

from backend.services.ports import Database
from backend.services.records import Change, StoredEvent, Target
from rooms.memory import Hub, MemoryBroker
from rooms.positions import Frame
from tests.support.commits import always, event, frame, mark_of, new_id, sending
from tests.support.wait import until
from workers.relay import Relay, RelaySettings

QUICK = RelaySettings(poll=0.02, first_backoff=0.01, longest_backoff=0.02, longest_retry=0.02)


class Node:
    """What one node of the server hears from the broker."""

    def __init__(self, hub: Hub) -> None:
        self.heard: dict[str, list[Frame]] = {}
        self.broker = MemoryBroker(hub)
        self.broker.listen(self._hear, lambda *_: None, lambda: None)

    def _hear(self, channel: str, heard: Frame) -> None:
        self.heard.setdefault(channel, []).append(heard)

    def marks(self, channel: str) -> list[int | str]:
        return [mark_of(heard.body) for heard in self.heard.get(channel, []) if heard.seq]

    def places(self, channel: str) -> list[tuple[int, int]]:
        return [(heard.gen, heard.seq) for heard in self.heard.get(channel, [])]


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    """A node subscribed to channels `a`, `b` and `c`; its hub is the broker's."""
    node = Node(Hub())
    await node.broker.start()
    await node.broker.subscribe(["a", "b", "c"])
    yield node
    await node.broker.close()


@pytest.fixture
async def hub(node: Node) -> Hub:
    return node.broker._hub


async def nothing(_: StoredEvent) -> None:
    """The reaction to everything."""


@asynccontextmanager
async def relaying(
    database: Database,
    hub: Hub,
    react: Callable[[StoredEvent], Awaitable[None]] = nothing,
    settings: RelaySettings = QUICK,
) -> AsyncIterator[Relay]:
    """A running relay with a broker of its own; leaving kills it where it stands."""
    broker = MemoryBroker(hub)
    relay = Relay(database, broker, react, settings)
    await broker.start()
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await broker.close()


def telling(*channels: str, mark: int | str) -> Callable[[object], Change]:
    """A change with an event and a frame for each channel."""
    frames = tuple(frame(channel, mark) for channel in channels)
    return always(Change(answer=b"", events=(event(None, 0),), frames=frames))


async def emptied(database: Database) -> None:
    async def empty() -> bool:
        return not await database.outbox(1)

    await until(empty, what="the outbox is empty")


async def test_what_was_committed_is_published_in_order(database: Database, node: Node, hub: Hub) -> None:
    """[D1]"""
    async with relaying(database, hub) as relay:
        for mark in range(20):
            await database.commit(Target(), telling("a", "b", mark=mark))
        await emptied(database)
    assert node.marks("a") == node.marks("b") == list(range(20))
    assert node.places("a") == [(1, seq) for seq in range(1, 21)]
    assert (relay.rows, relay.frames, relay.outages, relay.failures) == (20, 40, 0, 0)


async def test_a_wake_up_spares_the_poll(database: Database, node: Node, hub: Hub) -> None:
    settings = msgspec.structs.replace(QUICK, poll=60.0)
    async with relaying(database, hub, settings=settings) as relay:
        await until(lambda: relay.lag == 0.0 and relay._measured, what="the relay has looked and waits")
        await database.commit(Target(), sending("a", mark=7))
        await node.broker.wake()
        await until(lambda: node.marks("a") == [7], within=5)


async def test_a_relay_that_died_before_appending_loses_nothing(database: Database, node: Node, hub: Hub) -> None:
    """[D2] Committed while no relay ran, or one that never came to it."""
    for mark in range(5):
        await database.commit(Target(), telling("a", mark=mark))
    reacted: list[StoredEvent] = []

    async def react(stored: StoredEvent) -> None:
        reacted.append(stored)

    async with relaying(database, hub, react):
        await emptied(database)
    assert node.marks("a") == list(range(5))
    assert len(reacted) == 5


async def test_a_relay_that_died_before_deleting_doubles_nothing(database: Database, node: Node, hub: Hub) -> None:
    """[D2] It appended, handed the event to a reaction that never ended, and died."""
    begun = asyncio.Event()

    async def never_ends(_: StoredEvent) -> None:
        begun.set()
        await asyncio.Event().wait()

    await database.commit(Target(), telling("a", mark="first"))
    async with relaying(database, hub, never_ends):
        await begun.wait()
    assert len(await database.outbox(9)) == 1
    reacted: list[StoredEvent] = []

    async def react(stored: StoredEvent) -> None:
        reacted.append(stored)

    async with relaying(database, hub, react):
        await emptied(database)
    await database.commit(Target(), telling("a", mark="second"))
    async with relaying(database, hub):
        await emptied(database)
    assert node.marks("a") == ["first", "second"]
    assert len(reacted) == 1


async def test_slow_reactions_hold_up_no_frames(database: Database, node: Node, hub: Hub) -> None:
    hold = asyncio.Event()

    async def slow(_: StoredEvent) -> None:
        await hold.wait()

    async with relaying(database, hub, slow):
        for mark in range(3):
            await database.commit(Target(), telling("a", mark=mark))
            await until(lambda mark=mark: node.marks("a")[-1:] == [mark])
        assert len(await database.outbox(9)) == 3
        hold.set()
        await emptied(database)


async def test_a_reaction_that_fails_is_tried_again(database: Database, node: Node, hub: Hub) -> None:
    """Others are not kept waiting by it, and nobody hears the frame twice."""
    bad = event(new_id(), 1)
    tries: list[str] = []

    async def react(stored: StoredEvent) -> None:
        tries.append(stored.event.id)
        if stored == bad and tries.count(stored.event.id) < 4:
            raise RuntimeError("not yet")

    await database.commit(Target(), always(Change(answer=b"", events=(bad,), frames=(frame("a", "bad"),))))
    await database.commit(Target(), telling("b", mark="good"))
    with capture_logs() as logs:
        async with relaying(database, hub, react) as relay:
            await emptied(database)
    assert (relay.failures, len(logs)) == (3, 3)
    assert tries.count(bad.event.id) == 4
    assert (node.marks("a"), node.marks("b")) == (["bad"], ["good"])


async def test_a_quotations_events_are_reacted_to_in_order(database: Database, node: Node, hub: Hub) -> None:
    ids = [new_id(), new_id(), new_id()]
    seen: dict[str, list[int]] = {}

    async def react(stored: StoredEvent) -> None:
        await asyncio.sleep(0)
        seen.setdefault(stored.quotation_id or "", []).append(stored.serial)

    async with relaying(database, hub, react):
        for serial in range(10):
            for quotation_id in ids:
                await database.commit(Target(), always(Change(answer=b"", events=(event(quotation_id, serial),))))
        await emptied(database)
    assert seen == {quotation_id: list(range(10)) for quotation_id in ids}


async def test_a_reset_comes_between_what_was_before_and_after(database: Database, node: Node, hub: Hub) -> None:
    """[P6] The frames of both generations, and the reset between them, in one batch."""
    await database.commit(Target(), sending("a", mark=1))
    await database.commit(Target(), always(Change(answer=b"", resets=("a",))))
    await database.commit(Target(), sending("a", mark=2))
    async with relaying(database, hub):
        await emptied(database)
    assert node.places("a") == [(1, 1), (2, 0), (2, 1)]
    assert node.marks("a") == [1, 2]


async def test_several_relays_at_once_publish_once_and_in_order(database: Database, node: Node, hub: Hub) -> None:
    """[D1]"""
    async with relaying(database, hub), relaying(database, hub), relaying(database, hub):
        commits = [database.commit(Target(), telling("a", "b", mark=mark)) for mark in range(40)]
        await asyncio.gather(*commits)
        await emptied(database)
    assert node.places("a") == node.places("b") == [(1, seq) for seq in range(1, 41)]
    assert sorted(map(int, node.marks("a"))) == list(range(40))
    assert node.marks("a") == node.marks("b")


async def test_a_broker_that_lost_its_tail_is_filled_from_the_table(database: Database, node: Node, hub: Hub) -> None:
    """[D2] A promoted replica knows the channel, but not its last frames; somebody else relayed those."""
    for mark in range(1, 6):
        await database.commit(Target(), sending("a", mark=mark))
    await database.forget([row.id for row in await database.outbox(9)])
    at = (await database.position(["a"]))["a"]
    hub.seed("a", at.gen, at.epoch, 2)
    await database.commit(Target(), sending("a", mark=6))
    async with relaying(database, hub):
        await emptied(database)
    assert node.marks("a") == [3, 4, 5, 6]


async def test_a_generation_whose_reset_the_broker_missed_is_filled(database: Database, node: Node, hub: Hub) -> None:
    await database.commit(Target(), sending("a", mark=1))
    old = (await database.position(["a"]))["a"]
    await database.commit(Target(), always(Change(answer=b"", resets=("a",))))
    await database.commit(Target(), sending("a", mark=2))
    await database.forget([row.id for row in await database.outbox(9)])
    hub.seed("a", old.gen, old.epoch, 1)
    await database.commit(Target(), sending("a", mark=3))
    async with relaying(database, hub):
        await emptied(database)
    assert node.places("a") == [(2, 1), (2, 2)]


async def test_a_cold_broker_is_told_where_to_begin(database: Database, node: Node, hub: Hub) -> None:
    """[D2] What went before is in the table; the broker takes up from what waits."""
    for mark in range(3):
        await database.commit(Target(), sending("a", mark=mark))
    await database.forget([row.id for row in await database.outbox(9)])
    await database.commit(Target(), sending("a", mark="new"))
    async with relaying(database, hub):
        await emptied(database)
    assert node.places("a") == [(1, 4)]
    assert node.marks("a") == ["new"]
