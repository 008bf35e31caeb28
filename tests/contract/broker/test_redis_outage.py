"""What a node lives through while Redis comes and goes: nothing is lost in silence [D1] [D2] [P6]."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from rooms.broker import Appended, BrokerUnavailable, Outcome
from rooms.keys import Keys
from rooms.positions import Position
from rooms.redis import RedisBroker
from rooms.redis_url import parse
from rooms.resp import connect
from rooms.subscriber import LineLost, Patience
from rooms.wire import encode_signal
from tests.contract.broker.conftest import CHANNEL, IMPATIENT, RETENTION, Ear, frames
from tests.fixtures.redis import RedisServer
from tests.support.wait import until

KEYS = Keys("t")
STATE, LOG = KEYS.of_channel(CHANNEL)
OTHERS, _ = KEYS.of_channel("quotation:1/hotel:77")
QUICK = Patience(timeout=0.3, silence=0.1, backoff=0.01, backoff_most=0.05)
Open = Callable[..., Awaitable[RedisBroker]]


@pytest.fixture
async def open_broker(redis_server: RedisServer) -> AsyncIterator[Open]:
    opened: list[RedisBroker] = []

    async def open_(ear: Ear | None = None, patience: Patience = IMPATIENT) -> RedisBroker:
        broker = RedisBroker(redis_server.url, prefix="t", retention=RETENTION, patience=patience)
        if ear is not None:
            broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
            broker.on_told(ear.on_told)
            broker.on_wake(ear.on_wake)
        await broker.start()
        opened.append(broker)
        return broker

    yield open_
    for broker in opened:
        await broker.close()


@pytest.fixture
async def failures() -> list[dict[str, Any]]:
    """What reached the loop's exception handler."""
    seen: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: seen.append(context))
    return seen


async def test_d1_a_restart_is_noticed_and_everything_subscribed_again(
    redis_server: RedisServer, open_broker: Open
) -> None:
    ear = Ear()
    node, relay = await open_broker(ear), await open_broker()
    await node.subscribe([CHANNEL])
    redis_server.restart()
    await until(lambda: ear.lost == 1)
    await until(lambda: _is_cold(relay))
    await relay.seed(CHANNEL, 1, "epoch-1", 0)
    await relay.append(CHANNEL, frames([1]))
    await relay.wake()
    await until(lambda: ear.seqs() == [(1, 1)] and ear.wakes)
    assert ear.lost == 1


async def _is_cold(relay: RedisBroker) -> bool:
    answer = await relay.append(CHANNEL, frames([1]))
    return answer == Appended(Outcome.COLD, None)


def _drop_subscribers(server: RedisServer) -> None:
    with server.client() as client:
        client.client_kill_filter(_type="pubsub")


async def test_a_flushed_server_is_cold_and_goes_on_from_a_seed(redis_server: RedisServer, open_broker: Open) -> None:
    ear = Ear()
    node = await open_broker(ear)
    await node.subscribe([CHANNEL])
    await node.seed(CHANNEL, 1, "epoch-1", 0)
    await node.append(CHANNEL, frames([1, 2]))
    redis_server.flush()
    assert await node.append(CHANNEL, frames([3])) == Appended(Outcome.COLD, None)
    await node.seed(CHANNEL, 1, "epoch-1", 2)
    assert await node.append(CHANNEL, frames([3])) == Appended(Outcome.APPENDED, 3)
    await until(lambda: ear.seqs() == [(1, 1), (1, 2), (1, 3)])
    assert ear.lost == 0


