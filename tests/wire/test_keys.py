"""[D5] The same key twice has one effect and one answer."""

import asyncio
from uuid import uuid4

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import TERMS, offer, published


async def _created(client: Client, title: str) -> int:
    """How many quotations of that title its company's room heard of."""
    return sum(title in str(frame["data"]) for frame in client.frames if frame["name"] == "quotation.created")


async def test_a_repeated_command_is_done_once(live_server: Server) -> None:
    """One after the other, and over another connection."""
    title, key = f"Once {uuid4()}", uuid4().hex
    async with live_server.client("ana") as ana:
        first = await ana.command("quotation.create", {**TERMS, "title": title, "key": key})
        assert await ana.command("quotation.create", {**TERMS, "title": title, "key": key}) == first
        async with live_server.client("ana") as again:
            assert await again.command("quotation.create", {**TERMS, "title": title, "key": key}) == first
        await ana.until(lambda: [frame for frame in ana.frames if title in str(frame["data"])])
        await edit_somewhere(ana)
        assert await _created(ana, title) == 1


async def edit_somewhere(ana: Client) -> None:
    """Waits until a later fact of the company's room has come: whatever was to come before it has."""
    known = len(ana.log)
    await published(ana, ("sol",))
    await ana.event("quotation.published", lambda frame: frame["room"] == "company:andes", after=known)


async def test_of_two_at_once_the_second_gets_the_firsts_answer(live_server: Server) -> None:
    """Two connections of one person send the same command at the same moment."""
    async with live_server.client("ana") as ana, live_server.client("ana") as too:
        payload = {**TERMS, "title": f"Twice {uuid4()}", "key": uuid4().hex}
        one, other = await asyncio.gather(
            ana.command("quotation.create", payload), too.command("quotation.create", payload)
        )
        assert one == other


async def test_a_key_with_another_payload_is_refused(live_server: Server) -> None:
    """The key belongs to the payload that it came with first."""
    async with live_server.client("ana") as ana:
        key = uuid4().hex
        await ana.command("quotation.create", {**TERMS, "key": key})
        assert (await ana.refused("quotation.create", {**TERMS, "adults": 23, "key": key})).code == "command.invalid"


async def test_a_key_belongs_to_one_person_and_one_command(live_server: Server) -> None:
    """Others may use the same word, and so may another command of the same person."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        key = uuid4().hex
        mine = await ana.command("quotation.create", {**TERMS, "key": key})
        theirs = await bruno.command("quotation.create", {**TERMS, "key": key})
        assert mine["quotation"]["id"] != theirs["quotation"]["id"]
        await ana.command("quotation.publish", quotation_id=mine["quotation"]["id"], hotel_ids=["plaza"], key=key)


async def test_refusals_are_not_kept(live_server: Server) -> None:
    """A command that was refused may be tried again under its key."""
    async with live_server.clients("ana", "plaza") as (ana, plaza):
        quotation = await published(ana, ("mirador",))
        payload = {"quotation_id": quotation, "offer": offer(), "key": uuid4().hex}
        assert (await plaza.refused("offer.submit", payload)).code == "quotation.not_found"
        await ana.command("quotation.invite", quotation_id=quotation, hotel_ids=["plaza"])
        assert (await plaza.command("offer.submit", payload))["offer"]["state"] == "submitted"


async def test_a_repeated_edit_moves_the_version_once(live_server: Server) -> None:
    """Its base version is old by then; the key says that it is the same edit."""
    async with live_server.client("ana") as ana:
        room = f"quotation:{await published(ana)}"
        await ana.join(room)
        version = ana.rooms[room].view["version"]
        payload = {
            "quotation_id": room.partition(":")[2],
            "base_version": version,
            "changes": [{"field": "notes", "value": "once"}],
            "key": uuid4().hex,
        }
        assert await ana.command("quotation.edit", payload) == {"version": version + 1}
        assert await ana.command("quotation.edit", payload) == {"version": version + 1}
        assert (await ana.join(room))["snapshot"]["notes"] == "once"
