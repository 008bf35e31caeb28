"""Connection state recovery, for clients as the official one is: the same session and rooms, each missed event once.

On one node: [D3] [D9].
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from tests.support.client import Client
from tests.support.returner import Returner
from tests.support.server import Server
from tests.wire.stories import draft, edit, published

Write = Callable[..., Awaitable[None]]


@asynccontextmanager
async def returner(url: str, server: Server, who: str) -> AsyncIterator[Returner]:
    """Somebody's connected client."""
    client = Returner(url, await server.token(who))
    try:
        yield await client.connect()
    finally:
        await client.close()


async def note(ana: Client, room: str, text: str) -> None:
    """Writes what was not there before, and waits until she has it herself."""
    seq = ana.rooms[room].seq
    await edit(ana, room, "notes", f"{text} at {seq}")
    await ana.reaches(room, seq + 1)


async def _rooms(ana: Client, count: int = 2) -> list[str]:
    rooms = [f"quotation:{await draft(ana)}" for _ in range(count)]
    for room in rooms:
        await ana.join(room)
    return rooms


async def same_facts(client: Returner, ana: Client, *rooms: str) -> None:
    """Waits until a client has seen of rooms what Ana has, who joined them at the same place and lost nothing."""
    for room in rooms:
        await client.until(lambda it, room=room: len(it.facts(room)) >= len(ana.rooms[room].frames), what=room)
        assert client.seqs(room) == [frame["seq"] for frame in ana.rooms[room].frames]
        assert client.facts(room) == ana.rooms[room].frames


async def test_a_session_comes_back_with_what_it_missed(live_server: Server) -> None:
    """[D3] [D9] Same ids, same rooms, each event once and in order; those of three rooms in between each other."""
    async with live_server.client("ana") as ana, returner(live_server.url, live_server, "bruno") as bruno:
        assert bruno.ready["recovered"] is False
        one, other = await _rooms(ana)
        await bruno.join(one)
        await bruno.join(other)
        sid, pid = bruno.sid, bruno.pid
        await note(ana, one, "1")
        await note(ana, other, "1")
        await bruno.until(lambda it: it.seqs(other))
        await bruno.break_off()
        for number in range(2, 6):
            await note(ana, one, str(number))
            await note(ana, other, str(number))
        await bruno.connect()
        assert (bruno.recovered, bruno.sid, bruno.pid) == (True, sid, pid)
        assert bruno.ready["recovered"] is True
        rooms = {room["room"]: room for room in bruno.ready["rooms"]}
        first = [ana.rooms[room].frames[0]["seq"] for room in (one, other)]
        assert [rooms[room]["seq"] for room in (one, other)] == first
        assert {"user:bruno-andes-demo", "company:andes", "public:announcements", one, other} == set(rooms)
        assert {person["id"] for person in rooms[one]["presence"]} == {"ana-andes-demo", "bruno-andes-demo"}
        await note(ana, one, "live")
        await same_facts(bruno, ana, one, other)
        assert not bruno.named("room.reset")
        await bruno.command("room.leave", room=one)


async def test_whatever_it_saw_last_it_goes_on_after_it(live_server: Server) -> None:
    """[D3] Events of three rooms in between each other; it breaks off after any number of them, again and again."""
    async with live_server.client("ana") as ana, returner(live_server.url, live_server, "bruno") as bruno:
        rooms = await _rooms(ana, 3)
        for room in rooms:
            await bruno.join(room)
        for seen in (0, 1, 2, 3, 4, 5, 7, 11):
            enough = len(bruno.facts()) + seen
            await asyncio.gather(_write(ana, rooms, str(seen)), _see(bruno, enough))
            await bruno.break_off()
            await bruno.connect()
            assert bruno.recovered, seen
            await same_facts(bruno, ana, *rooms)
        assert not bruno.named("room.reset")


async def _write(ana: Client, rooms: list[str], text: str) -> None:
    for number in range(12):
        await note(ana, rooms[number % len(rooms)], f"{text} {number}")


async def _see(client: Returner, facts: int) -> None:
    """Sees so many facts, and nothing of what follows them."""
    await client.until(lambda it: len(it.facts()) >= facts)
    client.left = 0


