"""Steps of a quotation's life by REST, for tests that need one somewhere along it."""

from typing import Any

from tests.integration.api.house import House
from tests.support.asgi import Answer

TERMS: dict[str, Any] = {
    "title": "Cusco and Machu Picchu",
    "destination": "Cusco",
    "check_in": "2027-03-01",
    "check_out": "2027-03-05",
    "rooms": {"double": 10},
    "adults": 20,
    "children_ages": [9],
    "markup_percent": "12.5",
    "internal_notes": "they pay late",
    "client_id": "client",
}


def offer(rate: str) -> dict[str, Any]:
    """Ten doubles at `rate` USD a night."""
    money = {"amount": rate, "currency": "USD"}
    return {"rooms": [{"type": "double", "net_rate": money, "quantity": 10}], "internal_notes": f"floor {rate}"}


async def done(answer: Answer) -> Any:
    assert answer.status in (200, 201), answer.body
    return answer.json


async def draft(house: House, **terms: Any) -> str:
    """The id of a new quotation of Ana's."""
    made = await house.as_("ana").post("/api/v1/quotations", {**TERMS, **terms})
    return str((await done(made))["quotation"]["id"])


async def published(house: House, *hotels: str, **terms: Any) -> str:
    id_ = await draft(house, **terms)
    await done(await house.as_("ana").post(f"/api/v1/quotations/{id_}/publish", {"hotel_ids": list(hotels)}))
    return id_


async def bid(house: House, quotation_id: str, hotel: str, rate: str) -> str:
    """The id of the hotel's offer."""
    made = await house.as_(hotel).post(f"/api/v1/quotations/{quotation_id}/offers", offer(rate))
    return str((await done(made))["offer"]["id"])


async def booked(house: House, *hotels: str) -> tuple[str, str]:
    """The ids of a quotation whose first hotel won and whose client accepted, and of its booking."""
    id_ = await published(house, *hotels)
    bids = [await bid(house, id_, hotel, str(100 + n)) for n, hotel in enumerate(hotels)]
    await done(await house.as_("ana").post(f"/api/v1/quotations/{id_}/award", {"offer_id": bids[0]}))
    accepted = await done(await house.as_("client").post(f"/api/v1/quotations/{id_}/accept"))
    await house.settle()
    return id_, str(accepted["quotation"]["booking"]["id"])
