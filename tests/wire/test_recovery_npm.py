"""The official client recovers its connection: `socket.recovered`, whatever became of its node. [D3] [D9] [D10]"""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.client import Client, connected
from tests.support.platform import Platform
from tests.support.server import Server
from tests.support.switch import Switch, switch
from tests.support.wait import until
from tests.wire.stories import draft
from tests.wire.test_recovery import note
from tests.wire.test_recovery_nodes import Nodes, nodes

__all__ = ["nodes"]
FOLDER = Path(__file__).parent / "node"
TOOLS = Path(__file__).parents[2] / ".tools" / "bin"
NOWHERE = "http://127.0.0.1:9"


class Npm:
    """A running client; `lines` is all that it told."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.lines: list[dict[str, Any]] = []
        self._process = process
        self._reading = asyncio.create_task(self._read())

    def told(self, what: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if what in line]

    def facts(self, room: str) -> list[Any]:
        return [line["fact"] for line in self.told("fact") if line["fact"]["room"] == room]

    async def do(self, name: str, **payload: Any) -> Any:
        """A command's ack."""
        acks = len(self.told("ack"))
        self._say(name, payload)
        await until(lambda: len(self.told("ack")) > acks, what=name)
        return self.told("ack")[-1]["ack"]

    def _say(self, name: str, payload: Any = None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([name, payload]).encode() + b"\n")

    async def close(self) -> None:
        self._say("end")
        async with asyncio.timeout(10):
            await self._process.wait()
            await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(json.loads(line))


@asynccontextmanager
async def npm(url: str, token: str, transports: str) -> AsyncIterator[Npm]:
    process = await asyncio.create_subprocess_exec(
        "node",
        "recovery.mjs",
        url,
        token,
        transports,
        cwd=FOLDER,
        env={**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 20,
    )
    client = Npm(process)
    try:
        await until(lambda: client.told("ready"), within=30, what="the client is connected")
        yield client
        await client.close()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _rooms(ana: Client, client: Npm) -> list[str]:
    rooms = [f"quotation:{await draft(ana)}" for _ in range(2)]
    for room in rooms:
        await ana.join(room)
        assert (await client.do("room.join", room=room))["ok"]
        await note(ana, room, "both see this")
    await _has_all(client, ana, rooms)
    return rooms


async def _has_all(client: Npm, ana: Client, rooms: list[str], *, repeats: bool = False) -> None:
    for room in rooms:
        frames = ana.rooms[room].frames
        await until(lambda room=room, frames=frames: client.facts(room)[-1:] == frames[-1:], within=30, what=room)
        facts = client.facts(room)
        assert list({fact["id"]: fact for fact in facts}.values()) == frames
        assert repeats or facts == frames


async def _away(ana: Client, rooms: list[str], at: Switch, became: Callable[[], Any], target: str) -> None:
    """The connection breaks, something becomes of its node, facts are missed, and the next attempt finds `target`."""
    at.target = NOWHERE
    at.cut()
    for room in rooms:
        await note(ana, room, "missed")
    became()
    for room in rooms:
        await note(ana, room, "missed, too")
    at.target = target


async def _is_recovered(client: Npm, rooms: list[str], times: int) -> None:
    await until(lambda: len(client.told("ready")) == times, within=30, what="it is back")
    assert client.told("connect")[-1] == {"connect": client.told("connect")[0]["connect"], "recovered": True}
    assert client.told("ready")[-1]["recovered"] is True
    assert set(client.told("ready")[-1]["ready"]) >= set(rooms)


@pytest.mark.parametrize("transports", ["websocket", "polling", "polling,websocket"])
async def test_the_official_client_recovers(live_server: Server, transports: str) -> None:
    """[D3] [D9] Again and again, on the same node."""
    async with (
        live_server.client("ana") as ana,
        switch(live_server.url) as at,
        npm(at.url, await live_server.token("bruno"), transports) as client,
    ):
        rooms = await _rooms(ana, client)
        for times in (2, 3):
            await _away(ana, rooms, at, lambda: None, live_server.url)
            await _is_recovered(client, rooms, times)
            await _has_all(client, ana, rooms)
        assert not client.told("room.reset")


@pytest.fixture
def first(nodes: Nodes) -> Platform:
    return nodes.another()


def _stopped(node: Platform) -> None:
    node.web.send_signal(signal.SIGTERM)
    node.web.wait(15)


def _killed(node: Platform) -> None:
    node.web.kill()
    node.web.wait()


@pytest.mark.parametrize("became", [lambda _: None, _stopped, _killed], ids=["lives on", "stopped", "killed"])
async def test_the_official_client_recovers_on_another_node(
    nodes: Nodes, first: Platform, became: Callable[[Platform], None]
) -> None:
    """[D3] [D9] [D10] Whatever became of the one that it was on."""
    async with (
        connected(nodes.server.url, await nodes.server.token("ana")) as ana,
        switch(first.url) as at,
        npm(at.url, await nodes.server.token("bruno"), "websocket") as client,
    ):
        rooms = await _rooms(ana, client)
        await _away(ana, rooms, at, lambda: became(first), nodes.server.url)
        await _is_recovered(client, rooms, 2)
        await _has_all(client, ana, rooms, repeats=became is _killed)
        assert not client.told("room.reset")
