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
_PAYMENTS: Final = frozenset({"payment.received", "payment.failed", "payment.refunded"})


async def follow(deps: Deps, stored: StoredEvent) -> None:
    """Begins the workflow of what the event begins, and tells that of what it changes."""
    event, flows = stored.event, deps.workflows
    booking_id = event.data.get("booking_id")
    if event.name == "booking.created":
        await flows.begin("booking", f"booking:{booking_id}", {"booking_id": booking_id}, queue="high")
    elif booking_id is not None:
        await flows.send(f"booking:{booking_id}", CHANGED, event.id)
        if event.name in _PAYMENTS:
            await _settle_late(deps, str(booking_id), event.id)
    if event.name == "quotation.published":
        await flows.begin("quotation", f"quotation:{stored.quotation_id}", {"quotation_id": stored.quotation_id})
    elif event.name in _STAGES:
        await flows.send(f"quotation:{stored.quotation_id}", CHANGED, event.id)


async def _settle_late(deps: Deps, booking_id: str, word: str) -> None:
    """Money may come when the booking's workflow is over: another one, of the same plan, gives it back.

    The word was said before the look: a workflow that was not over then takes another turn, and is not over yet.
    """
    flows, late = deps.workflows, f"booking:{booking_id}:late"
    await flows.send(late, CHANGED, word)
    first = await deps.db.workflow(f"booking:{booking_id}")
    if first is None or first.state == "done":
        await flows.begin("booking", late, {"booking_id": booking_id}, queue="high")
