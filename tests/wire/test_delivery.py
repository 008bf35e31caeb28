"""Facts over real sockets: nothing lost, nothing doubled, nothing between two who act at once."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import draft, edit, offer, published

NODE = Path(__file__).parent / "node"
TOOLS = Path(__file__).parents[2] / ".tools" / "bin"


async def _read(server: Server, who: str, quotation: str) -> dict[str, Any]:
    """A quotation by REST."""
    headers = {"Authorization": f"Bearer {await server.token(who)}"}
    url = f"{server.url}/api/v1/quotations/{quotation}"
    async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
        assert answer.status == 200
        body: dict[str, Any] = await answer.json()
        return body


async def test_edits_of_different_fields_at_once_both_stand(live_server: Server) -> None:
    """Both on top of the same version; both pages show both."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await asyncio.gather(ana.join(room), bruno.join(room))
        start = ana.rooms[room].seq
        versions = await asyncio.gather(edit(ana, room, "notes", "from Ana"), edit(bruno, room, "rooms.double", 11))
        assert abs(versions[0] - versions[1]) == 1
        for client in (ana, bruno):
            view = (await client.reaches(room, start + 2)).view
            assert (view["notes"], view["rooms"]["double"]) == ("from Ana", 11)


async def test_an_edit_of_the_same_field_at_once_is_a_conflict(live_server: Server) -> None:
    """One stands, the other is told its value and author; nothing of the refused edit is applied."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        quotation = await draft(ana)
        room = f"quotation:{quotation}"
        await asyncio.gather(ana.join(room), bruno.join(room))
        base = ana.rooms[room].view["version"]

        def write(value: str) -> dict[str, Any]:
            changes = [{"field": "notes", "value": value}, {"field": "title", "value": f"{value}'s title"}]
            return {"key": f"edit-{value}-1", "quotation_id": quotation, "base_version": base, "changes": changes}

        answers = await asyncio.gather(
            ana.ack("quotation.edit", write("Ana")), bruno.ack("quotation.edit", write("Bruno"))
        )
        won = next(number for number, answer in enumerate(answers) if answer["ok"])
        winner, loser = ("Ana", "Bruno")[won], answers[1 - won]
        assert not loser["ok"]
        assert loser["error"]["code"] == "quotation.conflict"
        conflict = loser["error"]["data"]
        assert conflict["version"] == base + 1
        assert conflict["fields"]["notes"]["value"] == winner
        assert conflict["fields"]["notes"]["by"]["name"].startswith(winner)
        for client in (ana, bruno):
            view = (await client.reaches(room, 2)).view
            assert (view["notes"], view["title"], view["version"]) == (winner, f"{winner}'s title", base + 1)


async def test_two_hotels_submits_at_once_both_succeed(live_server: Server) -> None:
    """[P2.6] And so do their revisions, again and again; the agency hears of each."""
    async with live_server.clients("ana", "plaza", "mirador") as (ana, plaza, mirador):
        quotation = await published(ana)
        room = f"quotation:{quotation}"
        await asyncio.gather(*(client.join(room) for client in (ana, plaza, mirador)))
        start = ana.rooms[room].seq
        for rate in ("100.00", "95.00", "90.00"):
            payload = {"quotation_id": quotation, "offer": offer(rate)}
            offers = await asyncio.gather(
                plaza.command("offer.submit", payload), mirador.command("offer.submit", payload)
            )
            assert all(answer["offer"]["rooms"][0]["net_rate"]["amount"] == rate for answer in offers)
        view = (await ana.reaches(room, start + 6)).view
        assert sorted(one["revision"] for one in view["offers"].values()) == [3, 3]


async def test_a_broken_connection_misses_nothing(live_server: Server) -> None:
    """[D2] [D3] What was committed while the network was away is replayed, exactly, as it was sent to others."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        await asyncio.gather(ana.join(room), bruno.join(room))
        start = bruno.rooms[room].seq
        await edit(ana, room, "notes", "before")
        await bruno.reaches(room, start + 1)
        await bruno.break_off()
        for number in range(5):
            await edit(ana, room, "notes", f"while away {number}")
            await ana.reaches(room, start + 2 + number)
        back = await Client(live_server.url, await live_server.token("bruno")).connect()
        try:
            joined = await back.join(room, bruno.rooms[room])
            assert joined["recovered"] is True
            assert joined["events"] == ana.rooms[room].frames[-5:]
            await edit(ana, room, "notes", "after")
            assert (await back.reaches(room, start + 7)).view == (await ana.reaches(room, start + 7)).view
        finally:
            await back.close()


