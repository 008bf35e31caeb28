"""Connection state recovery over two nodes: the other node, a restart in order, a kill, a half-open connection. [D9]"""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.rest import Rest
from tests.support.client import Client, connected, login
from tests.support.platform import Platform, another_node
from tests.support.returner import Returner
from tests.support.server import EMAILS, ROOMY, STACKS, Server, running
from tests.wire.stories import draft
from tests.wire.test_recovery import note, returner, same_facts

QUICK: dict[str, object] = {"presence_ttl": 2, "grace": 12, "drain": 1, "compare_interval": 3_600}


@dataclass
class Nodes:
    """A node that stays, and others that come and go over the same data."""

    server: Server
    folder: Path
    kept: ExitStack = field(default_factory=ExitStack)

    def another(self) -> Platform:
        return self.kept.enter_context(another_node(self.server.platform, self.folder))


@pytest.fixture(scope="module")
def nodes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    folder = tmp_path_factory.mktemp("nodes")
    with running(STACKS[1], folder, request, **ROOMY, **QUICK) as server:
        made = Nodes(server, folder)
        with made.kept:
            yield made


@asynccontextmanager
async def ana_at(nodes: Nodes) -> AsyncIterator[Client]:
    async with connected(nodes.server.url, await nodes.server.token("ana")) as ana:
        yield ana


async def _two_rooms(ana: Client, bruno: Returner) -> list[str]:
    """Two rooms that both are in, with something that both have seen in each."""
    rooms = [f"quotation:{await draft(ana)}" for _ in range(2)]
    for room in rooms:
        await ana.join(room)
        await bruno.join(room)
    for room in rooms:
        await ana.event("presence.changed", lambda body, room=room: body["room"] == room and body["data"]["joined"])
        await note(ana, room, "both see this")
    await same_facts(bruno, ana, *rooms)
    return rooms


def _flickers(ana: Client, rooms: list[str]) -> list[object]:
    """What Ana was told of somebody's coming or going in rooms."""
    told = [body for name, body in ana.events if name == "presence.changed" and body["room"] in rooms]
    return [body["data"] for body in told if body["data"]["joined"] or body["data"]["left"]]


async def _miss(ana: Client, rooms: list[str], count: int = 4) -> None:
    for number in range(count):
        for room in rooms:
            await note(ana, room, f"missed {number}")


async def _recovered(bruno: Returner, ana: Client, rooms: list[str], sid: str | None) -> None:
    """Bruno is back in his session, has all that Ana has, each once, and goes on; she saw nothing of it."""
    assert (bruno.recovered, bruno.sid, bruno.ready["recovered"]) == (True, sid, True)
    assert {room["room"] for room in bruno.ready["rooms"]} >= set(rooms)
    await same_facts(bruno, ana, *rooms)
    for room in rooms:
        await note(ana, room, "and on")
    await same_facts(bruno, ana, *rooms)
    assert not bruno.named("room.reset")
    assert len(_flickers(ana, rooms)) == len(rooms)


async def test_a_session_comes_back_to_another_node(nodes: Nodes) -> None:
    """[D3] [D9] And from there to the first one again."""
    first = nodes.another()
    async with ana_at(nodes) as ana, returner(first.url, nodes.server, "bruno") as bruno:
        rooms, sid = await _two_rooms(ana, bruno), bruno.sid
        await bruno.break_off()
        await _miss(ana, rooms)
        for url in (nodes.server.url, first.url, nodes.server.url):
            bruno.url = url
            await bruno.connect()
            await _recovered(bruno, ana, rooms, sid)
            bruno.left = 0
            await _miss(ana, rooms, 1)
            await bruno.break_off()
            await _miss(ana, rooms, 1)


async def test_another_node_takes_over_what_the_first_thinks_is_alive(nodes: Nodes) -> None:
    """[D9] The first one does not hear the client leave: it lets go when asked, without a word to anybody."""
    first = nodes.another()
    async with ana_at(nodes) as ana, returner(first.url, nodes.server, "bruno") as bruno:
        rooms, sid = await _two_rooms(ana, bruno), bruno.sid
        old = bruno._socket
        assert bruno._reading is not None
        assert old is not None
        bruno._reading.cancel()
        await _miss(ana, rooms)
        bruno.url = nodes.server.url
        await bruno.connect()
        await _recovered(bruno, ana, rooms, sid)
        async with asyncio.timeout(10):
            while (await old.receive()).type.name not in ("CLOSE", "CLOSED", "ERROR", "CLOSING"):
                pass
        await note(ana, rooms[0], "after the old one ended")
        await same_facts(bruno, ana, *rooms)
        assert len(_flickers(ana, rooms)) == len(rooms)


async def test_a_restart_in_order_loses_nothing_and_repeats_nothing(nodes: Nodes) -> None:
    """[D10] [D9] The first node drains and is gone before the client comes; what it wrote down is exact."""
    first = nodes.another()
    async with ana_at(nodes) as ana, returner(first.url, nodes.server, "bruno") as bruno:
        rooms, sid = await _two_rooms(ana, bruno), bruno.sid
        bruno.left = 1
        await _miss(ana, rooms)
        first.web.send_signal(signal.SIGTERM)
        await _miss(ana, rooms, 1)
        await asyncio.to_thread(first.web.wait, 15)
        await bruno.break_off()
        await _miss(ana, rooms)
        bruno.url = nodes.another().url
        await bruno.connect()
        await _recovered(bruno, ana, rooms, sid)


