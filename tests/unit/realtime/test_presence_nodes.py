"""Presence over several nodes: what members of one learn of members of another."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from backend.domain.principals import Principal
from privacy.presence import Scope
from realtime.engine.frames import opened
from realtime.presence import Presence
from realtime.sessions import Session
from realtime.subscriptions import Subscriptions
from realtime.timers import Timers
from rooms.memory import Hub, MemoryBroker
from tests.support.wait import until
from tests.unit.realtime.node import Wire, ignore, session

ROOM = "quotation:1"
CHANNEL = "quotation:1/agency"


class House:
    """One node's presence; `told` is what its members of a channel were told.

    While the database is `away` it raises; while `reading` is not set it takes its time; `deaf` members hear nothing.
    """

    def __init__(self, hub: Hub, grace: float) -> None:
        self.hub = hub
        self.broker = MemoryBroker(hub)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.away = self.deaf = False
        self.asked = 0
        self.reading = asyncio.Event()
        self.reading.set()
        self.presence = Presence(
            self.broker,
            Subscriptions(self.broker),
            Timers(asyncio.get_running_loop()),
            self._scope,
            self._tell,
            lambda _: not self.deaf,
            lambda: datetime(2027, 1, 1, tzinfo=UTC),
            lambda: "an-id",
            grace=grace,
            ttl=15,
        )
        self.broker.listen(ignore, self.presence.on_signal, ignore)

    async def _scope(self, _: str) -> Scope:
        self.asked += 1
        await self.reading.wait()
        if self.away:
            raise OSError("away")
        return Scope()

    def _tell(self, channel: str, packet: bytes) -> None:
        name, body = orjson.loads(opened(packet)[1][2:])
        self.told.append((name, body["data"]))

    def joined(self) -> list[str]:
        return [person["id"] for _, data in self.told for person in data.get("joined", ())]

    def left(self) -> list[str]:
        return [person for _, data in self.told for person in data.get("left", ())]


@pytest.fixture
async def houses() -> AsyncIterator[tuple[House, House]]:
    hub = Hub()
    houses = (House(hub, 0.05), House(hub, 0.05))
    for house in houses:
        await house.broker.start()
    yield houses
    for house in houses:
        await house.presence.close()
        await house.broker.close()


async def test_members_of_another_node_are_seen(houses: tuple[House, House]) -> None:
    """Those who are there already in the ack, those who come by signal."""
    here, there = houses
    ana, bruno = session("ana", Wire()), session("bruno", Wire())
    assert [person["id"] for person in await here.presence.enter(ana, ROOM, CHANNEL)] == ["ana"]
    await until(lambda: here.hub.present)
    assert [person["id"] for person in await there.presence.enter(bruno, ROOM, CHANNEL)] == ["ana", "bruno"]
    await until(lambda: here.joined() == ["bruno"])
    there.presence.update(bruno, ROOM, {"focus": "title", "typing": True})
    await until(lambda: ("typing.changed", {"typing": True}) in here.told)
    there.presence.leave(bruno, ROOM)
    await until(lambda: here.left() == ["bruno"])


async def test_what_could_not_be_told_is_told_later(houses: tuple[House, House]) -> None:
    """[D6] While the database is away, and while the channel's members can hear nothing."""
    here, there = houses
    await here.presence.enter(session("ana", Wire()), ROOM, CHANNEL)
    await until(lambda: here.told == [] and here.asked >= 1)
    here.away = True
    bruno = session("bruno", Wire())
    await there.presence.enter(bruno, ROOM, CHANNEL)
    asked = here.asked
    await until(lambda: here.asked > asked, what="it tried to tell")
    here.away = False
    await until(lambda: here.joined() == ["bruno"])
    here.deaf = True
    asked = here.asked
    there.presence.leave(bruno, ROOM)
    await until(lambda: here.asked > asked + 1, what="it tried again")
    assert here.left() == []
    here.deaf = False
    await until(lambda: here.left() == ["bruno"])


async def test_the_ack_has_who_came_while_it_was_made(houses: tuple[House, House]) -> None:
    """[D6] Who is joining is told nothing yet: what happens meanwhile is in the ack or nowhere."""
    here, _ = houses
    await here.presence.enter(session("ana", Wire()), ROOM, CHANNEL)
    here.reading.clear()
    asked = here.asked
    joining = asyncio.create_task(here.presence.enter(session("bruno", Wire()), ROOM, CHANNEL))
    await until(lambda: here.asked > asked)
    coming = asyncio.create_task(here.presence.enter(session("carla", Wire()), ROOM, CHANNEL))
    await until(lambda: here.asked > asked + 1)
    here.reading.set()
    assert [person["id"] for person in await joining] == ["ana", "bruno", "carla"]
    await coming


