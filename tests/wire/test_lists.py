"""Lists stay right by the facts of their room alone: `company:`, `hotel:` and a client's own `user:`. [D3.6] [D4]"""

from typing import Any

import aiohttp

from tests.support.client import Client, merge_patch
from tests.support.server import Server
from tests.wire.stories import draft, edit, offer


async def _listed(server: Server, who: str, quotation: str) -> dict[str, Any] | None:
    """What REST lists of the quotation for that person."""
    headers = {"Authorization": f"Bearer {await server.token(who)}"}
    url = f"{server.url}/api/v1/quotations?limit=100"
    async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as answer:
        items = (await answer.json())["items"]
    return next((item for item in items if item["id"] == quotation), None)


def _row(client: Client, room: str, quotation: str) -> dict[str, Any] | None:
    """The quotation's row as the room's facts made it."""
    row: dict[str, Any] | None = (client.rooms[room].view or {}).get("quotations", {}).get(quotation)
    return row


async def test_a_clients_trips_come_change_and_go(live_server: Server) -> None:
    """A trip appears when the client is named, follows it up to its price, and goes with the client's right to it."""
    async with live_server.clients("ana", "plaza", "client") as (ana, plaza, client):
        me = (await client.event("session.ready"))["user"]["id"]
        mine = f"user:{me}"
        await client.join(mine)
        quotation = await draft(ana)
        room = f"quotation:{quotation}"
        await ana.join(room)
        await edit(ana, room, "client_id", me)
        await client.until(lambda: _row(client, mine, quotation))
        await ana.command("quotation.publish", quotation_id=quotation, hotel_ids=["plaza"])
        offered = await plaza.command("offer.submit", quotation_id=quotation, offer=offer("91.37"))
        await ana.command("quotation.award", quotation_id=quotation, offer_id=offered["offer"]["id"])
        await client.until(lambda: (_row(client, mine, quotation) or {}).get("state") == "awarded")
        listed, row = await _listed(live_server, "client", quotation), _row(client, mine, quotation)
        assert row
        assert row["selling"]["total"] == (listed or {})["selling"]["total"]
        assert merge_patch(listed, row) == listed
        assert "91.37" not in str(client.log)
        await ana.until(lambda: ana.rooms[room].view["state"] == "awarded")
        await edit(ana, room, "client_id", None)
        await client.until(lambda: _row(client, mine, quotation) is None)
        assert await _listed(live_server, "client", quotation) is None
        known = client.rooms[mine].seq
        await edit(ana, room, "title", "Somebody else's trip")
        await client.ack("inbox.ack", {"ids": []})
        again = await client.join(mine, {"epoch": client.rooms[mine].epoch, "seq": known})
        assert "Somebody else's trip" not in str(again)