async def test_without_a_server_every_call_says_so_and_the_wish_to_subscribe_stands(
    redis_server: RedisServer, open_broker: Open
) -> None:
    ear = Ear()
    node = await open_broker(ear, QUICK)
    redis_server.stop()
    calls = [
        node.append(CHANNEL, frames([1])),
        node.replay(CHANNEL, Position("epoch-1", 0)),
        node.signal(CHANNEL, "typing.changed", b"{}"),
        node.here("quotation:1"),
        node.leave("quotation:1", "ana"),
        node.tell_all(b"{}"),
        node.wake(),
        node.subscribe([CHANNEL]),
    ]
    for call in calls:
        with pytest.raises(BrokerUnavailable):
            await call
    await node.unsubscribe(["quotation:2/agency"])
    redis_server.start()
    await until(lambda: ear.lost)
    await node.signal(CHANNEL, "typing.changed", b"{}")
    await until(lambda: ear.signals)


async def test_a_subscription_asked_for_in_an_outage_comes_with_the_connection(
    redis_server: RedisServer, open_broker: Open
) -> None:
    ear = Ear()
    node = await open_broker(ear)
    redis_server.stop()
    await asyncio.gather(node.subscribe([CHANNEL]), asyncio.to_thread(redis_server.start))
    await until(lambda: _signalled(node))
    await until(lambda: ear.signals)


async def _signalled(node: RedisBroker) -> bool:
    await node.signal(CHANNEL, "typing.changed", b"{}")
    return True


async def test_d1_a_connection_that_went_deaf_is_noticed_and_replaced(
    redis_server: RedisServer, open_broker: Open
) -> None:
    ear = Ear()
    node = await open_broker(ear, QUICK)
    await node.subscribe([CHANNEL])
    with redis_server.frozen():
        with pytest.raises(BrokerUnavailable):
            await node.subscribe(["quotation:2/agency"])
        with pytest.raises(BrokerUnavailable, match="in time"):
            await node.append(CHANNEL, frames([1]))
    await until(lambda: ear.lost)
    await node.subscribe([CHANNEL])
    await node.signal(CHANNEL, "typing.changed", b"{}")
    await until(lambda: ear.signals)


async def test_a_quiet_connection_is_asked_and_kept(redis_server: RedisServer, open_broker: Open) -> None:
    ear = Ear()
    patience = Patience(timeout=1.0, silence=0.02)
    node = await open_broker(ear, patience)
    await node.subscribe([CHANNEL])

    def pinged() -> bool:
        with redis_server.client() as client:
            return int(client.info("commandstats")["cmdstat_ping"]["calls"]) > 20

    await until(pinged)
    assert ear.lost == 0


async def test_a_start_without_a_server_is_refused(redis_server: RedisServer) -> None:
    redis_server.stop()
    broker = RedisBroker(redis_server.url, patience=QUICK)
    with pytest.raises(BrokerUnavailable, match="cannot subscribe"):
        await broker.start()
    await broker.close()


async def test_closing_what_never_started_is_harmless(redis_server: RedisServer) -> None:
    await RedisBroker(redis_server.url).close()


async def test_what_is_on_its_way_when_unsubscribing_is_not_heard(redis_server: RedisServer, open_broker: Open) -> None:
    ear = Ear()
    node = await open_broker(ear)
    await node.subscribe([CHANNEL])
    with redis_server.client() as client:
        client.publish(KEYS.published(CHANNEL), encode_signal("typing.changed", b"{}"))
    await node.unsubscribe([CHANNEL])
    await node.subscribe(["quotation:2/agency"])
    assert ear.signals == ear.told == []


async def test_thousands_of_things_are_told_each_once(open_broker: Open) -> None:
    ear = Ear()
    node = await open_broker(ear)
    bodies = [b"%d" % number for number in range(1_200)]
    await asyncio.gather(*(node.tell_all(body) for body in bodies))
    await until(lambda: ear.told == bodies)