async def test_a_break_before_any_event_loses_nothing(live_server: Server) -> None:
    """[D3] Only `session.ready` and the join's ack came: all that followed the ack comes."""
    async with live_server.client("ana") as ana, returner(live_server.url, live_server, "bruno") as bruno:
        (room,) = await _rooms(ana, 1)
        await note(ana, room, "before")
        at = (await bruno.join(room))["seq"]
        bruno.left = 0
        await note(ana, room, "on its way")
        await bruno.break_off()
        await note(ana, room, "after")
        await bruno.connect()
        assert bruno.recovered
        await bruno.until(lambda it: it.seqs(room) == [at + 1, at + 2])


async def test_breaking_off_while_coming_back(live_server: Server) -> None:
    """[D3] The connection breaks again before anything of the second one was seen, and during the replay."""
    async with live_server.client("ana") as ana, returner(live_server.url, live_server, "bruno") as bruno:
        one, other = await _rooms(ana)
        await bruno.join(one)
        await bruno.join(other)
        await note(ana, one, "1")
        await bruno.until(lambda it: it.seqs(one))
        await bruno.break_off()
        for number in range(4):
            await note(ana, one, f"away {number}")
            await note(ana, other, f"away {number}")
        for seen in (1, 2, 3, 6, 1):
            log, offset = list(bruno.log), bruno.offset
            await bruno.connect(seeing=seen)
            assert bruno.recovered, seen
            await bruno.break_off()
            if seen == 1:
                # Not even `session.ready` came.
                bruno.log, bruno.offset = log, offset
        await bruno.connect()
        assert bruno.recovered
        await same_facts(bruno, ana, one, other)


async def test_what_a_session_said_goodbye_to_is_gone(live_server: Server) -> None:
    """[D9] A DISCONNECT ends it, and so does another session's private id or an offset that is none."""
    async with live_server.client("ana") as ana, returner(live_server.url, live_server, "bruno") as bruno:
        (room,) = await _rooms(ana, 1)
        await bruno.join(room)
        sid = bruno.sid
        await ana.event("presence.changed", lambda body: body["data"]["joined"])
        await bruno.say_goodbye()
        await ana.event("presence.changed", lambda body: body["data"]["left"] == ["bruno-andes-demo"])
        await bruno.break_off()
        await bruno.connect()
        assert not bruno.recovered
        assert bruno.sid != sid
        assert bruno.ready["recovered"] is False
        assert room not in {one["room"] for one in bruno.ready["rooms"]}


@pytest.mark.parametrize(
    "offset", [None, "", "nonsense", "aaaaaaaa.1", "x" * 4_000, 7, {"a": 1}, "aaaaaaaa.1.bbbbbbbb.1"]
)
async def test_without_a_sound_offset_there_is_a_new_session(live_server: Server, offset: Any) -> None:
    """[S2] [D3] It says so, and everything is as on the first connect."""
    async with returner(live_server.url, live_server, "bruno") as bruno:
        await bruno.break_off()
        bruno.offset = None
        await bruno.connect(offset=offset)
        assert bruno.refusal is None
        assert bruno.recovered is False


@pytest.mark.parametrize("pid", ["", "nonsense", 7, ["a"], "aaaaaaaa.1." + "a" * 20, "é" * 100])
async def test_a_private_id_that_is_none_means_a_new_session(live_server: Server, pid: Any) -> None:
    """[S2]"""
    async with returner(live_server.url, live_server, "bruno") as bruno:
        await bruno.break_off()
        await bruno.connect(pid=pid)
        assert bruno.refusal is None
        assert bruno.ready["recovered"] is False


