"""The operations page's figures from real processes: each tells of itself, and who is killed is missed."""

import asyncio
import signal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.rest import Rest
from tests.support.platform import another_node
from tests.support.server import EMAILS, Server, running
from tests.support.wait import until
from tests.wire.stories import draft

SOON = {"ops_interval": 0.2}


def _roles(process: dict[str, Any]) -> list[str]:
    return [role for role in ("node", "relay", "worker") if process[role]]


class _Page:
    """What an admin is told."""

    def __init__(self, server: Server) -> None:
        self._rest = Rest(server.url, EMAILS["admin"])

    async def processes(self) -> list[dict[str, Any]]:
        # Not more often than somebody may ask.
        await asyncio.sleep(0.2)
        found: list[dict[str, Any]] = (await asyncio.to_thread(self._rest.get, "/ops"))["processes"]
        return found

    async def roles(self, *, alive: bool = True) -> list[list[str]]:
        return sorted(_roles(one) for one in await self.processes() if one["alive"] is alive)

    async def total(self, role: str, figure: str) -> float:
        return float(sum(one[role][figure] for one in await self.processes() if one[role]))


async def _work(server: Server) -> None:
    """A command, a refusal, and somebody who stays."""
    async with server.client("ana") as ana:
        await ana.join(f"quotation:{await draft(ana)}")
        await ana.refused("room.join", room="quotation:none")


async def test_one_process_does_it_all_in_the_embedded_mode(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with running("sqlite+memory", tmp_path, request, **SOON) as server:
        page = _Page(server)
        assert await page.roles() == [["node", "relay", "worker"]]
        await _work(server)
        await until(lambda: _timed(page), what="the way of a fact was timed")
        (told,) = await page.processes()
    assert told["node"]["commands"]["quotation.create"]["count"] == 1
    assert told["node"]["refusals"]["room.forbidden"] == 1
    assert told["pid"] == server.platform.web.pid


async def test_every_process_is_told_of_by_every_node(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with running("postgres+redis", tmp_path, request, **SOON) as server, another_node(server.platform, tmp_path) as two:
        first, second = _Page(server), _Page(Server("second", two))
        everything = [["node"], ["node"], ["relay"], ["worker"]]
        for page in (first, second):
            await until(partial(_is, page, everything), what="all of them told")
        async with server.client("ana") as ana, Server("second", two).client("bruno"):
            await until(lambda: _counts(second, "connections", 2), what="people on both nodes")
            await ana.join(f"quotation:{await draft(ana)}")
            await until(lambda: _counts(second, "rooms", 7), what="rooms on both nodes")
            relayed = [one["relay"]["frames"] for one in await second.processes() if one["relay"]]
            assert relayed[0] > 0


async def test_who_is_killed_is_missed_and_who_stops_is_not(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with running("postgres+redis", tmp_path, request, **SOON) as server:
        page, platform = _Page(server), server.platform
        assert platform.relay
        assert platform.worker
        await until(lambda: _is(page, [["node"], ["relay"], ["worker"]]))
        platform.relay.kill()
        await until(lambda: _is(page, [["node"], ["worker"]]), what="the relay's death was noticed")
        assert await page.roles(alive=False) == [["relay"]]
        platform.worker.send_signal(signal.SIGTERM)
        await until(lambda: _is(page, [["node"]]), what="the worker took its figures away")
        assert await page.roles(alive=False) == [["relay"]]


async def test_a_channel_that_lags_is_named_with_its_lag(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """No relay carries anything: the node finds it by comparing, and shows it until it has filled it in itself."""
    with running("postgres+redis", tmp_path, request, **SOON, compare_interval=2) as server:
        page, platform = _Page(server), server.platform
        async with server.client("ana") as ana:
            room = f"quotation:{await draft(ana)}"
            await ana.join(room)
            assert platform.relay
            platform.relay.kill()
            for number in range(3):
                await ana.command(
                    "quotation.edit",
                    quotation_id=room.partition(":")[2],
                    base_version=1 + number,
                    changes=[{"field": "notes", "value": f"note {number}"}],
                )
            await until(lambda: _lags(page, f"{room}/agency", 3), what="it is shown")
            await ana.until(lambda: ana.rooms[room].view.get("notes") == "note 2")
            await until(lambda: _lags(page, f"{room}/agency", 0), what="it was filled in")


async def _lags(page: _Page, channel: str, frames: int) -> bool:
    told = [lag for one in await page.processes() if one["node"] for lag in one["node"]["lagging"]]
    return sum(lag["frames"] for lag in told if lag["channel"] == channel) == frames


async def _timed(page: _Page) -> bool:
    return await page.total("node", "timed") > 0


async def _is(page: _Page, roles: list[list[str]]) -> bool:
    return await page.roles() == roles


async def _counts(page: _Page, figure: str, count: int) -> bool:
    return await page.total("node", figure) == count
