"""`make up` and `make down`: the scaled mode on one machine, as somebody in a terminal uses it."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.rest import Rest
from tests.support.client import Client, connected, login
from tests.support.net import free_port
from tests.support.platform import ROOT
from tests.support.servers import server_folder
from tests.support.terminal import Terminal, making
from tests.support.wait import until
from tests.wire.stories import draft, edit

EVERYTHING = {"node": 3, "relay": 2, "worker": 2}
MOST_CLIENTS = 40
"""Three nodes on one port: that none of so many connections goes to one of them happens once in ten million times."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Which PostgreSQL's user may enter, too."""
    with server_folder("up") as folder:
        folder.chmod(0o711)
        yield folder


class _Deployment:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._admin: Rest | None = None

    async def processes(self) -> list[dict[str, Any]]:
        """Those alive, as the operations page has them; it is not asked more often than somebody may."""
        await asyncio.sleep(0.2)
        return await asyncio.to_thread(self._read)

    def _read(self) -> list[dict[str, Any]]:
        self._admin = self._admin or Rest(self.url, "admin@spirit.demo")
        return [one for one in self._admin.get("/ops")["processes"] if one["alive"]]

    async def whole(self) -> bool:
        processes = await self.processes()
        return {role: sum(1 for one in processes if one[role]) for role in EVERYTHING} == EVERYTHING

    async def nodes_with_people(self) -> int:
        return sum(1 for one in await self.processes() if one["node"] and one["node"]["connections"])


@asynccontextmanager
async def _somebody_on_each_node(deployment: _Deployment) -> AsyncIterator[list[Client]]:
    token = await login(deployment.url, "ana@andes.demo")
    async with AsyncExitStack() as kept:
        clients: list[Client] = []
        while await deployment.nodes_with_people() < EVERYTHING["node"]:
            assert len(clients) < MOST_CLIENTS
            clients.append(await kept.enter_async_context(connected(deployment.url, token)))
            await until(partial(_counts, deployment, len(clients)))
        yield clients


def _titled(client: Client, room: str, title: str) -> bool:
    return bool(client.rooms[room].view["title"] == title)


async def _counts(deployment: _Deployment, people: int) -> bool:
    return sum(one["node"]["connections"] for one in await deployment.processes() if one["node"]) >= people


def _left(folder: Path) -> list[str]:
    """Processes that were started for the folder: it stands in what they were told."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(folder) in told and int(process.name) != os.getpid():
            found.append((process / "cmdline").read_text().replace("\0", " "))
    return found


async def _is_up(terminal: Terminal) -> None:
    def told() -> bool:
        assert not terminal.ended(), terminal.output[-3000:]
        return "nodes on http://" in terminal.output

    await until(told, within=180, what="everything is up")


@pytest.mark.timeout(600)
async def test_it_is_whole_mends_itself_and_leaves_nothing_behind(folder: Path) -> None:
    """Somebody is on each node, and what one commands all the others see; whoever is killed comes back."""
    port = free_port()
    deployment, arguments = _Deployment(port), (f"PORT={port}", f"UP={folder}")
    with making("-s", "up", *arguments) as terminal:
        await _is_up(terminal)
        await until(deployment.whole, what="everything is on the operations page")
        async with _somebody_on_each_node(deployment) as (first, *others):
            room = f"quotation:{await draft(first, title='Kept')}"
            for client in (first, *others):
                await client.join(room)
            await edit(first, room, "title", "Seen everywhere")
            for client in others:
                await client.until(partial(_titled, client, room, "Seen everywhere"))
        node = next(one for one in await deployment.processes() if one["node"])
        os.kill(node["pid"], signal.SIGKILL)
        await until(lambda: _replaced(deployment, node["pid"]), within=60, what="the killed node is back")
        assert await asyncio.to_thread(_make_down, folder) == 0
        await until(terminal.ended)
        assert _left(folder) == []
    with making("-s", "up", *arguments) as terminal:
        await _is_up(terminal)
        kept = await asyncio.to_thread(lambda: Rest(deployment.url, "ana@andes.demo").get(f"/quotations/{room[10:]}"))
        assert kept["title"] == "Seen everywhere"
        terminal.press_ctrl_c()
        await until(terminal.ended, within=60, what="ended by Ctrl-C")
        assert _left(folder) == []


async def _replaced(deployment: _Deployment, pid: int) -> bool:
    try:
        return await deployment.whole() and pid not in [one["pid"] for one in await deployment.processes()]
    except ConnectionError:  # what waited in the killed node's queue
        return False


def _make_down(folder: Path) -> int:
    return subprocess.run(["make", "-s", "down", f"UP={folder}"], cwd=ROOT, timeout=120).returncode


def test_down_without_up_is_no_mistake(folder: Path) -> None:
    assert _make_down(folder) == 0
