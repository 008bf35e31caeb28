"""[D9.3] The product's own nodes behind a balancer without sticky sessions, and sharing one port."""

import asyncio
import signal
from functools import partial
from pathlib import Path

import pytest
from socketio.exceptions import BadNamespaceError

from tests.support.balancer import balanced
from tests.support.client import Client
from tests.support.net import free_port
from tests.support.platform import Platform, another_node
from tests.support.server import ROOMY, Server, running
from tests.wire.stories import draft, edit


def _port(platform: Platform) -> int:
    return int(platform.url.rpartition(":")[2])


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]])
async def test_people_on_any_node(tmp_path: Path, request: pytest.FixtureRequest, transports: list[str]) -> None:
    """They read each other's edits; when the other node stops, whoever has a session here keeps it or comes back."""
    with (
        running("postgres+redis", tmp_path, request, **ROOMY, drain=0.2) as server,
        another_node(server.platform, tmp_path) as second,
    ):
        async with balanced([_port(server.platform), _port(second)]) as port:
            people = await _people(server, f"http://127.0.0.1:{port}", transports)
            room = f"quotation:{await draft(people[0])}"
            await _edit_in_turn(people, room)
            second.web.send_signal(signal.SIGTERM)
            await asyncio.to_thread(second.web.wait, 30)
            for client in people:
                await _come_back(client, room)
            await _edit_in_turn(people, room)
            for client in people:
                await client.close()


async def _edit_in_turn(people: list[Client], room: str) -> None:
    """Each edits, and all see it before the next does."""
    for client in people:
        await client.join(room)
    for number, client in enumerate(people * 2):
        await edit(client, room, "notes", f"edit {number}")
        for other in people:
            await other.until(partial(_reads, other, room, f"edit {number}"), what="the edit")


def _reads(client: Client, room: str, notes: str) -> bool:
    return bool(client.rooms[room].view.get("notes") == notes)


async def _come_back(client: Client, room: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await client.join(room)
            except (TimeoutError, BadNamespaceError):
                await asyncio.sleep(0.05)
            else:
                return


async def _people(server: Server, url: str, transports: list[str]) -> list[Client]:
    people = []
    for who in ("ana", "bruno", "ana", "bruno"):
        client = Client(url, await server.token(who), reconnection=True, reconnection_delay=0.1)
        people.append(await client.connect(transports))
    return people


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]])
async def test_nodes_on_one_port(tmp_path: Path, request: pytest.FixtureRequest, transports: list[str]) -> None:
    shared = {"port": free_port(), "reuse_port": True}
    with (
        running("postgres+redis", tmp_path, request, **ROOMY, **shared) as server,
        another_node(server.platform, tmp_path, same_port=True),
        another_node(server.platform, tmp_path, same_port=True),
    ):
        people = await _people(server, server.url, transports)
        await _edit_in_turn(people, f"quotation:{await draft(people[0])}")
        for client in people:
            await client.close()
