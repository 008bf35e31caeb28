"""Payments by REST: the demo's button, the webhook, the ledger and the reconciliation."""

from dataclasses import replace
from typing import Any

from tests.integration.api.house import House
from tests.integration.api.stories import bid, done, published

DEPOSIT = {"required": True, "percent": "30"}


async def accepted(house: House) -> tuple[str, str]:
    """The ids of a booking that waits for its deposit, and of that payment."""
    id_ = await published(house, "plaza", deposit=DEPOSIT)
    won = await bid(house, id_, "plaza", "100.00")
    await done(await house.as_("ana").post(f"/api/v1/quotations/{id_}/award", {"offer_id": won}))
    taken = await done(await house.as_("client").post(f"/api/v1/quotations/{id_}/accept"))
    await house.settle()
    booking = str(taken["quotation"]["booking"]["id"])
    shown = await done(await house.as_("client").get(f"/api/v1/bookings/{booking}"))
    (payment,) = shown["payments"]
    return booking, payment


def in_demo(house: House) -> House:
    house.client.app.state.rest = replace(house.rest, demo=True)  # type: ignore[attr-defined]  # Starlette's
    return house


async def listed(house: House, who: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await done(await house.as_(who).get("/api/v1/payments")))["items"]
    return items


async def test_the_client_pays_at_the_demos_gateway(house: House) -> None:
    """[P2] Who may see a payment sees it; its gateway is the platform's business."""
    booking, payment = await accepted(in_demo(house))
    at = f"/api/v1/bookings/{booking}/payments/{payment}/pay"
    assert (await house.as_("ana").post(at)).status == 403
    assert (await house.as_("carla").post(at)).status == 404
    await done(await house.as_("client").post(at, {"outcome": "failed"}))
    await house.settle()
    assert [one["state"] for one in await listed(house, "client")] == ["failed"]


async def test_what_is_paid_is_in_the_ledger_and_agrees_with_the_gateway(house: House) -> None:
    booking, payment = await accepted(in_demo(house))
    since = "/api/v1/payments/reconciliation?since=2020-01-01T00:00:00Z"
    await done(await house.as_("client").post(f"/api/v1/bookings/{booking}/payments/{payment}/pay"))
    (difference,) = (await done(await house.as_("admin").get(since)))["differences"]
    assert (difference["theirs"], difference["ours"]) == ("received", "open")
    await house.settle()
    told = await done(await house.as_("admin").get(since))
    assert told["differences"] == []
    assert sum(balance["amount"] for balance in told["balances"]) == 0
    (seen,) = await listed(house, "client")
    assert (seen["state"], seen["kind"], "gateway" in seen) == ("received", "deposit", False)
    assert (await listed(house, "admin"))[0]["gateway"] == "local"
    assert await listed(house, "carla") == await listed(house, "plaza") == []
    rows = (await done(await house.as_("admin").get(f"/api/v1/bookings/{booking}/ledger")))["items"]
    assert {row["account"] for row in rows} == {"gateway:local", "client:client"}
    assert sum(row["amount"] for row in rows) == 0
    for name in ("ana", "client", "plaza"):
        assert (await house.as_(name).get(f"/api/v1/bookings/{booking}/ledger")).status == 404
        assert (await house.as_(name).get(since)).status == 404


async def test_outside_the_demo_nobody_pays_by_a_button(house: House) -> None:
    booking, payment = await accepted(house)
    answer = await house.as_("client").post(f"/api/v1/bookings/{booking}/payments/{payment}/pay")
    assert (answer.status, answer.json["code"]) == (403, "command.forbidden")


async def test_a_webhook_is_believed_by_its_signature_alone(house: House) -> None:
    """[S2]"""
    refused = await house.client.post("/api/v1/webhooks/local", {"id": "made up"})
    assert (refused.status, refused.json["code"]) == (401, "auth.invalid")
    assert (await house.client.post("/api/v1/webhooks/nobody", {})).status == 404
