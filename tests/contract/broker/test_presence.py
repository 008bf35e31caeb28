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


async def test_a_census_changes_with_what_is_there(broker: Broker) -> None:
    """And with that alone: not with who was touched, or is in another room."""
    rooms = [ROOM, "quotation:2"]
    await broker.enter(ROOM, "ana", b"1", LONG)
    seen = [await broker.census(rooms)]
    await broker.touch({ROOM: ["ana"]}, LONG)
    await broker.enter("quotation:3", "bruno", b"2", LONG)
    assert await broker.census(rooms) == seen[0]
    for change in (broker.enter(ROOM, "bruno", b"2", LONG), broker.enter(ROOM, "ana", b"3", LONG)):
        await change
        seen.append(await broker.census(rooms))
    await broker.leave(ROOM, "bruno")
    await broker.leave(ROOM, "ana")
    seen.append(await broker.census(rooms))
    assert len({census[ROOM] for census in seen}) == 4
    assert len({census["quotation:2"] for census in seen}) == 1
    assert seen[-1][ROOM] == seen[-1]["quotation:2"]


async def test_d6_a_census_leaves_out_whose_time_is_over(broker: Broker) -> None:
    empty = await broker.census([ROOM])
    await broker.enter(ROOM, "ana", b"1", 0.05)

    async def gone() -> bool:
        return await broker.census([ROOM]) == empty

    await until(gone)
    assert await broker.everyone([ROOM, "quotation:2"]) == {ROOM: {}, "quotation:2": {}}


async def test_many_rooms_are_read_at_once(world: World) -> None:
    one, other = await world.node(), await world.node()
    for number in range(20):
        await one.enter(f"quotation:{number}", f"m{number}", b"%d" % number, LONG)
    rooms = [f"quotation:{number}" for number in range(20)]
    assert await other.everyone(rooms) == {f"quotation:{n}": {f"m{n}": b"%d" % n} for n in range(20)}
    assert len(await other.census(rooms)) == 20
    assert (await other.everyone([]), await other.census([])) == ({}, {})
