"""Presence entries: there until they leave or expire, and never longer [D6]."""

from rooms.broker import Broker
from tests.contract.broker.conftest import World
from tests.support.wait import until

ROOM = "quotation:1"
LONG = 30.0


async def test_members_enter_change_and_leave(broker: Broker) -> None:
    assert await broker.here(ROOM) == {}
    await broker.enter(ROOM, "ana", b'{"name":"Ana"}', LONG)
    await broker.enter(ROOM, "bruno", b"spaces and \x00 bytes", LONG)
    await broker.enter("quotation:2", "carla", b"", LONG)
    assert await broker.here(ROOM) == {"ana": b'{"name":"Ana"}', "bruno": b"spaces and \x00 bytes"}
    await broker.enter(ROOM, "ana", b"changed", LONG)
    await broker.leave(ROOM, "bruno")
    await broker.leave(ROOM, "never was here")
    assert await broker.here(ROOM) == {"ana": b"changed"}
    assert await broker.here("quotation:2") == {"carla": b""}


async def test_every_node_sees_the_same(world: World) -> None:
    one, other = await world.node(), await world.node()
    await one.enter(ROOM, "ana", b"1", LONG)
    await other.enter(ROOM, "bruno", b"2", LONG)
    assert await one.here(ROOM) == await other.here(ROOM) == {"ana": b"1", "bruno": b"2"}


async def test_d6_an_entry_that_nobody_touches_expires(broker: Broker) -> None:
    await broker.enter(ROOM, "ana", b"1", LONG)
    await broker.enter(ROOM, "bruno", b"2", 0.05)

    async def alone() -> bool:
        return await broker.here(ROOM) == {"ana": b"1"}

    await until(alone)
    assert await broker.touch({ROOM: ["ana", "bruno"]}, LONG) == {ROOM: {"bruno"}}


async def test_d6_the_last_one_takes_the_room_along(broker: Broker) -> None:
    await broker.enter(ROOM, "ana", b"1", 0.05)

    async def empty() -> bool:
        return not await broker.here(ROOM)

    await until(empty)


async def test_touching_keeps_members_of_many_rooms(broker: Broker) -> None:
    await broker.enter(ROOM, "ana", b"1 2", 0.5)
    await broker.enter("quotation:2", "ana", b"3", 0.5)
    await broker.enter("quotation:2", "bruno", b"4", 0.01)
    assert await broker.touch({ROOM: ["ana"], "quotation:2": ["ana"], "quotation:3": []}, LONG) == {}

    async def alone() -> bool:
        return await broker.here("quotation:2") == {"ana": b"3"}

    await until(alone)
    assert await broker.here(ROOM) == {"ana": b"1 2"}
    assert await broker.touch({}, LONG) == {}


async def test_a_broker_that_forgot_says_who_has_to_enter_again(world: World) -> None:
    node = await world.node()
    await node.enter(ROOM, "ana", b"1", LONG)
    await world.forget()
    assert await node.here(ROOM) == {}
    assert await node.touch({ROOM: ["ana"]}, LONG) == {ROOM: {"ana"}}
    assert await node.here(ROOM) == {}