async def test_whoever_breaks_off_is_there_until_they_have_to_leave(houses: tuple[House, House]) -> None:
    """[D9] [D6] What they had in focus is gone at once."""
    here, there = houses
    ana, bruno = session("ana", Wire()), session("bruno", Wire())
    await here.presence.enter(ana, ROOM, CHANNEL)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: here.joined() == ["bruno"])
    there.presence.update(bruno, ROOM, {"focus": "title"})
    await until(lambda: ("focus.changed", {"focus": "title"}) in here.told)
    there.presence.break_off(bruno, ROOM)
    await until(lambda: ("focus.changed", {"focus": None}) in here.told)
    assert here.left() == []
    there.presence.leave(bruno, ROOM)
    await until(lambda: here.left() == ["bruno"])
    names = [name for name, _ in here.told]
    assert names.index("presence.changed") < names.index("focus.changed")


async def test_the_members_of_a_dead_node_go(houses: tuple[House, House]) -> None:
    """[D6] Its entries expire in the broker; the comparison finds out."""
    here, there = houses
    await here.presence.enter(session("ana", Wire()), ROOM, CHANNEL)
    await there.presence.enter(session("bruno", Wire()), ROOM, CHANNEL)
    await until(lambda: here.joined() == ["bruno"])
    await there.presence.close()
    here.hub.present[ROOM].pop("bruno")

    async def gone() -> bool:
        await here.presence.beat()
        return here.left() == ["bruno"]

    await until(gone)


async def test_a_broker_that_forgot_is_told_again(houses: tuple[House, House]) -> None:
    """Nobody is seen to leave meanwhile."""
    here, _ = houses
    await here.presence.enter(session("ana", Wire()), ROOM, CHANNEL)
    await until(lambda: here.hub.present)
    here.hub.present.clear()
    await here.presence.beat()
    await until(lambda: "ana" in here.hub.present.get(ROOM, {}))
    assert here.left() == []


LIST, AGENTS = "company:andes", "company:andes/agency"
OTHER = "quotation:2"


def _agent(name: str, company: str = "andes") -> Session:
    """Somebody of an agency."""
    who = Principal(user_id=name, role="agent", name=name.title(), company_id=company)
    return replace(session(name, Wire()), principal=who)


def _seen(house: House) -> list[tuple[str, list[str], list[str]]]:
    """What those who watch the list were told: in which room, who came, who went."""
    lists = [data for name, data in house.told if name == "presence.changed" and "room" in data]
    return [(data["room"], [person["id"] for person in data["joined"]], data["left"]) for data in lists]


async def test_a_list_shows_who_is_in_which_of_its_rooms(houses: tuple[House, House]) -> None:
    """Those who are there in the ack; comings and goings by signal, from every node."""
    here, there = houses
    ana, bruno, cora = _agent("ana"), _agent("bruno"), _agent("cora")
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: LIST in here.hub.present)
    assert await here.presence.watch(ana, LIST, AGENTS) == [
        {"kind": "agent", "id": "bruno", "name": "Bruno", "room": ROOM}
    ]
    await there.presence.enter(bruno, OTHER, f"{OTHER}/agency")
    await until(lambda: _seen(here) == [(OTHER, ["bruno"], [])])
    await here.presence.enter(cora, OTHER, f"{OTHER}/agency")
    await until(lambda: _seen(here)[1:] == [(OTHER, ["cora"], [])])
    there.presence.leave(bruno, ROOM)
    await until(lambda: _seen(here)[2:] == [(ROOM, [], ["bruno"])])
    assert _seen(there) == []


async def test_a_list_shows_one_person_once(houses: tuple[House, House]) -> None:
    """Two windows are one; what somebody does in a room is not told in the list."""
    here, there = houses
    await here.presence.watch(_agent("ana"), LIST, AGENTS)
    first, second = _agent("bruno"), replace(_agent("bruno"), sid="bruno's second")
    for window in (first, second):
        await there.presence.enter(window, ROOM, CHANNEL)
    await until(lambda: _seen(here) == [(ROOM, ["bruno"], [])])
    there.presence.update(first, ROOM, {"focus": "title", "typing": True})
    there.presence.leave(first, ROOM)
    there.presence.leave(second, ROOM)
    await until(lambda: _seen(here)[1:] == [(ROOM, [], ["bruno"])])
    assert {name for name, _ in here.told} == {"presence.changed"}