@pytest.mark.parametrize("seen", [0, 1, 2, 3, 5])
async def test_a_node_that_is_killed_takes_nothing_with_it(nodes: Nodes, seen: int) -> None:
    """[D2] [D9] At worst something comes again, with the same id; and nobody sees him leave."""
    await comes_back_after_a_kill(nodes, seen)


async def comes_back_after_a_kill(nodes: Nodes, seen: int) -> None:
    """Bruno sees so many events more of what he misses before his node dies, and goes on at another."""
    first = nodes.another()
    async with ana_at(nodes) as ana, returner(first.url, nodes.server, "bruno") as bruno:
        rooms, sid = await _two_rooms(ana, bruno), bruno.sid
        bruno.left = seen
        await _miss(ana, rooms)
        first.web.kill()
        await _miss(ana, rooms, 2)
        await bruno.break_off()
        bruno.url = nodes.server.url
        await bruno.connect()
        assert (bruno.recovered, bruno.sid) == (True, sid)
        for room in rooms:
            await note(ana, room, "and on")
        for room in rooms:
            frames = ana.rooms[room].frames
            await bruno.until(lambda it, room=room, frames=frames: it.facts(room)[-1:] == frames[-1:], what=room)
            once = {fact["id"]: fact for fact in bruno.facts(room)}
            assert list(once.values()) == frames
            assert [fact for fact in bruno.facts(room) if once[fact["id"]] != fact] == []
        assert not bruno.named("room.reset")
        assert len(_flickers(ana, rooms)) == len(rooms)


async def test_after_the_grace_it_is_a_new_session(nodes: Nodes) -> None:
    """[D9] Told so; and only then others saw him leave."""
    first = nodes.another()
    async with ana_at(nodes) as ana, returner(first.url, nodes.server, "bruno") as bruno:
        rooms = await _two_rooms(ana, bruno)
        await bruno.break_off()
        await ana.until(lambda: len(_flickers(ana, rooms)) == 2 * len(rooms), within=30)
        sid = bruno.sid
        for url in (first.url, nodes.server.url):
            bruno.url = url
            await bruno.connect()
            assert not bruno.recovered
            assert bruno.sid != sid
            assert bruno.ready["recovered"] is False
            assert not {room["room"] for room in bruno.ready["rooms"]} & set(rooms)
            await bruno.say_goodbye()
            await bruno.break_off()


def _revoke_bruno(url: str) -> None:
    Rest(url, EMAILS["admin"]).post("/people/bruno-andes-demo/revoke", {})


@pytest.mark.parametrize("killed", [False, True])
async def test_a_kick_is_final_at_the_other_node_too(nodes: Nodes, killed: bool) -> None:
    """[P6] [D9.4] Bruno has no connection when his logins end; his node hears of it, or is dead: then its record says
    by what rights he came."""
    first = nodes.another()
    token = await login(nodes.server.url, EMAILS["bruno"])
    bruno = Returner(first.url, token)
    async with ana_at(nodes) as ana:
        try:
            await bruno.connect()
            rooms, sid = await _two_rooms(ana, bruno), bruno.sid
            if killed:
                first.web.kill()
            await bruno.break_off()
            await asyncio.to_thread(_revoke_bruno, nodes.server.url)
            await _miss(ana, rooms, 1)
            bruno.url, known = nodes.server.url, len(bruno.log)
            await bruno.connect(token=await login(nodes.server.url, EMAILS["bruno"]))
            assert (bruno.recovered, bruno.ready["recovered"]) == (False, False)
            assert bruno.sid != sid
            assert not {room["room"] for room in bruno.ready["rooms"]} & set(rooms)
            assert "missed" not in str(bruno.log[known:])
            joined = await bruno.join(rooms[0])
            assert (joined["recovered"], "missed" in joined["snapshot"]["notes"]) == (False, True)
        finally:
            nodes.server.tokens.pop("bruno", None)
            await bruno.close()


async def test_nobody_gets_anothers_session_from_another_node(nodes: Nodes) -> None:
    """[S1] It stays where it is."""
    first = nodes.another()
    async with ana_at(nodes) as ana, returner(first.url, nodes.server, "bruno") as bruno:
        rooms, sid = await _two_rooms(ana, bruno), bruno.sid
        await bruno.break_off()
        thief = Returner(nodes.server.url, await nodes.server.token("carla"))
        thief.pid, thief.offset = bruno.pid, bruno.offset
        try:
            await thief.connect()
            assert thief.ready["recovered"] is False
            assert not {room["room"] for room in thief.ready["rooms"]} & set(rooms)
        finally:
            await thief.close()
        bruno.url = nodes.server.url
        await bruno.connect()
        await _recovered(bruno, ana, rooms, sid)
