"""Joining rooms over real sockets: order, replay, and what one may not join."""

import asyncio

import pytest

from tests.support.client import RoomView
from tests.support.server import Server
from tests.wire.stories import draft, edit, offer, published


async def test_no_frame_precedes_the_ack_of_a_join(live_server: Server) -> None:
    """[D1] Whatever is committed while somebody joins comes after their ack, and none is missing."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        quotation = await draft(ana)
        room = f"quotation:{quotation}"
        await ana.join(room)

        async def write() -> None:
            for number in range(20):
                await edit(ana, room, "notes", f"note {number}")
                await ana.reaches(room, ana.rooms[room].seq)

        async def rejoin() -> None:
            for _ in range(10):
                await bruno.join(room)

        await asyncio.gather(write(), rejoin())
        for each in (ana, bruno):
            await each.until(lambda each=each: each.rooms[room].view.get("notes") == "note 19")
        first = next(at for at, entry in enumerate(bruno.log) if entry[:2] == ("ack", "room.join"))
        early = [body for kind, _, body in bruno.log[:first] if kind == "event" and body.get("room") == room]
        assert not early
        assert bruno.rooms[room].view == ana.rooms[room].view


async def test_two_members_see_the_same_frames_in_the_same_order(live_server: Server) -> None:
    """[D1]"""
    async with live_server.clients("ana", "bruno", "plaza", "mirador") as (ana, bruno, plaza, mirador):
        quotation = await published(ana)
        room = f"quotation:{quotation}"
        await asyncio.gather(ana.join(room), bruno.join(room))
        await asyncio.gather(
            plaza.command("offer.submit", quotation_id=quotation, offer=offer("90.00")),
            mirador.command("offer.submit", quotation_id=quotation, offer=offer("80.00")),
            edit(bruno, room, "notes", "call them"),
        )
        await ana.until(lambda: len(ana.rooms[room].frames) == 3)
        await bruno.until(lambda: len(bruno.rooms[room].frames) == 3)
        assert ana.rooms[room].frames == bruno.rooms[room].frames


async def test_a_position_replays_exactly_what_was_missed(live_server: Server) -> None:
    """[D3]"""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        quotation = await draft(ana)
        room = f"quotation:{quotation}"
        await ana.join(room)
        await bruno.join(room)
        await bruno.command("room.leave", room=room)
        left = bruno.rooms.pop(room)
        start = left.seq
        for number in range(3):
            await edit(ana, room, "notes", f"note {number}")
            await ana.reaches(room, start + number + 1)
        again = await bruno.join(room, left)
        assert again["recovered"] is True
        assert again["snapshot"] is None
        assert [frame["seq"] for frame in again["events"]] == [start + 1, start + 2, start + 3]
        assert bruno.rooms[room].view == ana.rooms[room].view


@pytest.mark.parametrize(
    "since", [{"epoch": "of-another-time", "seq": 1}, {"epoch": None, "seq": 10_000}], ids=["epoch", "ahead"]
)
async def test_a_position_that_cannot_be_replayed_gets_a_snapshot(
    live_server: Server, since: dict[str, object]
) -> None:
    """[D3] Another epoch, and a seq that is still to come."""
    async with live_server.client("ana") as ana:
        room = f"quotation:{await draft(ana)}"
        first = await ana.join(room)
        again = await ana.join(room, {"epoch": since["epoch"] or first["epoch"], "seq": since["seq"]})
        assert again["recovered"] is False
        assert again["events"] == []
        assert again["snapshot"] == first["snapshot"]


async def test_automatic_rooms_can_be_joined_again_with_a_position(live_server: Server) -> None:
    """[D3] A list room has no snapshot; its facts are replayed all the same."""
    async with live_server.client("ana") as ana:
        ready = await ana.event("session.ready")
        place = next(place for place in ready["rooms"] if place["room"] == "company:andes")
        await draft(ana)
        await ana.until(lambda: [frame for frame in ana.frames if frame["room"] == "company:andes"])
        start = RoomView(place["epoch"], place["seq"], {})
        again = await ana.join("company:andes", start)
        assert again["recovered"] is True
        assert again["events"]
        assert (await ana.join("company:andes"))["snapshot"] is None


@pytest.mark.parametrize("who", ["carla", "plaza", "client", "guide"])
async def test_what_one_may_not_see_and_what_is_not_there_look_alike(live_server: Server, who: str) -> None:
    """[P2] [S1] Same code, same text."""
    async with live_server.clients("ana", who) as (ana, other):
        quotation = await draft(ana)
        theirs = await other.refused("room.join", room=f"quotation:{quotation}")
        nothing = await other.refused("room.join", room="quotation:01890000-0000-7000-8000-000000000000")
        assert theirs.code == "room.forbidden"
        assert theirs.error == nothing.error


@pytest.mark.parametrize("room", ["company:rio", "hotel:plaza", "user:someone"])
async def test_other_peoples_list_rooms_are_forbidden(live_server: Server, room: str) -> None:
    """[S1]"""
    async with live_server.client("ana") as ana:
        assert (await ana.refused("room.join", room=room)).code == "room.forbidden"


@pytest.mark.parametrize("room", ["", "quotation", "quotation:", "quotation:a/b", "secret:1", "quotation:" + "x" * 65])
async def test_a_malformed_name_is_unknown(live_server: Server, room: str) -> None:
    """[S2]"""
    async with live_server.client("ana") as ana:
        assert (await ana.refused("room.join", room=room)).code == "room.unknown"


async def test_after_leaving_nothing_comes(live_server: Server) -> None:
    """Leaving twice is no error, and the room is silent from the ack on."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await ana.join(room)
        await bruno.join(room)
        assert await bruno.command("room.leave", room=room) == {}
        assert await bruno.command("room.leave", room=room) == {}
        left = len(bruno.log)
        await edit(ana, room, "notes", "alone")
        await ana.reaches(room, bruno.rooms[room].seq + 1)
        await bruno.join(room)
        assert not [body for kind, _, body in bruno.log[left:] if kind == "event" and body.get("room") == room]
