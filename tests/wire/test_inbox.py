"""[D8] What is addressed to a person waits until their client acks it."""

from typing import Any

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import published


async def _page_with(client: Client, quotation: str) -> dict[str, Any]:
    """Connects until the page after a connect tells of the quotation; its item."""

    def told() -> list[dict[str, Any]]:
        pages = [body for name, body in client.events if name == "inbox.page"]
        return [item for page in pages for item in page["items"] if item.get("quotation_id") == quotation]

    return (await client.until(told, what="inbox.page"))[0]


async def _clear(server: Server, who: str) -> None:
    """Acks all that waits for somebody."""
    while True:
        async with server.client(who) as client:
            page = await client.event("inbox.page")
            if not page["items"]:
                return
            await client.command("inbox.ack", ids=[item["id"] for item in page["items"]])


async def _invited(server: Server, who: str) -> str:
    """A new quotation that somebody's hotel was told of while nobody of it was there."""
    async with server.client("ana") as ana:
        quotation = await published(ana, (who,))
    async with server.client(who) as client:
        already = [item["quotation_id"] for item in (await client.event("inbox.page"))["items"]]
        if quotation not in already:
            await client.event("notification.created", lambda frame: quotation in str(frame["data"]))
    return quotation


async def test_an_invitation_waits_across_connects_until_it_is_acked(live_server: Server) -> None:
    """Each connect brings it again; after the ack none does."""
    await _clear(live_server, "sol")
    quotation = await _invited(live_server, "sol")
    for _ in range(2):
        async with live_server.client("sol") as sol:
            item = await _page_with(sol, quotation)
    async with live_server.client("sol") as sol:
        page = await sol.event("inbox.page")
        left = await sol.command("inbox.ack", ids=[item["id"]])
        assert left == {"left": page["left"] - 1}
        assert await sol.command("inbox.ack", ids=[item["id"], "unknown"]) == left
    async with live_server.client("sol") as sol:
        assert item["id"] not in [waiting["id"] for waiting in (await sol.event("inbox.page"))["items"]]


async def test_nobody_acks_for_another(live_server: Server) -> None:
    """[S1] Another's ids are as unknown as those that never were."""
    await _clear(live_server, "sol")
    quotation = await _invited(live_server, "sol")
    async with live_server.client("sol") as sol:
        item = await _page_with(sol, quotation)
    async with live_server.client("plaza") as plaza:
        before = (await plaza.event("inbox.page"))["left"]
        assert await plaza.command("inbox.ack", ids=[item["id"]]) == {"left": before}
    async with live_server.client("sol") as sol:
        await _page_with(sol, quotation)
