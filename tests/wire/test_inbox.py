"""[D8] What is addressed to a person waits until their client acks it."""

from typing import Any

import aiohttp

from tests.support.client import Client
from tests.support.server import ROOMY, Server, Start
from tests.support.wait import until
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


async def test_what_was_read_on_one_device_is_read_on_the_others(live_server: Server) -> None:
    """At once, or when they come back; one that acks it too changes nothing."""
    await _clear(live_server, "sol")
    quotation = await _invited(live_server, "sol")
    async with live_server.clients("sol", "sol") as (desk, phone):
        item = await _page_with(phone, quotation)
        await phone.join("user:sol-hotel-demo")
        known = phone.rooms["user:sol-hotel-demo"]
        await phone.break_off()
        await desk.command("inbox.ack", ids=[item["id"]])
        read = await desk.event("inbox.read")
        assert read["data"] == {"change": {"notifications": {item["id"]: None}}}
        async with live_server.client("sol") as again:
            assert (await again.join("user:sol-hotel-demo", known))["recovered"] is True
            assert again.rooms["user:sol-hotel-demo"].frames == [read]
            await again.command("inbox.ack", ids=[item["id"]])
            await desk.command("inbox.ack", ids=[])
    assert [name for name, _ in desk.events].count("inbox.read") == 1


async def test_pages_follow_each_other_and_what_was_dropped_is_told(start: Start) -> None:
    """Oldest first, each item once; a page comes when nothing of the one before is left, on whichever device."""
    with start(**ROOMY, inbox_page=2, inbox_most=4) as server:
        await _clear(server, "sol")
        async with server.client("ana") as ana:
            asked = [await published(ana, ("sol",)) for _ in range(5)]
        await _told(server, "sol", asked[1:])
        async with server.clients("sol", "sol") as (desk, phone):
            first = await desk.event("inbox.page")
            assert [item["quotation_id"] for item in first["items"]] == asked[1:3]
            assert first["left"] == 4
            assert first["dropped"] >= 1, "besides, what the demo's own trips told late"
            await phone.event("inbox.page", lambda page: page == first)
            one, two = [item["id"] for item in first["items"]]
            await desk.command("inbox.ack", ids=[one])
            assert await phone.command("inbox.ack", ids=[two]) == {"left": 2}
            second = await phone.event("inbox.page", lambda page: page != first)
            assert [item["quotation_id"] for item in second["items"]] == asked[3:]
            assert (second["left"], second["dropped"]) == (2, 0)
            assert await phone.command("inbox.ack", ids=[item["id"] for item in second["items"]]) == {"left": 0}
        async with server.client("sol") as sol:
            assert (await sol.event("inbox.page")) == {"items": [], "left": 0, "dropped": 0}


async def _told(server: Server, who: str, quotations: list[str]) -> None:
    """Waits until somebody's inbox holds items about these quotations and no more, as REST shows it."""
    headers = {"Authorization": f"Bearer {await server.token(who)}"}

    async def told() -> bool:
        async with http.get(f"{server.url}/api/v1/inbox", headers=headers, params={"limit": "100"}) as answer:
            return [item["quotation_id"] for item in (await answer.json())["items"]] == quotations

    async with aiohttp.ClientSession() as http:
        await until(told, within=30, what="all are told of")
