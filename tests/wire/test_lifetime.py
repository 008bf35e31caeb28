"""A session's end: with its token, with its connection, with its node; and the limits that it lives under.

The server here is hasty: every wait is short.
"""

import asyncio
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import jwt
import pytest
import socketio

from tests.support.client import Client
from tests.support.platform import Platform, another_node
from tests.support.server import TWO_STACKS, Server, Start, running
from tests.support.wait import until
from tests.wire.stories import draft, edit

SECRET = "a-secret-that-the-tests-know-as-well"
HASTY: dict[str, object] = {
    "jwt_secret": SECRET,
    "expiry_warning": 2,
    "connect_timeout": 1,
    "grace": 3,
    "presence_ttl": 3,
    "drain": 1,
    "command_rate": 10,
    "command_burst": 20,
}


@pytest.fixture(scope="module", params=TWO_STACKS)
def hasty(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with short waits and low limits."""
    with running(request.param, tmp_path_factory.mktemp("hasty"), request, **HASTY) as server:
        yield server


async def _lasting(server: Server, who: str, seconds: int) -> str:
    """A token of somebody's that ends in so many seconds."""
    claims = jwt.decode(await server.token(who), options={"verify_signature": False})
    return jwt.encode({**claims, "exp": int(time.time()) + seconds}, SECRET, algorithm="HS256")


async def test_a_session_ends_with_its_token(hasty: Server) -> None:
    """It is warned, ended with a code, and the old token opens no other."""
    token = await _lasting(hasty, "carla", 5)
    carla = await Client(hasty.url, token).connect()
    ready = await carla.event("session.ready")
    assert (await carla.event("session.expiring")) == {"expires_at": ready["expires_at"]}
    assert (await carla.event("session.closed")) == {"code": "auth.expired"}
    await carla.until(lambda: carla.disconnects)
    again = Client(hasty.url, token)
    with pytest.raises(socketio.exceptions.ConnectionError):
        await again.connect()
    assert again.refusals[0]["data"] == {"code": "auth.expired"}


async def test_a_refreshed_session_goes_on(hasty: Server) -> None:
    """With a newer token of the same person, and only of the same."""
    await hasty.token("plaza")
    carla = await Client(hasty.url, await _lasting(hasty, "carla", 5)).connect()
    warned = await carla.event("session.expiring")
    assert (await carla.refused("session.refresh", token=await hasty.token("plaza"))).code == "auth.invalid"
    renewed = await carla.command("session.refresh", token=await _lasting(hasty, "carla", 8))
    assert renewed["expires_at"] > warned["expires_at"]
    await carla.event("session.expiring", lambda body: body == renewed)
    assert not [name for name, _ in carla.events if name == "session.closed"]
    await carla.close()


async def _break_off_seen(ana: Client, bruno: Client, room: str) -> None:
    """Bruno's connection breaks, and Ana has been told all that she is told of it: he has nothing in focus any more."""
    await ana.event("presence.changed", lambda body: body["data"]["joined"])
    await bruno.command("presence.update", room=room, focus="notes")
    await ana.event("focus.changed", lambda body: body["data"] == {"focus": "notes"})
    known = len(ana.log)
    await bruno.break_off()
    await ana.event("focus.changed", lambda body: body["data"] == {"focus": None}, after=known)


async def test_a_broken_connection_is_not_seen_within_the_grace(hasty: Server) -> None:
    """[D9] Whoever comes back in time was never gone; whoever does not is gone when the grace is over."""
    ana = await Client(hasty.url, await hasty.token("ana")).connect()
    token = await hasty.token("bruno")
    bruno = await Client(hasty.url, token).connect()
    room = f"quotation:{await draft(ana)}"
    await ana.join(room)
    await bruno.join(room)
    missed = bruno.rooms[room]
    await _break_off_seen(ana, bruno, room)
    await edit(ana, room, "notes", "while he was away")
    back = await Client(hasty.url, token).connect()
    assert (await back.join(room, missed))["recovered"] is True
    assert back.rooms[room].view["notes"] == "while he was away"
    known = len(ana.log)
    await back.break_off()
    left = await ana.event("presence.changed", lambda body: body["data"]["left"], after=known)
    assert left["data"]["left"] == ["bruno-andes-demo"]
    gone = [body for _, body in ana.events if isinstance(body, dict) and body.get("data", {}).get("left")]
    assert len(gone) == 1
    await ana.close()


async def test_a_connection_that_becomes_no_session_is_closed(hasty: Server) -> None:
    """[S1] [S2] Nobody keeps a socket without saying who they are."""
    address = f"{hasty.url}/socket.io/?EIO=4&transport=websocket"
    async with aiohttp.ClientSession() as http, http.ws_connect(address) as socket, asyncio.timeout(10):
        assert (await socket.receive_str()).startswith("0{")
        async for message in socket:
            assert message.data == "1"
    assert socket.closed


async def test_too_many_commands_are_refused_with_the_time_to_wait(hasty: Server) -> None:
    """[S2] One person's bucket is theirs alone, and it fills again."""
    sol = await Client(hasty.url, await hasty.token("sol")).connect()
    mirador = await Client(hasty.url, await hasty.token("mirador")).connect()
    answers = await asyncio.gather(*(sol.ack("inbox.ack", {"ids": []}) for _ in range(200)))
    refused = [answer["error"] for answer in answers if not answer["ok"]]
    assert refused
    assert {error["code"] for error in refused} == {"rate.limited"}
    assert all(0 < error["retry_after"] <= 1 for error in refused)
    assert await mirador.command("inbox.ack", ids=[]) is not None

    async def filled_again() -> bool:
        return bool((await sol.ack("inbox.ack", {"ids": []}))["ok"])

    await until(filled_again)
    await sol.close()
    await mirador.close()


async def test_a_node_that_stops_tells_its_clients(start: Start) -> None:
    """[D10] Clients are told, closed, and find everything again at the next node over the same data."""
    with start(drain=1) as first:
        ana = await Client(first.url, await first.token("ana")).connect()
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        known = ana.rooms[room]
        first.platform.web.send_signal(signal.SIGTERM)
        assert (await ana.event("server.draining")) == {"within": 1.0}
        await ana.until(lambda: ana.disconnects)
        assert ana.disconnects != ["io server disconnect"]
        await asyncio.to_thread(first.platform.web.wait, 15)
        assert first.platform.web.returncode == 0
    with start() as second:
        again = await Client(second.url, await second.token("ana")).connect()
        assert (await again.join(room, known))["recovered"] is True
        await again.close()


async def test_a_node_is_not_ready_before_it_sends_anybody_away(start: Start) -> None:
    """[D10] For as long as balancers need to see it, it says so and goes on with everything else."""
    with start(drain=1, drain_notice=6) as server:
        ana = await Client(server.url, await server.token("ana")).connect()
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        await server.token("bruno")
        server.platform.web.send_signal(signal.SIGTERM)
        await until(lambda: _readiness(server), what="it says that it is not ready")
        bruno = await Client(server.url, await server.token("bruno")).connect()
        await bruno.join(room)
        await edit(bruno, room, "notes", "still at work")
        await ana.until(lambda: ana.rooms[room].view.get("notes") == "still at work")
        assert not ana.disconnects
        await asyncio.gather(*(client.event("server.draining") for client in (ana, bruno)))
        await asyncio.gather(*(client.until(lambda client=client: client.disconnects) for client in (ana, bruno)))
        await asyncio.to_thread(server.platform.web.wait, 15)
        assert server.platform.web.returncode == 0


async def _readiness(server: Server) -> bool:
    """Whether it answers that it is not ready since it stops."""
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/readyz") as answer:
        return answer.status == 503 and bool((await answer.json())["stopping"])


@pytest.fixture(scope="module")
def two_nodes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    """Two nodes over the same database and broker, with a relay process."""
    folder = tmp_path_factory.mktemp("two")
    with (
        running(TWO_STACKS[1], folder, request, **HASTY) as first,
        another_node(first.platform, folder) as second,
    ):
        yield first, Server(first.stack, second, first.tokens)


async def test_a_node_sees_no_break_at_another(two_nodes: tuple[Server, Server]) -> None:
    """[D9] Bruno's connection to one node breaks and he comes back at the other: Ana, at that one, saw him stay."""
    here, there = two_nodes
    ana = await Client(there.url, await there.token("ana")).connect()
    bruno = await Client(here.url, await here.token("bruno")).connect()
    room = f"quotation:{await draft(ana)}"
    await ana.join(room)
    await bruno.join(room)
    missed = bruno.rooms[room]
    await _break_off_seen(ana, bruno, room)
    await edit(ana, room, "notes", "while he was away")
    back = await Client(there.url, await there.token("bruno")).connect()
    assert (await back.join(room, missed))["recovered"] is True
    assert back.rooms[room].view["notes"] == "while he was away"
    known = len(ana.log)
    await back.break_off()
    await ana.event("presence.changed", lambda body: body["data"]["left"], after=known)
    gone = [body for _, body in ana.events if isinstance(body, dict) and body.get("data", {}).get("left")]
    assert len(gone) == 1
    await ana.close()


async def test_what_is_committed_while_a_node_drains_is_at_the_next(
    two_nodes: tuple[Server, Server], tmp_path: Path
) -> None:
    """[D10] [D2] Ana is told to go, her colleague at another node goes on editing, and she misses nothing there."""
    there = two_nodes[1]
    with another_node(there.platform, tmp_path) as leaving:
        await _drain_among_edits(leaving, there)
    assert leaving.web.returncode == 0


async def _drain_among_edits(leaving: Platform, there: Server) -> None:
    ana = await Client(leaving.url, await there.token("ana")).connect()
    bruno = await Client(there.url, await there.token("bruno")).connect()
    room = f"quotation:{await draft(ana)}"
    await ana.join(room)
    await bruno.join(room)
    leaving.web.send_signal(signal.SIGTERM)
    await ana.event("server.draining")
    for number in range(3):
        await edit(bruno, room, "notes", f"note {number}")
        await bruno.until(lambda number=number: bruno.rooms[room].view.get("notes") == f"note {number}")
    await ana.until(lambda: ana.disconnects)
    again = await Client(there.url, await there.token("ana")).connect()
    assert (await again.join(room, ana.rooms[room]))["recovered"] is True
    assert again.rooms[room].frames == bruno.rooms[room].frames
    assert [frame["data"]["change"]["notes"] for frame in again.rooms[room].frames] == ["note 0", "note 1", "note 2"]
    await asyncio.to_thread(leaving.web.wait, 15)
    await again.close()
    await bruno.close()