async def test_a_line_that_broke_says_so_and_does_not_come_back_by_itself(redis_server: RedisServer) -> None:
    replies: list[object] = []
    ends: list[Exception] = []
    line = await connect(parse(redis_server.url), replies.append, ends.append)
    line.send([(b"SUBSCRIBE", b"anything")])
    await until(lambda: replies == [[b"subscribe", b"anything", 1]])
    _drop_subscribers(redis_server)
    await until(lambda: ends)
    assert str(ends) == str([LineLost("closed by the server")])
    line.send([(b"PING",)])
    line.close()
    assert len(replies) == len(ends) == 1


async def test_closing_ends_a_wait_for_a_subscription(redis_server: RedisServer, open_broker: Open) -> None:
    node = await open_broker()
    redis_server.stop()
    refused, _ = await asyncio.gather(node.subscribe([CHANNEL]), node.close(), return_exceptions=True)
    assert isinstance(refused, BrokerUnavailable)
    assert str(refused) == "closed"


async def test_s2_what_others_publish_is_refused_and_stops_nothing(
    redis_server: RedisServer, open_broker: Open, failures: list[dict[str, Any]]
) -> None:
    ear = Ear()
    node = await open_broker(ear)
    await node.subscribe([CHANNEL])
    with redis_server.client() as client:
        for bad in (b"", b"F1 2", b"Fx 1 e n\n{}", b"S", b"S\xff\n{}", b"\x80\x04pickle"):
            client.publish(KEYS.published(CHANNEL), bad)
    await node.signal(CHANNEL, "typing.changed", b"{}")
    await until(lambda: ear.signals)
    assert len(failures) == 6
    assert ear.frames == []


async def test_an_answer_that_is_an_error_is_no_answer(redis_server: RedisServer, open_broker: Open) -> None:
    node = await open_broker()
    with redis_server.client() as client:
        client.set(STATE, "not a hash")
        client.set(KEYS.present("quotation:1"), "not a hash")
    with pytest.raises(BrokerUnavailable, match="WRONGTYPE"):
        await node.append(CHANNEL, frames([1]))
    with pytest.raises(BrokerUnavailable, match="WRONGTYPE"):
        await node.leave("quotation:1", "ana")


async def test_nothing_is_kept_for_ever_and_a_room_has_one_hash_tag(
    redis_server: RedisServer, open_broker: Open
) -> None:
    node = await open_broker()
    await node.seed(CHANNEL, 1, "epoch-1", 0)
    await node.append(CHANNEL, frames(range(1, 9)))
    await node.seed("quotation:1/hotel:77", 1, "epoch-1", 5)
    await node.enter("quotation:1", "ana", b"1", 30)
    await node.enter("quotation:1", "bruno", b"2", 5)
    with redis_server.client() as client:
        ages = {key.decode(): client.pttl(key) for key in client.keys("*")}
        kept = client.llen(LOG)
    assert set(ages) == {
        STATE,
        LOG,
        OTHERS,
        KEYS.present("quotation:1"),
    }
    assert 0 < ages[LOG] <= RETENTION.frames_seconds * 1000
    assert 0 < ages[STATE] <= RETENTION.known_seconds * 1000
    assert 0 < ages[OTHERS] <= RETENTION.known_seconds * 1000
    assert 5_000 < ages[KEYS.present("quotation:1")] <= 30_000
    assert kept == RETENTION.frames
    await node.append(CHANNEL, frames([0], gen=2))
    with redis_server.client() as client:
        assert not client.exists(LOG)


async def test_many_channels_are_subscribed_in_bounded_commands(redis_server: RedisServer, open_broker: Open) -> None:
    ear = Ear()
    node = await open_broker(ear)
    channels = [f"quotation:{number}/agency" for number in range(2_500)]
    await node.subscribe(channels)
    with redis_server.client() as client:
        client.config_resetstat()
    _drop_subscribers(redis_server)
    await until(lambda: ear.lost)
    with redis_server.client() as client:
        last = KEYS.published("quotation:2499/agency")
        assert client.pubsub_numsub(last) == [(last.encode(), 1)]
        assert client.info("commandstats")["cmdstat_subscribe"]["calls"] == 3
