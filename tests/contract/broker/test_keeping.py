"""What nodes keep for each other: there until it is taken or its time is over."""

import asyncio

from rooms.broker import Broker
from tests.contract.broker.conftest import World
from tests.support.wait import until

LONG = 30.0


async def test_what_is_kept_can_be_read_until_it_is_taken(broker: Broker) -> None:
    await broker.keep({"a": b"1", "b": b"bytes \x00 and\n"}, LONG)
    assert await broker.kept(["a", "b", "c"]) == {"a": b"1", "b": b"bytes \x00 and\n"}
    await broker.keep({"a": b""}, LONG)
    assert await broker.take(["a", "c"]) == {"a": b""}
    assert await broker.kept(["a", "b"]) == {"b": b"bytes \x00 and\n"}


async def test_nothing_is_asked_of_nothing(broker: Broker) -> None:
    await broker.keep({}, LONG)
    assert await broker.kept([]) == {}
    assert await broker.take([]) == {}


async def test_of_several_who_take_one_gets_it(world: World) -> None:
    one, other = await world.node(), await world.node()
    await one.keep({"a": b"1"}, LONG)
    assert await other.kept(["a"]) == {"a": b"1"}
    taken = await asyncio.gather(*(node.take(["a"]) for node in (one, other, one, other)))
    assert sorted(map(len, taken)) == [0, 0, 0, 1]


async def test_what_is_kept_is_gone_after_its_time(broker: Broker) -> None:
    """A later time replaces an earlier one, and an earlier one a later."""
    await broker.keep({"a": b"1", "b": b"2"}, LONG)
    await broker.keep({"a": b"3"}, 0.05)
    await broker.keep({"c": b"4"}, 0.05)
    await broker.keep({"c": b"5"}, LONG)

    async def over() -> bool:
        return await broker.kept(["a", "b", "c"]) == {"b": b"2", "c": b"5"}

    await until(over)
    assert await broker.take(["a"]) == {}


async def test_thousands_are_kept_and_read_at_once(broker: Broker) -> None:
    """Also where those whose time is over were among them."""
    await broker.keep({f"k{number}": b"old" for number in range(2_000)}, 0.01)
    values = {f"k{number}": b"%d" % number for number in range(1_000, 3_000)}
    await broker.keep(values, LONG)

    async def over() -> bool:
        return await broker.kept([f"k{number}" for number in range(3_000)]) == values

    await until(over)


async def test_a_broker_that_forgot_has_nothing(world: World) -> None:
    node = await world.node()
    await node.keep({"a": b"1"}, LONG)
    await world.forget()
    assert await node.kept(["a"]) == {}