async def test_everybodys_frames_make_what_rest_shows(live_server: Server) -> None:
    """[D4] [P5.2] The story to the booking: each view, kept by frames alone, is the body of the REST read."""
    names = ("admin", "ana", "plaza", "mirador", "client")
    async with live_server.clients(*names) as clients:
        _, ana, plaza, mirador, client = clients
        who = (await client.event("session.ready"))["user"]["id"]
        quotation = await published(ana, client_id=who, markup_percent="12.5")
        room = f"quotation:{quotation}"
        await asyncio.gather(*(one.join(room) for one in clients))
        own = (await plaza.command("offer.submit", quotation_id=quotation, offer=offer("90.00")))["offer"]["id"]
        await mirador.command("offer.submit", quotation_id=quotation, offer=offer("95.00"))
        await ana.reaches(room, ana.rooms[room].seq)
        await edit(ana, room, "title", "Cusco, renamed")
        await ana.command("quotation.award", quotation_id=quotation, offer_id=own)
        accepted = await client.command("quotation.accept", quotation_id=quotation)
        booking = accepted["quotation"]["booking"]["id"]
        await plaza.until(lambda: plaza.rooms[room].view.get("booking", {}).get("lines"))
        (line,) = plaza.rooms[room].view["booking"]["lines"]
        await plaza.command("booking.confirm_line", booking_id=booking, line_id=line)
        await client.until(lambda: client.rooms[room].view["state"] == "confirmed")
        for name, one in zip(names, clients, strict=True):
            shown = await _read(live_server, name, quotation)
            await one.until(lambda one=one, shown=shown: one.rooms[room].view == shown, what=f"{name}'s view")


@pytest.mark.parametrize("transports", ["websocket", "polling"])
async def test_the_browsers_client_loses_nothing(live_server: Server, transports: str) -> None:
    """[D1] [D2] [D3] [D4] [D5] [D8] The npm client: edits at once, a conflict, a key used twice, a lost connection."""
    tokens = [await live_server.token(who) for who in ("ana", "bruno", "plaza")]
    environment = {**os.environ, "PATH": f"{TOOLS}:{os.environ['PATH']}"}
    arguments = ("node", "delivery.mjs", live_server.url, transports, *tokens)
    story = await asyncio.create_subprocess_exec(
        *arguments, cwd=NODE, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        output, errors = await story.communicate()
    assert story.returncode == 0, errors.decode()
    seen = json.loads(output)
    assert [answer["ok"] for answer in seen["different"]] == [True, True]
    won = next(number for number, answer in enumerate(seen["same"]) if answer["ok"])
    refused = seen["same"][1 - won]["error"]
    assert refused["code"] == "quotation.conflict"
    assert refused["data"]["fields"]["notes"]["value"] == ("Ana", "Bruno")[won]
    assert seen["once"] == seen["twice"]
    assert seen["replayed"]["recovered"] is True
    assert [frame["seq"] for frame in seen["replayed"]["events"]] == seen["missed"]
    assert seen["frames"]["ana"] == seen["frames"]["bruno"]
    assert seen["views"]["ana"] == seen["views"]["bruno"] == seen["snapshot"]
    assert seen["waiting"]
    assert seen["waiting"] == seen["waitingStill"]
    assert seen["waitingNoMore"] == []
