"""What a node lives through while a Redis Cluster loses, changes and moves what it consists of [D1] [D2] [P6]."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from loadtests.redis_cluster import Reply, info
from rooms.broker import Appended, BrokerUnavailable, Outcome
from rooms.keys import Keys
from rooms.positions import Position
from rooms.redis import RedisBroker
from rooms.slots import slot_of
from rooms.subscriber import Patience
from tests.contract.broker.conftest import CHANNEL, RETENTION, Ear, frames, url_of
from tests.fixtures.cluster import ClusterNode, RedisCluster
from tests.support.wait import until

KEYS = Keys("t")
NAME = KEYS.published(CHANNEL)
SLOT = slot_of(NAME.encode())
MANY = [f"quotation:{number}/agency" for number in range(300)]
QUICK = Patience(timeout=5.0, silence=0.2, backoff=0.01, backoff_most=0.1, topology=0.5)
Open = Callable[..., Awaitable[RedisBroker]]


@pytest.fixture
async def open_broker(redis_cluster: RedisCluster) -> AsyncIterator[Open]:
    opened: list[RedisBroker] = []

    async def open_(ear: Ear | None = None, patience: Patience = QUICK) -> RedisBroker:
        broker = RedisBroker(url_of(redis_cluster), prefix="t", retention=RETENTION, patience=patience)
        if ear is not None:
            broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
            broker.on_wake(ear.on_wake)
        await broker.start()
        opened.append(broker)
        return broker

    yield open_
    for broker in opened:
        await broker.close()


class Writer:
    """Appends one frame after the other as a relay does: until it knows that it is there."""

    def __init__(self, broker: RedisBroker, channel: str = CHANNEL) -> None:
        self.broker = broker
        self.channel = channel
        self.seq = 0
        self._stop = asyncio.Event()
        self._task = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while not self._stop.is_set():
            self.seq += 1
            await append(self.broker, self.seq, self.channel)

    async def stop(self) -> int:
        """The last seq."""
        self._stop.set()
        await self._task
        return self.seq

    async def comes_to(self, seq: int) -> None:
        await until(lambda: self.seq >= seq, within=30)


async def append(broker: RedisBroker, seq: int, channel: str = CHANNEL) -> None:
    """One frame, whatever the broker forgot, however long it takes."""
    while True:
        with suppress(BrokerUnavailable):
            answer = await broker.append(channel, frames([seq]))
            if answer.outcome in (Outcome.APPENDED, Outcome.DUPLICATE):
                return
            await broker.seed(channel, 1, "epoch-1", seq - 1)


def other_master(cluster: RedisCluster, slot: int) -> ClusterNode:
    return next(node for node in cluster.masters() if node is not cluster.master_of(slot))


def of_slots_of(cluster: RedisCluster, node: ClusterNode) -> set[str]:
    """Those of `MANY` that a node serves."""
    return {one for one in MANY if cluster.master_of(slot_of(KEYS.published(one).encode())) is node}


async def hears_again(ear: Ear, relay: RedisBroker, seq: int) -> int:
    """What is appended from `seq` on is heard, after a while, and never out of order; what was not before was told as
    lost [D1]. The last seq."""
    told = ear.missed[CHANNEL]

    async def heard() -> bool:
        nonlocal seq
        await append(relay, seq)
        with suppress(AssertionError):
            await until(lambda: (1, seq) in ear.seqs(), within=0.2)
            return True
        seq += 1
        return False

    await until(heard, within=20)
    assert ear.seqs() == sorted(ear.seqs())
    assert len(ear.seqs()) == seq or told
    return seq


async def test_d1_a_killed_master_is_replaced_and_only_its_channels_are_told_as_lost(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    ear = Ear()
    node, relay = await open_broker(ear), await open_broker()
    await node.subscribe(MANY)
    writer = Writer(relay)
    await writer.comes_to(20)
    master = redis_cluster.master_of(SLOT)
    its_channels = of_slots_of(redis_cluster, master)
    await asyncio.to_thread(master.kill)
    before = writer.seq
    await writer.comes_to(before + 20)
    await until(lambda: set(ear.missed) == its_channels, within=30)
    await hears_again(ear, relay, await writer.stop())
    assert 0 < len(its_channels) < len(MANY)


async def test_d1_a_master_that_gives_way_loses_nothing_unnoticed(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    ear = Ear()
    node, relay = await open_broker(ear), await open_broker()
    await node.subscribe([CHANNEL])
    writer = Writer(relay)
    for _ in range(2):
        await writer.comes_to(writer.seq + 20)
        ear.missed.clear()
        await asyncio.to_thread(redis_cluster.fail_over, SLOT)
        await until(lambda: ear.missed[CHANNEL] > 0, within=20)
    await hears_again(ear, relay, await writer.stop())


async def test_d1_a_slot_that_moves_while_it_is_written_to_loses_nothing_unnoticed(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    ear = Ear()
    node, relay = await open_broker(ear), await open_broker()
    await node.subscribe(MANY)
    writer = Writer(relay)
    source, target = redis_cluster.master_of(SLOT), other_master(redis_cluster, SLOT)
    for goal in (target, source):
        await writer.comes_to(writer.seq + 20)
        ear.missed.clear()
        await asyncio.to_thread(redis_cluster.move_slot, SLOT, goal)
        await until(lambda: ear.missed[CHANNEL] > 0, within=20)
        await node.signal(CHANNEL, "typing.changed", b"{}")
        await until(lambda: ear.signals.pop() if ear.signals else None)
        assert {slot_of(KEYS.published(one).encode()) for one in ear.missed} == {SLOT}
    last = await hears_again(ear, relay, await writer.stop())
    assert await node.replay(CHANNEL, Position("epoch-1", last - 2)) == tuple(frames([last - 1, last]))


async def test_what_is_half_moved_is_asked_again_until_it_has_arrived(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    """A channel's state and log may be on both sides (TRYAGAIN); one that is new begins where the slot goes (ASK)."""
    node = await open_broker()
    target = other_master(redis_cluster, SLOT)
    await append(node, 1)
    redis_cluster.open_slot(SLOT, target)
    await node.keep({}, 1)
    await node.enter("quotation:1", "ana", b"1", 30)
    assert target.ask("DBSIZE") == 1
    assert await node.here("quotation:1") == {"ana": b"1"}
    _, log = KEYS.of_channel(CHANNEL)
    redis_cluster.master_of(SLOT).ask("MIGRATE", "127.0.0.1", target.port, "", 0, 5_000, "KEYS", log)
    late = asyncio.create_task(node.append(CHANNEL, frames([2])))
    await asyncio.sleep(0.1)
    assert not late.done()
    await asyncio.to_thread(redis_cluster.carry_keys, SLOT, target)
    await asyncio.to_thread(redis_cluster.close_slot, SLOT, target)
    assert await late == Appended(Outcome.APPENDED, 2)
    assert await node.replay(CHANNEL, Position("epoch-1", 0)) == tuple(frames([1, 2]))