async def test_only_an_agencys_people_are_in_its_list(houses: tuple[House, House]) -> None:
    """[P2] Not the hotel, the client or the operator in the same room, nor another agency's people."""
    here, there = houses
    await here.presence.watch(_agent("ana"), LIST, AGENTS)
    hotel = Principal(user_id="pia", role="hotel", name="Pia", hotel_id="plaza")
    admin = Principal(user_id="admin", role="admin", name="Admin")
    client = Principal(user_id="clara", role="client", name="Clara")
    others = (("hotel:plaza", hotel), ("admin", admin), ("client:clara", client))
    for audience, who in others:
        there_too = replace(session(who.user_id, Wire()), principal=who)
        await there.presence.enter(there_too, ROOM, f"{ROOM}/{audience}")
    await there.presence.enter(_agent("carla", "rio"), OTHER, f"{OTHER}/agency")
    await there.presence.enter(_agent("bruno"), ROOM, CHANNEL)
    await until(lambda: _seen(here) == [(ROOM, ["bruno"], [])])


async def test_whoever_comes_back_to_another_node_was_never_gone(houses: tuple[House, House]) -> None:
    """[D9] It takes over their entries, in the room and in the list; nobody is told anything, nor when they do not."""
    here, there = houses
    ana, bruno, cora = session("ana", Wire()), _agent("bruno"), _agent("cora")
    await here.presence.enter(ana, ROOM, CHANNEL)
    await here.presence.watch(cora, LIST, AGENTS)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: here.joined().count("bruno") == 2)
    there.presence.break_off(bruno, ROOM)
    there.presence.hand_over(bruno, ROOM)
    back = replace(bruno)
    await here.presence.enter(back, ROOM, CHANNEL)
    await until(lambda: not there.presence._rooms)
    await here.presence.beat()
    await there.presence.beat()
    here.presence.update(back, ROOM, {"focus": "title"})
    await until(lambda: ("focus.changed", {"focus": "title"}) in here.told)
    assert (here.joined().count("bruno"), here.left()) == (2, [])
    there.presence.dismiss(bruno, "quotation:2")
    here.presence.leave(back, ROOM)
    await until(lambda: here.left() == ["bruno", "bruno"])
    assert ROOM not in here.hub.present or "bruno" not in here.hub.present[ROOM]


async def test_whoever_is_not_let_in_again_is_dismissed(houses: tuple[House, House]) -> None:
    """[P6] By the node that they came back to, of which they never were."""
    here, there = houses
    ana, bruno = session("ana", Wire()), _agent("bruno")
    await here.presence.enter(ana, ROOM, CHANNEL)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: "bruno" in here.joined())
    there.presence.hand_over(bruno, ROOM)
    there.presence.dismiss(bruno, ROOM)
    await until(lambda: here.left() == ["bruno"])


async def test_a_list_keeps_who_is_there_by_two_connections(houses: tuple[House, House]) -> None:
    """[D9] Whoever breaks off is shown till it is over; a second connection meanwhile is no coming."""
    here, there = houses
    await here.presence.watch(_agent("ana"), LIST, AGENTS)
    bruno, again = _agent("bruno"), replace(_agent("bruno"), sid="bruno again")
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: _seen(here) == [(ROOM, ["bruno"], [])])
    there.presence.break_off(bruno, ROOM)
    await there.presence.enter(again, ROOM, CHANNEL)
    there.presence.leave(bruno, ROOM)
    await until(lambda: list(here.hub.present[LIST]) == [f"bruno again/{ROOM}"])
    assert len(_seen(here)) == 1
    there.presence.leave(again, ROOM)
    await until(lambda: _seen(here)[1:] == [(ROOM, [], ["bruno"])])


async def test_a_dead_node_empties_the_list(houses: tuple[House, House]) -> None:
    """[D6]"""
    here, there = houses
    await here.presence.watch(_agent("ana"), LIST, AGENTS)
    await there.presence.enter(_agent("bruno"), ROOM, CHANNEL)
    await until(lambda: _seen(here) == [(ROOM, ["bruno"], [])])
    await there.presence.close()
    here.hub.present.clear()

    async def gone() -> bool:
        await here.presence.beat()
        return _seen(here)[1:] == [(ROOM, [], ["bruno"])]

    await until(gone)


