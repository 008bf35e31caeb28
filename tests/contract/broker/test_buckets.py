"""Buckets of tokens that all nodes share. [S2]"""

import asyncio

from rooms.broker import Broker
from tests.contract.broker.conftest import World


async def test_a_bucket_is_shared_and_says_how_long_to_wait(world: World) -> None:
    one, other = await world.node(), await world.node()
    assert [await node.spend("ana edit", 0.01, 3.0, 1.0) for node in (one, other, one)] == [0.0, 0.0, 0.0]
    wait = await other.spend("ana edit", 0.01, 3.0, 1.0)
    # A server's clock may be a millisecond old within a script.
    assert 90 < wait <= 100.001
    assert await one.spend("bruno edit", 0.01, 3.0, 1.0) == 0.0


async def test_who_waits_as_long_as_they_were_told_gets_a_token(broker: Broker) -> None:
    """Not a moment too short: a client that believes it is not refused again."""
    for _ in range(20):
        wait = await broker.spend("ana join", 40.0, 1.0, 1.0)
        if wait:
            await asyncio.sleep(wait)
            assert await broker.spend("ana join", 40.0, 1.0, 1.0) == 0.0


async def test_what_is_put_back_is_there_and_no_more_than_fits(broker: Broker) -> None:
    await broker.spend("ana", 0.001, 2.0, -1.0)
    assert [await broker.spend("ana", 0.001, 2.0, 1.0) for _ in range(2)] == [0.0, 0.0]
    await broker.spend("ana", 0.001, 2.0, -1.0)
    assert await broker.spend("ana", 0.001, 2.0, 1.0) == 0.0
    assert await broker.spend("ana", 0.001, 2.0, 1.0) > 0


async def test_of_many_at_once_as_many_pass_as_there_are_tokens(world: World) -> None:
    nodes = [await world.node() for _ in range(3)]
    waits = await asyncio.gather(*(node.spend("ana", 0.001, 10.0, 1.0) for node in nodes for _ in range(10)))
    assert sum(wait == 0 for wait in waits) == 10


async def test_a_broker_that_forgot_has_full_buckets(world: World) -> None:
    node = await world.node()
    assert await node.spend("ana", 0.01, 1.0, 1.0) == 0.0
    assert await node.spend("ana", 0.01, 1.0, 1.0) > 0
    await world.forget()
    assert await node.spend("ana", 0.01, 1.0, 1.0) == 0.0
