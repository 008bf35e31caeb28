"""A part of a Redis Cluster goes away: what others of its servers have is relayed meanwhile. [D1] [D2.6]"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count

import pytest

from backend.services.ports import Database
from backend.services.records import Target
from rooms.keys import Keys
from rooms.positions import Frame, Position
from rooms.redis import RedisBroker
from rooms.slots import slot_of
from rooms.subscriber import Patience
from tests.fixtures.cluster import ClusterNode, RedisCluster
from tests.integration.relay.test_relay import emptied, nothing, telling
from tests.support.commits import mark_of
from tests.support.wait import until
from workers.relay import Relay

AWAY = "quotation:1/agency"
STUBBORN = Patience(timeout=600.0, silence=0.2, backoff=0.01, backoff_most=0.1)


def slot(channel: str) -> int:
    return slot_of(Keys("rooms").published(channel).encode())


@contextmanager
def killed(nodes: list[ClusterNode]) -> Iterator[None]:
    for node in nodes:
        node.kill()
    yield
    for node in nodes:
        node.start()


@contextmanager
def frozen(nodes: list[ClusterNode]) -> Iterator[None]:
    with ExitStack() as thawing:
        for node in nodes:
            thawing.enter_context(node.frozen())
        yield


@pytest.fixture
def others(redis_cluster: RedisCluster) -> list[str]:
    """Channels that another master has."""
    master = redis_cluster.master_of(slot(AWAY))
    rooms = (f"quotation:{number}/agency" for number in count(2))
    elsewhere = (channel for channel in rooms if redis_cluster.master_of(slot(channel)) is not master)
    return [next(elsewhere), next(elsewhere)]


class Watcher:
    """A node that hears some channels."""

    def __init__(self, url: str) -> None:
        self.heard: list[tuple[str, Frame]] = []
        self.broker = RedisBroker(url, patience=STUBBORN)
        self.broker.listen(lambda *heard: self.heard.append(heard), lambda *_: None, lambda _: None)

    def marks(self, channel: str) -> list[int | str]:
        return [mark_of(frame.body) for name, frame in self.heard if name == channel]


@pytest.fixture
async def watcher(redis_cluster: RedisCluster, others: list[str]) -> AsyncIterator[Watcher]:
    watcher = Watcher(redis_cluster.url)
    await watcher.broker.start()
    await watcher.broker.subscribe([AWAY, *others])
    yield watcher
    await watcher.broker.close()


@pytest.fixture
async def relay(database: Database, redis_cluster: RedisCluster) -> AsyncIterator[Relay]:
    """It gives up nothing, so that it cannot go on by giving up."""
    broker = RedisBroker(redis_cluster.url, patience=STUBBORN)
    relay = Relay(database, broker, nothing)
    await broker.start()
    task = asyncio.create_task(relay.run())
    yield relay
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    await broker.close()


async def waiting(database: Database, rows: int) -> None:
    """Returns once so many rows wait."""

    async def waits() -> bool:
        return len(await database.outbox(99)) == rows

    await until(waits)


@pytest.mark.parametrize("trouble", [killed, frozen])
async def test_channels_wait_for_nobody_elses_server(
    redis_cluster: RedisCluster,
    database: Database,
    others: list[str],
    watcher: Watcher,
    relay: Relay,
    trouble: Callable[..., Iterator[None]],
) -> None:
    """Not even those of a command that has something for both; whoever waits has all of it in order in the end."""
    near, far = others
    await database.commit(Target(), telling(AWAY, near, far, mark="before"))
    await until(lambda: all(watcher.marks(channel) == ["before"] for channel in (AWAY, near, far)))
    known = (await database.position([AWAY]))[AWAY]
    pair = [redis_cluster.master_of(slot(AWAY)), redis_cluster.replica_of(slot(AWAY))]
    with trouble(pair):
        for mark in range(10):
            await database.commit(Target(), telling(AWAY, near, mark=mark))
            await database.commit(Target(), telling(far, mark=mark))
            for channel in (near, far):
                await until(lambda channel=channel, mark=mark: watcher.marks(channel)[-1] == mark)
        await waiting(database, 10)
    await emptied(database)
    assert watcher.marks(near) == watcher.marks(far) == ["before", *range(10)]
    kept = await watcher.broker.replay(AWAY, Position(known.epoch, known.seq))
    assert kept is not None
    assert [mark_of(frame.body) for frame in kept] == list(range(10))
    assert relay.outages == 0
