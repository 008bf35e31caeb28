"""What Redis holds and passes on is sealed where there are keys, which may be changed [P3]."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from typing import Any

import pytest

from rooms.broker import Appended, Outcome
from rooms.keys import Keys
from rooms.positions import Frame, Position
from rooms.redis import RedisBroker
from rooms.wire import encode_signal
from tests.contract.broker.conftest import CHANNEL, IMPATIENT, RETENTION, Ear
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer
from tests.support.wait import until

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
WORD = b"four hundred dollars"
ROOM = "quotation:1"
NAMES = Keys("sealed")
FRAMES = [Frame(1, "epoch-1", seq, "offer.submitted", WORD + b"\n%d" % seq) for seq in range(1, 4)]
Open = Callable[..., Awaitable[RedisBroker]]


@pytest.fixture(params=["redis_server", "redis_cluster"])
async def open_broker(request: pytest.FixtureRequest) -> AsyncIterator[Open]:
    server: RedisServer | RedisCluster = request.getfixturevalue(request.param)
    opened: list[RedisBroker] = []

    async def open_(*keys: bytes, ear: Ear | None = None) -> RedisBroker:
        broker = RedisBroker(server.url, prefix="sealed", retention=RETENTION, patience=IMPATIENT, keys=keys)
        if ear is not None:
            broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
            broker.on_told(ear.on_told)
        await broker.start()
        opened.append(broker)
        return broker

    yield open_
    for broker in opened:
        await broker.close()


async def use(broker: RedisBroker) -> None:
    """Everything that leaves something behind, or is heard."""
    await broker.seed(CHANNEL, 1, "epoch-1", 0)
    assert await broker.append(CHANNEL, FRAMES) == Appended(Outcome.APPENDED, 3)
    await broker.signal(CHANNEL, "typing.changed", WORD)
    await broker.tell_all(WORD)
    await broker.enter(ROOM, "ana", WORD, 30)
    await broker.keep({"session": WORD}, 30)


async def reads(broker: RedisBroker) -> bool:
    """Whether it reads all that `use` left."""
    replayed = await broker.replay(CHANNEL, Position("epoch-1", 0))
    there = await broker.here(ROOM), await broker.kept(["session"])
    return (replayed, there) == (tuple(FRAMES), ({"ana": WORD}, {"session": WORD}))


@pytest.mark.parametrize("open_broker", ["redis_server"], indirect=True)
async def test_p3_what_is_kept_and_sent_can_be_read_with_the_keys_alone(
    redis_server: RedisServer, open_broker: Open
) -> None:
    ear = Ear()
    node = await open_broker(OLD, ear=ear)
    await node.subscribe([CHANNEL])
    with redis_server.client() as client, client.monitor() as monitor:
        await use(node)
        await until(lambda: len(ear.frames) == 3 and ear.signals and ear.told)
        client.echo("that was all")
        seen = []
        while not seen or "that was all" not in seen[-1]:
            seen.append(str(monitor.next_command()["command"]))
    assert [frame for _, frame in ear.frames] == FRAMES
    assert (ear.signals, ear.told) == ([(CHANNEL, "typing.changed", WORD)], [WORD])
    assert await reads(node)
    assert NAMES.published(CHANNEL) in "".join(seen)
    assert WORD.decode() not in "".join(seen)
    assert not await reads(await open_broker())
    assert not await reads(await open_broker(NEW))


async def test_keys_change_while_everybody_works(open_broker: Open) -> None:
    """Added behind the old one, put first, the old one taken away: at each step both sides read each other."""
    steps = [(OLD,), (OLD, NEW), (NEW, OLD), (NEW,)]
    for before, after in pairwise(steps):
        for one, other in ((before, after), (after, before)):
            ear = Ear()
            writer, reader = await open_broker(*one), await open_broker(*other, ear=ear)
            await reader.subscribe([CHANNEL])
            await writer.enter(ROOM, "ana", WORD, 30)
            await writer.keep({"session": WORD}, 30)
            await writer.signal(CHANNEL, "typing.changed", WORD)
            await until(lambda ear=ear: ear.signals)
            assert await reader.here(ROOM) == {"ana": WORD}
            assert await reader.kept(["session"]) == {"session": WORD}


async def test_what_was_sealed_with_another_key_or_for_another_place_is_not_there(open_broker: Open) -> None:
    failures: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: failures.append(context))
    ear = Ear()
    node = await open_broker(NEW, ear=ear)
    stranger, plain = await open_broker(OLD), await open_broker()
    await node.subscribe([CHANNEL])
    await use(stranger)
    await plain.signal(CHANNEL, "typing.changed", WORD)
    await plain.signal(CHANNEL, "", b"")
    elsewhere = node._sealer.seal("quotation:2/agency", encode_signal("typing.changed", WORD))
    await node._publish(NAMES.published(CHANNEL), elsewhere)
    await node.signal(CHANNEL, "focus.changed", b"{}")
    await until(lambda: ear.signals)
    assert ear.signals == [(CHANNEL, "focus.changed", b"{}")]
    assert ear.frames == ear.told == []
    assert len(failures) == 3 + 1 + 1 + 2 + 1
    assert await node.replay(CHANNEL, Position("epoch-1", 0)) is None
    assert await node.here(ROOM) == await node.kept(["session"]) == await node.take(["session"]) == {}
