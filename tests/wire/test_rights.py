"""[P6] Rights that end or change while somebody is in the room."""

from tests.support.server import Server
from tests.wire.stories import offer, published


async def test_an_uninvited_hotel_hears_nothing_more(live_server: Server) -> None:
    """It is told at once, in its own words; the agency's later edits do not reach it."""
    async with live_server.clients("ana", "plaza") as (ana, plaza):
        quotation = await published(ana)
        room = f"quotation:{quotation}"
        await ana.join(room)
        await plaza.join(room)
        await ana.command("quotation.uninvite", quotation_id=quotation, hotel_ids=["plaza"])
        await plaza.until(lambda: plaza.rooms[room].closed or plaza.rooms[room].view.get("invitation") != "open")
        known = plaza.rooms[room].seq
        await ana.command(
            "quotation.edit",
            quotation_id=quotation,
            base_version=ana.rooms[room].view["version"],
            changes=[{"field": "title", "value": "A secret title"}],
        )
        await ana.until(lambda: ana.rooms[room].view["title"] == "A secret title")
        again = await plaza.ack("room.join", {"room": room})
        assert "A secret title" not in str(plaza.log)
        assert not again["ok"] or again["data"]["seq"] == known


async def test_a_grant_shows_the_room_anew(live_server: Server) -> None:
    """The hotel is reset into a view with its competitors, in a new epoch; a revoked grant takes them away again."""
    async with live_server.clients("ana", "plaza", "mirador", "admin") as (ana, plaza, mirador, admin):
        quotation = await published(ana)
        room = f"quotation:{quotation}"
        await mirador.command("offer.submit", quotation_id=quotation, offer=offer("77.00"))
        before = (await plaza.join(room))["epoch"]
        assert "competitors" not in plaza.rooms[room].view
        await admin.command("quotation.grant", quotation_id=quotation, hotel_id="plaza", reason="a fair comparison")
        await plaza.until(lambda: plaza.rooms[room].view.get("competitors"))
        assert plaza.rooms[room].epoch != before
        granted = plaza.rooms[room].epoch
        await admin.command("quotation.revoke", quotation_id=quotation, hotel_id="plaza", reason="over")
        await plaza.until(lambda: "competitors" not in plaza.rooms[room].view)
        assert plaza.rooms[room].epoch not in (before, granted)
        stale = await plaza.join(room, {"epoch": granted, "seq": 0})
        assert stale["recovered"] is False
        assert "competitors" not in stale["snapshot"]


async def test_a_client_taken_off_a_quotation_is_shown_out(live_server: Server) -> None:
    """`room.closed`, with the code that a join would be refused with."""
    async with live_server.clients("ana", "client") as (ana, client):
        me = (await client.event("session.ready"))["user"]["id"]
        quotation = await published(ana, client_id=me)
        room = f"quotation:{quotation}"
        await ana.join(room)
        await client.join(room)
        await ana.command(
            "quotation.edit",
            quotation_id=quotation,
            base_version=ana.rooms[room].view["version"],
            changes=[{"field": "client_id", "value": None}],
        )
        await client.until(lambda: client.rooms[room].closed)
        assert client.rooms[room].closed == "room.forbidden"
        assert (await client.refused("room.join", room=room)).code == "room.forbidden"