async def test_nobody_gets_somebody_elses_session(live_server: Server) -> None:
    """[S1] With the private id and the offset of a colleague's: a session of one's own, and hers is still there."""
    async with live_server.client("ana") as ana, returner(live_server.url, live_server, "ana") as stolen:
        (room,) = await _rooms(ana, 1)
        await stolen.join(room)
        await stolen.break_off()
        thief = Returner(live_server.url, await live_server.token("bruno"))
        thief.pid, thief.offset = stolen.pid, stolen.offset
        try:
            await thief.connect()
            assert thief.ready["recovered"] is False
            assert thief.sid != stolen.sid
            assert room not in {one["room"] for one in thief.ready["rooms"]}
        finally:
            await thief.close()
        await note(ana, room, "still hers")
        await stolen.connect()
        assert stolen.recovered
        await same_facts(stolen, ana, room)


async def test_no_session_comes_back_without_a_token(live_server: Server) -> None:
    """[S1] And one that is not valid ends nothing either: with a valid one it comes back."""
    async with returner(live_server.url, live_server, "bruno") as bruno:
        await bruno.break_off()
        await bruno.connect(token="not-a-token")
        assert bruno.refusal["data"] == {"code": "auth.invalid"}
        await bruno.break_off()
        await bruno.connect()
        assert bruno.recovered


async def test_a_connection_that_only_the_client_knows_to_be_broken(live_server: Server) -> None:
    """[D9] Its node takes it for alive: the client comes back, the old connection ends, nobody sees anything."""
    async with AsyncExitStack() as kept:
        ana = await kept.enter_async_context(live_server.client("ana"))
        bruno = await kept.enter_async_context(returner(live_server.url, live_server, "bruno"))
        (room,) = await _rooms(ana, 1)
        await bruno.join(room)
        await ana.event("presence.changed", lambda body: body["data"]["joined"])
        sid, old = bruno.sid, bruno._socket
        assert bruno._reading is not None
        bruno._reading.cancel()
        await note(ana, room, "lost on its way")
        await bruno.connect()
        assert (bruno.recovered, bruno.sid) == (True, sid)
        await note(ana, room, "live")
        await same_facts(bruno, ana, room)
        assert old is not None
        async with asyncio.timeout(10):
            while (await old.receive()).type.name not in ("CLOSE", "CLOSED", "ERROR", "CLOSING"):
                pass
        await bruno.command("room.leave", room=room)
        left = await ana.event("presence.changed", lambda body: body["data"]["left"])
        assert left["data"]["left"] == ["bruno-andes-demo"]
        assert len([body for _, body in ana.events if isinstance(body, dict) and body.get("data", {}).get("left")]) == 1


async def test_rights_that_ended_meanwhile(live_server: Server) -> None:
    """[P6] A room that is not theirs any more is closed, one whose rights changed starts anew; the rest goes on."""
    async with (
        live_server.clients("ana", "admin") as (ana, admin),
        returner(live_server.url, live_server, "client") as client,
        returner(live_server.url, live_server, "plaza") as plaza,
    ):
        lost, kept = [await published(ana, client_id=client.ready["user"]["id"]) for _ in range(2)]
        granted = await published(ana)
        await client.join(f"quotation:{lost}")
        await client.join(f"quotation:{kept}")
        await plaza.join(f"quotation:{granted}")
        await client.break_off()
        await plaza.break_off()
        change = [{"field": "client_id", "value": None}]
        for quotation in (lost, kept):
            await ana.join(f"quotation:{quotation}")
        version = ana.rooms[f"quotation:{lost}"].view["version"]
        await ana.command("quotation.edit", quotation_id=lost, base_version=version, changes=change)
        await edit(ana, f"quotation:{kept}", "title", "Another title")
        await admin.command("quotation.grant", quotation_id=granted, hotel_id="plaza", reason="joint bid")
        await client.connect()
        await plaza.connect()
        assert client.recovered
        assert plaza.recovered
        assert client.named("room.closed") == [{"room": f"quotation:{lost}", "code": "room.forbidden"}]
        await client.until(lambda it: it.facts(f"quotation:{kept}"))
        assert f"quotation:{lost}" not in {room["room"] for room in client.ready["rooms"]}
        await plaza.until(lambda it: it.named("room.reset"))
        reset = plaza.named("room.reset")[0]
        assert reset["room"] == f"quotation:{granted}"
        assert reset["snapshot"] == (await plaza.join(f"quotation:{granted}"))["snapshot"]