async def test_a_list_that_nobody_watches_is_told_to_nobody(houses: tuple[House, House]) -> None:
    """Whoever watches again starts from what is there then."""
    here, there = houses
    ana, bruno = _agent("ana"), _agent("bruno")
    await here.presence.watch(ana, LIST, AGENTS)
    here.presence.leave(ana, LIST)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: LIST in here.hub.present)
    people = await here.presence.watch(ana, LIST, AGENTS)
    assert [(person["room"], person["id"]) for person in people] == [(ROOM, "bruno")]
    there.presence.leave(bruno, ROOM)
    await until(lambda: _seen(here) == [(ROOM, [], ["bruno"])])
    here.presence.break_off(ana, LIST)
    assert LIST not in here.presence._rooms


async def test_what_was_told_to_earlier_watchers_is_forgotten(houses: tuple[House, House]) -> None:
    """Whoever left while nobody watched is told of when they come again."""
    here, there = houses
    ana, bruno = _agent("ana"), _agent("bruno")
    await here.presence.enter(_agent("cora"), ROOM, CHANNEL)
    await here.presence.watch(ana, LIST, AGENTS)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: _seen(here) == [(ROOM, ["bruno"], [])])
    here.presence.leave(ana, LIST)
    there.presence.leave(bruno, ROOM)
    await until(lambda: list(here.hub.present[LIST]) == [f"cora/{ROOM}"])
    assert [person["id"] for person in await here.presence.watch(ana, LIST, AGENTS)] == ["cora"]
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: _seen(here)[1:] == [(ROOM, ["bruno"], [])])


async def test_many_moves_become_few(houses: tuple[House, House]) -> None:
    """[D6.1] At most one telling per 100 ms, however often somebody comes and goes; the last state is what is told."""
    here, there = houses
    await here.presence.watch(_agent("ana"), LIST, AGENTS)
    bruno = _agent("bruno")
    for _ in range(20):
        await there.presence.enter(bruno, ROOM, CHANNEL)
        there.presence.leave(bruno, ROOM)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: _seen(here) and _seen(here)[-1] == (ROOM, ["bruno"], []))
    assert len(_seen(here)) < 20


class Counting(MemoryBroker):
    """Counts the rooms that are asked for."""

    def __init__(self, hub: Hub) -> None:
        super().__init__(hub)
        self.read: list[str] = []
        self.asked = 0

    async def everyone(self, rooms: Collection[str]) -> Mapping[str, Mapping[str, bytes]]:
        self.read += rooms
        return await super().everyone(rooms)

    async def census(self, rooms: Collection[str]) -> Mapping[str, bytes]:
        self.asked += 1
        return {room: b"%d" % hash(frozenset((await self.here(room)).items())) for room in rooms}


async def test_a_beat_reads_only_what_changed(houses: tuple[House, House]) -> None:
    """[D6] However many rooms a node has, it asks few questions, and reads the rooms that are not as they were."""
    here, there = houses
    broker = Counting(here.hub)
    here.presence._broker = broker
    rooms = [f"quotation:{number}" for number in range(1_200)]
    for number, room in enumerate(rooms):
        await here.presence.enter(session(f"m{number}", Wire()), room, f"{room}/agency")
    await until(lambda: here.presence._nudges.idle)
    await here.presence.beat()
    broker.read.clear()
    broker.asked = 0
    await here.presence.beat()
    assert (broker.asked, broker.read) == (3, [])
    await there.presence.enter(session("bruno", Wire()), rooms[7], f"{rooms[7]}/agency")
    await until(lambda: there.presence._nudges.idle)
    await here.presence.beat()
    assert broker.read == [rooms[7]]


async def test_a_hundred_who_come_at_once_are_told_of_together(houses: tuple[House, House]) -> None:
    """[D6] In a few signals to each audience, whatever node they are on; and so when they go."""
    here, there = houses
    await here.presence.enter(session("watcher", Wire()), ROOM, CHANNEL)
    await until(lambda: here.presence._nudges.idle)
    crowd = [session(f"m{number}", Wire()) for number in range(100)]
    here.told.clear()
    for number, one in enumerate(crowd):
        await (here, there)[number % 2].presence.enter(one, ROOM, CHANNEL)
    await until(lambda: len(set(here.joined())) >= 100)
    assert len(here.told) <= 20
    here.told.clear()
    for number, one in enumerate(crowd):
        (here, there)[number % 2].presence.leave(one, ROOM)
    await until(lambda: len(here.left()) == 100)
    assert len(here.told) <= 5
