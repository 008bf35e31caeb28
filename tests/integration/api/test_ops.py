"""The operations page's figures: from all processes, for admins only."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial

import pytest

from backend.adapters.figures import figures
from backend.services.ops import ALIVE, BOARD, Board, Figures, RelayFigures
from rooms.broker import BrokerUnavailable
from rooms.memory import Hub, MemoryBroker
from tests.integration.api.house import Build, House
from tests.integration.api.stories import TERMS, draft
from tests.support.wait import until

INTERVAL = 0.01
NEVER = 3_600.0


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
async def broker(clock: _Clock) -> AsyncIterator[MemoryBroker]:
    broker = MemoryBroker(Hub(clock=clock))
    await broker.start()
    yield broker
    await broker.close()


@pytest.fixture
def house(build: Build, broker: MemoryBroker) -> House:
    return build(board=Board(broker, "asked", partial(figures, ("node",)), INTERVAL))


def _relay() -> Figures:
    now = datetime.now(UTC)
    return Figures(at=now, started_at=now, host="elsewhere", pid=7, relay=RelayFigures(lag=0.5, rows=3, frames=9))


@asynccontextmanager
async def _telling(broker: MemoryBroker, name: str, interval: float = INTERVAL) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(Board(broker, name, _relay, interval).keep_telling())
    await until(lambda: _is_told(broker, name), what="told once")
    yield task
    task.cancel()
    await asyncio.wait((task,))


async def _is_told(broker: MemoryBroker, name: str) -> bool:
    return name in await broker.here(ALIVE)


@pytest.mark.parametrize("who", ["ana", "plaza", "client", "guide"])
async def test_others_are_refused(house: House, who: str) -> None:
    """[P3] Rates tell."""
    refused = await house.as_(who).get("/api/v1/ops")
    assert (refused.status, refused.json["code"]) == (403, "command.forbidden")
    assert "processes" not in refused.json


async def test_nobody_is_refused(house: House) -> None:
    assert (await house.client.get("/api/v1/ops")).status == 401


async def test_an_admin_sees_the_asked_process_and_what_waits(house: House) -> None:
    """Also before it has told anything."""
    before = (await house.as_("admin").get("/api/v1/ops")).json
    await draft(house)
    after = (await house.as_("admin").get("/api/v1/ops")).json
    assert [(one["id"], one["alive"], one["relay"]) for one in after["processes"]] == [("asked", True, None)]
    assert after["processes"][0]["node"]["requests"] > before["processes"][0]["node"]["requests"]
    assert (before["outbox"], after["broker"]) == ({"waiting": 0, "oldest": 0.0}, True)
    assert after["outbox"]["waiting"] == 1


async def test_all_processes_are_there_with_their_figures(house: House, broker: MemoryBroker) -> None:
    async with _telling(broker, "a relay"):
        processes = (await house.as_("admin").get("/api/v1/ops")).json["processes"]
    relay = next(one for one in processes if one["id"] == "a relay")
    assert len(processes) == 2
    assert (relay["alive"], relay["host"], relay["pid"], relay["node"]) == (True, "elsewhere", 7, None)
    assert relay["relay"] == {"lag": 0.5, "rows": 3, "frames": 9, "failures": 0, "outages": 0}
    assert relay["age"] >= 0


async def test_channels_that_lag_are_named(build: Build, broker: MemoryBroker) -> None:
    """By the node on which they do, the worst first."""
    lags = [("quotation:1/agency", 7), ("user:2/self", 3)]
    house = build(board=Board(broker, "asked", partial(figures, ("node",), lambda _: lags), INTERVAL))
    [node] = (await house.as_("admin").get("/api/v1/ops")).json["processes"]
    assert [(one["channel"], one["frames"]) for one in node["node"]["lagging"]] == lags


async def test_who_stops_in_order_is_gone_at_once(house: House, broker: MemoryBroker) -> None:
    async with _telling(broker, "a relay"):
        pass
    assert [one["id"] for one in (await house.as_("admin").get("/api/v1/ops")).json["processes"]] == ["asked"]


async def test_who_dies_is_shown_as_gone_for_a_minute(house: House, broker: MemoryBroker, clock: _Clock) -> None:
    """Whatever the clocks of the processes say: the broker's counts."""
    admin = house.as_("admin")
    async with _telling(broker, "a relay", NEVER):
        await broker.enter(ALIVE, "a relay", b"", 1.0)
        clock.now = 2.0
        died = (await admin.get("/api/v1/ops")).json["processes"]
        clock.now = 61.0
        forgotten = (await admin.get("/api/v1/ops")).json["processes"]
    assert {one["id"]: one["alive"] for one in died} == {"asked": True, "a relay": False}
    assert [one["id"] for one in forgotten] == ["asked"]


async def test_without_the_broker_the_asked_process_tells_of_itself(build: Build) -> None:
    class Away(MemoryBroker):
        async def here(self, room: str) -> dict[str, bytes]:
            raise BrokerUnavailable

    house = build(board=Board(Away(), "asked", partial(figures, ("node",)), INTERVAL))
    told = await house.as_("admin").get("/api/v1/ops")
    assert (told.status, told.json["broker"]) == (200, False)
    assert [(one["id"], one["alive"]) for one in told.json["processes"]] == [("asked", True)]


async def test_an_outage_ends_no_telling(broker: MemoryBroker) -> None:
    away = True

    class Coming(MemoryBroker):
        async def enter(self, room: str, member_id: str, meta: bytes, ttl: float) -> None:
            if away:
                raise BrokerUnavailable
            await broker.enter(room, member_id, meta, ttl)

    async with asyncio.timeout(10):
        task = asyncio.create_task(Board(Coming(), "a relay", _relay, INTERVAL).keep_telling())
        await asyncio.sleep(0)
        away = False
        await until(lambda: _is_told(broker, "a relay"))
        task.cancel()
        await asyncio.wait((task,))


async def test_processes_of_other_versions_are_read_as_far_as_they_can_be(house: House, broker: MemoryBroker) -> None:
    """During a rolling upgrade."""
    newer = (
        b'{"at":"2026-11-01T00:00:00Z","started_at":"2026-11-01T00:00:00Z","node":{"connections":2,"new":1},"more":1}'
    )
    await broker.enter(BOARD, "newer", newer, 60.0)
    await broker.enter(BOARD, "strange", b'{"at": 1}', 60.0)
    processes = (await house.as_("admin").get("/api/v1/ops")).json["processes"]
    assert [(one["id"], one["node"]["connections"]) for one in processes if one["id"] != "asked"] == [("newer", 2)]


async def test_nothing_of_anybodys_is_on_the_board(house: House, broker: MemoryBroker) -> None:
    """[P3] Neither a quotation's id nor a title, a name or a price."""
    quotation = await draft(house)
    await house.as_("ana").get(f"/api/v1/quotations/{quotation}")
    board = Board(broker, "asked", partial(figures, ("node", "relay", "worker")), NEVER)
    task = asyncio.create_task(board.keep_telling())
    await until(lambda: _is_told(broker, "asked"))
    told = (await broker.here(BOARD))["asked"].decode()
    task.cancel()
    await asyncio.wait((task,))
    for secret in (quotation, TERMS["title"], "andes", "plaza", "amount"):
        assert secret not in told
