"""What becomes of emits while the broker is away, and of listeners that were cut off."""

import asyncio

import pytest

from realtime.across import messages
from realtime.adapter import AcrossNodes
from rooms.broker import BrokerUnavailable
from tests.fixtures.redis import RedisServer
from tests.integration.socketio.nodes import World, marked, over, over_redis, world
from tests.integration.socketio.served import Client, Served, make, served
from tests.support.wait import until

__all__ = ["over_redis", "world"]


async def test_an_outage_is_bridged(over_redis: World, redis_server: RedisServer) -> None:
    """What is emitted meanwhile comes afterwards, in order, once; members on the emitter's node do not wait."""
    one, two, a, b = await over_redis.pair()
    await two.server.enter_room(b.sid(), "x")
    await one.server.enter_room(a.sid(), "x")
    stranger = over_redis.broker()
    await stranger.start()
    redis_server.stop()
    emits = [asyncio.create_task(one.server.emit("e", number, to="x")) for number in range(100)]
    await until(lambda: len(a.heard) == 100, what="its own have it")
    for _ in range(2):
        with pytest.raises(BrokerUnavailable):
            await stranger.signal(messages.channel_of("/", None), "other", b"")
    assert not any(emit.done() for emit in emits)
    redis_server.start()
    await asyncio.gather(*emits)
    await stranger.close()
    await until(lambda: _hears(one, b), what="the other hears again")
    assert a.heard[:100] == [("e", number) for number in range(100)]
    numbers = [number for event, number in b.heard if event == "e"]
    assert numbers == sorted(set(numbers))


async def _hears(node: Served, client: Client) -> bool:
    await node.server.emit("again", 0, to="x")
    return ("again", 0) in client.heard


async def test_an_outage_that_lasts_is_told(over_redis: World, redis_server: RedisServer) -> None:
    """The emitter learns that others may not have it; with the broker all goes on, and each node says it was away."""
    lost: list[int] = []
    one = await over_redis.node(patience=0.2, on_lost=lambda: lost.append(1))
    two = await over_redis.node(on_lost=lambda: lost.append(2))
    a, b = await over_redis.client(one), await over_redis.client(two)
    redis_server.stop()
    with pytest.raises(BrokerUnavailable):
        await one.server.emit("e", 1)
    await a.hears(("e", 1))
    late = await over_redis.client(two)
    redis_server.start()
    await until(lambda: set(lost) == {1, 2}, what="they know")
    await one.server.emit("mark")
    assert await marked(b, late) == [[], []]


async def test_a_broker_that_comes_later(redis_server: RedisServer) -> None:
    """A server begins without it."""
    redis_server.stop()
    broker = over(redis_server)
    one, two = AcrossNodes(broker()), AcrossNodes(broker())
    async with (
        served(make(client_manager=one)) as first,
        served(make(client_manager=two)) as second,
        first.client() as a,
        second.client() as b,
    ):
        await first.server.emit("mine", to=a.sid())
        await a.hears(("mine",))
        redis_server.start()
        await until(lambda: _all(first, b), within=20, what="they are one")
    await one.close()
    await two.close()


async def test_a_manager_that_was_closed(world: World) -> None:
    """Says so at once, and again when it is closed again."""
    emitter = await world.manager(write_only=True)
    await emitter.close()
    with pytest.raises(BrokerUnavailable, match="closed"):
        await emitter.emit("e", None)


async def _all(node: Served, client: Client) -> bool:
    try:
        await node.server.emit("all")
    except BrokerUnavailable:
        return False
    return ("all",) in client.heard


async def test_a_listener_that_is_cut_off_hears_again(over_redis: World, redis_server: RedisServer) -> None:
    """As Redis does to who reads too slowly (python-socketio#1581), whenever and however often."""
    one, two, a, b = await over_redis.pair()
    await two.server.enter_room(b.sid(), "x")
    for _ in range(5):
        with redis_server.client() as redis:
            assert redis.client_kill_filter(_type="pubsub") >= 2
        await until(lambda: _both(one, two, a, b), what="both hear again")
        a.heard.clear()
        b.heard.clear()


async def _both(one: Served, two: Served, a: Client, b: Client) -> bool:
    await two.server.emit("to one", to=a.sid())
    await one.server.emit("to two", to="x")
    return ("to one",) in a.heard and ("to two",) in b.heard
