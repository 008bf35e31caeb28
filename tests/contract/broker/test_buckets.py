"""Buckets of tokens that all nodes share. [S2]"""

import asyncio

from rooms.broker import Broker, Spending, Spent
from tests.contract.broker.conftest import World


async def spend(broker: Broker, asked: Spending) -> Spent:
    [spent] = await broker.spend([asked])
    return spent


async def test_a_bucket_is_shared_and_says_how_long_to_wait(world: World) -> None:
    one, other = await world.node(), await world.node()
    edit = Spending("ana edit", rate=0.01, burst=3.0)
    assert [(await spend(node, edit)).wait for node in (one, other, one)] == [0.0, 0.0, 0.0]
    wait, left = await spend(other, edit)
    # A server's clock may be a millisecond old within a script.
    assert 90 < wait <= 100.001
    assert 0 <= left < 0.1
    assert (await spend(one, edit._replace(key="bruno edit"))).wait == 0.0


async def test_who_waits_as_long_as_they_were_told_gets_a_token(broker: Broker) -> None:
    """Not a moment too short: a client that believes it is not refused again."""
    join = Spending("ana join", rate=40.0, burst=1.0)
    for _ in range(20):
        if wait := (await spend(broker, join)).wait:
            await asyncio.sleep(wait)
            assert (await spend(broker, join)).wait == 0.0


async def test_what_is_put_back_is_there_and_no_more_than_fits(broker: Broker) -> None:
    one = Spending("ana", rate=0.001, burst=2.0)
    back = one._replace(cost=0.0, owed=-1.0)
    assert (await spend(broker, back)).left == 2.0
    assert [(await spend(broker, one)).wait for _ in range(2)] == [0.0, 0.0]
    await spend(broker, back)
    assert (await spend(broker, one)).wait == 0.0
    assert (await spend(broker, one)).wait > 0


async def test_what_is_owed_is_taken_though_it_is_not_there(broker: Broker) -> None:
    """And paid back before anybody gets a token; who says so and asks for one at once is told the wait after it."""
    one = Spending("ana", rate=0.01, burst=2.0)
    assert -1.0 <= (await spend(broker, one._replace(cost=0.0, owed=3.0))).left < -0.9
    assert 190 < (await spend(broker, one)).wait <= 200.001
    wait, left = await spend(broker, one._replace(owed=1.0))
    assert 290 < wait <= 300.001
    assert -2.0 <= left < -1.8


async def test_many_buckets_are_asked_in_one_round_trip(broker: Broker) -> None:
    """Each by itself; twice the same in their order."""
    asked = [Spending(f"user {number % 30}", rate=0.001, burst=1.0) for number in range(60)]
    spent = await broker.spend(asked)
    assert [one.wait > 0 for one in spent] == [False] * 30 + [True] * 30
    assert await broker.spend([]) == []


async def test_of_many_at_once_as_many_pass_as_there_are_tokens(world: World) -> None:
    nodes = [await world.node() for _ in range(3)]
    one = Spending("ana", rate=0.001, burst=10.0)
    spent = await asyncio.gather(*(spend(node, one) for node in nodes for _ in range(10)))
    assert sum(wait == 0 for wait, _ in spent) == 10


async def test_a_broker_that_forgot_has_full_buckets(world: World) -> None:
    node = await world.node()
    one = Spending("ana", rate=0.01, burst=1.0)
    assert (await spend(node, one)).wait == 0.0
    assert (await spend(node, one)).wait > 0
    await world.forget()
    assert (await spend(node, one)).wait == 0.0