async def test_d1_a_frozen_master_is_noticed_without_traffic(redis_cluster: RedisCluster, open_broker: Open) -> None:
    ear = Ear()
    node = await open_broker(ear)
    await node.subscribe([CHANNEL])
    with redis_cluster.master_of(SLOT).frozen():
        await until(lambda: ear.missed[CHANNEL] > 0, within=20)
        await hears_again(ear, node, 1)


async def test_who_waits_for_a_frozen_master_is_served_by_its_heir(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    """Long before it would be given up, and without anybody who listens."""
    node = await open_broker(None, Patience(timeout=600.0, silence=600.0, topology=600.0))
    await append(node, 1)
    with redis_cluster.master_of(SLOT).frozen():
        async with asyncio.timeout(30):
            await append(node, 2)


async def test_d2_a_promoted_replica_that_lacks_the_tail_says_so(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    node = await open_broker()
    await append(node, 1)
    await append(node, 2)
    master, replica = redis_cluster.master_of(SLOT), redis_cluster.replica_of(SLOT)
    offset = info(master.member, "replication")["master_repl_offset"]
    await until(lambda: int(info(replica.member, "replication")["slave_repl_offset"]) >= int(offset))
    master.ask("ACL", "SETUSER", "default", "-psync", "-sync")
    try:
        master.ask("CLIENT", "KILL", "TYPE", "replica")
        await append(node, 3)
        await append(node, 4)
        await asyncio.to_thread(redis_cluster.fail_over, SLOT, "TAKEOVER")
    finally:
        master.ask("ACL", "SETUSER", "default", "+psync", "+sync")
    assert await node.append(CHANNEL, frames([5])) == Appended(Outcome.GAP, 2)
    assert await node.replay(CHANNEL, Position("epoch-1", 4)) is None
    assert await node.append(CHANNEL, frames([3, 4, 5])) == Appended(Outcome.APPENDED, 5)


async def test_a_cluster_that_is_down_says_so_and_the_wish_to_subscribe_stands(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    ear = Ear()
    brief = Patience(timeout=0.5, silence=0.1, backoff=0.01, backoff_most=0.05, topology=0.2)
    node = await open_broker(ear, brief)
    pair = [redis_cluster.master_of(SLOT), redis_cluster.replica_of(SLOT)]
    for one in pair:
        one.kill()
    calls: list[Awaitable[object]] = [
        node.append(CHANNEL, frames([1])),
        node.signal(CHANNEL, "typing.changed", b"{}"),
        node.subscribe([CHANNEL]),
    ]
    for call in calls:
        with pytest.raises(BrokerUnavailable):
            await call
    # The other masters serve theirs.
    elsewhere = next(
        one for one in MANY if slot_of(KEYS.published(one).encode()) not in range(SLOT - 6_000, SLOT + 6_000)
    )
    await append(node, 1, elsewhere)
    for one in pair:
        one.start()
    await until(lambda: ear.missed[CHANNEL] > 0, within=30)
    await hears_again(ear, node, 1)


async def test_without_a_cluster_a_start_is_refused() -> None:
    broker = RedisBroker("redis+cluster://127.0.0.1:1,127.0.0.1:2", patience=Patience(timeout=0.3))
    with pytest.raises(BrokerUnavailable):
        await broker.start()
    await broker.close()


async def test_a_server_without_a_cluster_is_none(redis_server: object, open_broker: Open) -> None:
    url = str(getattr(redis_server, "url", "")).replace("redis://", "redis+cluster://")
    broker = RedisBroker(url, patience=Patience(timeout=0.3))
    with pytest.raises(BrokerUnavailable, match="no view of the cluster"):
        await broker.start()
    await broker.close()


async def test_d1_a_node_is_sent_nothing_of_rooms_in_which_it_has_nobody(
    redis_cluster: RedisCluster, open_broker: Open
) -> None:
    """[D1.4] Counted by the server: to how many connections each message went, while others of its slot are heard."""
    neighbours = [f"quotation:{number}/agency" for number in range(20_000)]
    same_slot = [one for one in neighbours if slot_of(KEYS.published(one).encode()) == SLOT and one != CHANNEL]
    inside, outside = Ear(), Ear()
    member, stranger = await open_broker(inside), await open_broker(outside)
    await member.subscribe([CHANNEL])
    await stranger.subscribe(same_slot)
    master = redis_cluster.master_of(SLOT)
    assert master.ask("PUBSUB", "SHARDNUMSUB", NAME) == [NAME, 1]
    receivers = [master.ask("SPUBLISH", NAME, "S" + "typing.changed\n{}") for _ in range(100)]
    await until(lambda: len(inside.signals) == 100)
    assert len(same_slot) > 20
    assert sum(count for count in receivers if isinstance(count, int)) == 100
    assert outside.signals == []
    await member.unsubscribe([CHANNEL])
    await until(lambda: master.ask("PUBSUB", "SHARDNUMSUB", NAME) == [NAME, 0])


async def test_many_channels_of_a_slot_share_a_command(redis_cluster: RedisCluster, open_broker: Open) -> None:
    node = await open_broker()
    channels = [f"quotation:{number}/agency" for number in range(10_000)]
    for master in redis_cluster.masters():
        master.ask("CONFIG", "RESETSTAT")
    await node.subscribe(channels)
    calls = sum(_calls(master.ask("INFO", "commandstats"), "ssubscribe") for master in redis_cluster.masters())
    # And once more for those that wait for their connection.
    assert calls <= 2 * 256


def _calls(said: Reply, command: str) -> int:
    line = next(line for line in str(said).splitlines() if line.startswith(f"cmdstat_{command}:"))
    return int(line.partition("calls=")[2].partition(",")[0])


async def test_a_retired_master_is_let_go(redis_cluster: RedisCluster, open_broker: Open) -> None:
    """Connections are kept to servers of the cluster alone, and one that hears only where something is heard."""
    node = await open_broker(Ear())
    await node.subscribe(MANY)
    await append(node, 1)
    old = redis_cluster.master_of(SLOT)
    await asyncio.to_thread(redis_cluster.fail_over, SLOT)

    def hearing() -> int:
        clients = str(old.ask("CLIENT", "LIST", "TYPE", "pubsub")).splitlines()
        return sum("name=rooms" in line for line in clients)

    await until(lambda: hearing() == 0, within=20)
