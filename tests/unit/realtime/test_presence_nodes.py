"""Presence over several nodes: what members of one learn of members of another."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from privacy.presence import Scope
from realtime.presence import Presence
from realtime.subscriptions import Subscriptions
from realtime.timers import Timers
from realtime.wire import Text
from rooms.memory import Hub, MemoryBroker
from tests.support.wait import until
from tests.unit.realtime.node import Wire, ignore, session

ROOM = "quotation:1"
CHANNEL = "quotation:1/agency"


class House:
    """One node's presence; `told` is what its members of a channel were told."""

    def __init__(self, hub: Hub, grace: float) -> None:
        self.hub = hub
        self.broker = MemoryBroker(hub)
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.presence = Presence(
            self.broker,
            Subscriptions(self.broker),
            Timers(asyncio.get_running_loop()),
            self._scope,
            self._tell,
            lambda: datetime(2027, 1, 1, tzinfo=UTC),
            lambda: "an-id",
            grace=grace,
            ttl=15,
        )
        self.broker.listen(ignore, self.presence.on_signal, ignore)

    async def _scope(self, _: str) -> Scope:
        return Scope()

    def _tell(self, channel: str, text: Text) -> None:
        name, body = orjson.loads(text.text[1:])
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


async def test_whoever_breaks_off_is_gone_after_the_grace(houses: tuple[House, House]) -> None:
    """[D9] [D6] What they had in focus is gone at once."""
    here, there = houses
    ana, bruno = session("ana", Wire()), session("bruno", Wire())
    await here.presence.enter(ana, ROOM, CHANNEL)
    await there.presence.enter(bruno, ROOM, CHANNEL)
    await until(lambda: here.joined() == ["bruno"])
    there.presence.update(bruno, ROOM, {"focus": "title"})
    await until(lambda: ("focus.changed", {"focus": "title"}) in here.told)
    there.presence.break_off(bruno, ROOM)
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
