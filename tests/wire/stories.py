"""How the tests' quotations come about, over the wire alone."""

from collections.abc import Collection
from typing import Any

from tests.support.client import Client

TERMS: dict[str, Any] = {
    "title": "Cusco 2027",
    "destination": "Cusco",
    "check_in": "2027-03-01",
    "check_out": "2027-03-05",
    "rooms": {"double": 10, "single": 2},
    "adults": 22,
    "currency": "USD",
    "deadline": "2027-01-10T12:00:00Z",
}


def offer(rate: str = "100.00", **changes: Any) -> dict[str, Any]:
    """An offer for the terms above, at `rate` USD a room-night."""
    net = {"amount": rate, "currency": "USD"}
    rooms = [
        {"type": kind, "net_rate": net, "per": "room_night", "quantity": count}
        for kind, count in (("double", 10), ("single", 2))
    ]
    return {"rooms": rooms, "board": "BB", **changes}


async def draft(agent: Client, **terms: Any) -> str:
    """A new quotation's id."""
    quotation: dict[str, Any] = (await agent.command("quotation.create", {**TERMS, **terms}))["quotation"]
    quotation_id: str = quotation["id"]
    return quotation_id


async def published(agent: Client, hotels: Collection[str] = ("plaza", "mirador"), **terms: Any) -> str:
    """A quotation with its invitations out."""
    quotation_id = await draft(agent, **terms)
    await agent.command("quotation.publish", quotation_id=quotation_id, hotel_ids=sorted(hotels))
    return quotation_id


async def edit(agent: Client, room: str, field: str, value: Any) -> int:
    """Edits one field on top of the version that the agent's view of the room has; the new version."""
    version: int = (
        await agent.command(
            "quotation.edit",
            quotation_id=room.partition(":")[2],
            base_version=agent.rooms[room].view["version"],
            changes=[{"field": field, "value": value}],
        )
    )["version"]
    return version
