"""[D8.4] The reminder of a deadline over real sockets, made by the clock of each stack."""

from datetime import UTC, datetime, timedelta

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import offer, published


def _in_hours(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


async def _reminder(client: Client, quotation: str) -> str:
    """Waits until the client is reminded of the quotation's deadline; the item's id."""

    def of_it() -> list[str]:
        made = [frame["data"]["change"]["notifications"] for frame in client.frames if "notifications" in str(frame)]
        items = [item for change in made for item in change.values() if item]
        return [i["id"] for i in items if (i["kind"], i["quotation_id"]) == ("deadline.near", quotation)]

    return str((await client.until(of_it, what="deadline.near"))[0])


async def test_a_near_deadline_is_told_to_those_who_are_asked(live_server: Server) -> None:
    """Both agents and both hotels, of which one has offered; it waits for whoever is away."""
    async with live_server.clients("ana", "bruno", "plaza", "client") as (ana, bruno, plaza, client):
        quotation = await published(ana, ("plaza", "sol"), deadline=_in_hours(2), client_id="client-andes-demo")
        await plaza.command("offer.submit", quotation_id=quotation, offer=offer())
        later = _in_hours(3)
        await ana.command("quotation.extend", quotation_id=quotation, deadline=later, reason="an hour more")
        for one in (ana, bruno, plaza):
            await _reminder(one, quotation)
        await client.ack("inbox.ack", {"ids": []})
        assert "deadline.near" not in str(client.log)
    async with live_server.client("sol") as sol:
        items = (await sol.event("inbox.page"))["items"]
        while not any((one["kind"], one.get("quotation_id")) == ("deadline.near", quotation) for one in items):
            assert items, "the reminder waits"
            await sol.command("inbox.ack", ids=[one["id"] for one in items])
            async with live_server.client("sol") as again:
                items = (await again.event("inbox.page"))["items"]
