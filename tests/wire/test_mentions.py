"""[D8.5] A mention in the notes over real sockets."""

from typing import Any

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import edit, published

SOMEBODY = "@bruno, @carla@rio.demo, @plaza@hotel.demo and @client: they pay late"


def _told(client: Client, quotation: str) -> list[dict[str, Any]]:
    made = [frame["data"]["change"].get("notifications", {}) for frame in client.frames]
    items = [item for change in made for item in change.values() if item]
    return [item for item in items if (item["kind"], item["quotation_id"]) == ("mention", quotation)]


async def test_a_colleague_is_told_of_a_mention_and_nobody_else(live_server: Server) -> None:
    """[P2] Who is not of the agency learns neither of the note nor of having been named in it."""
    who = ("ana", "bruno", "carla", "plaza", "client")
    async with live_server.clients(*who) as (ana, bruno, carla, plaza, client):
        quotation = await published(ana, ("plaza",), client_id="client-andes-demo")
        room = f"quotation:{quotation}"
        for one in (ana, plaza, client):
            await one.join(room)
        await edit(ana, room, "internal_notes", SOMEBODY)
        await bruno.until(lambda: _told(bruno, quotation), what="mention")
        await ana.until(lambda: ana.rooms[room].view.get("internal_notes") == SOMEBODY)
        version = await edit(ana, room, "title", "A last word")
        await plaza.until(lambda: plaza.rooms[room].view["title"] == "A last word")
        for other in (ana, carla, plaza, client):
            await other.ack("inbox.ack", {"ids": []})
            assert _told(other, quotation) == []
        for outside in (carla, plaza, client):
            assert "pay late" not in str(outside.log)
        await bruno.join(room)
        assert bruno.rooms[room].view["version"] == version
        assert len(_told(bruno, quotation)) == 1
