"""Which workflows follow which events. They are told that something happened, and look for themselves."""

from typing import Final

from backend.services.deps import Deps
from backend.services.records import StoredEvent

CHANGED: Final = "changed"
_STAGES: Final = frozenset(
    {
        "quotation.closed",
        "quotation.awarded",
        "quotation.accepted",
        "quotation.rejected",
        "quotation.cancelled",
        "quotation.expired",
    }
)
"""What a quotation's workflow waits for: no offer is among it. [P2]"""


async def follow(deps: Deps, stored: StoredEvent) -> None:
    """Begins the workflow of what the event begins, and tells that of what it changes."""
    event, flows = stored.event, deps.workflows
    booking_id = event.data.get("booking_id")
    if event.name == "booking.created":
        await flows.begin("booking", f"booking:{booking_id}", {"booking_id": booking_id}, queue="high")
    elif booking_id is not None:
        await flows.send(f"booking:{booking_id}", CHANGED, event.id)
    if event.name == "quotation.published":
        await flows.begin("quotation", f"quotation:{stored.quotation_id}", {"quotation_id": stored.quotation_id})
    elif event.name in _STAGES:
        await flows.send(f"quotation:{stored.quotation_id}", CHANGED, event.id)
