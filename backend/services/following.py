"""Which workflows follow which events. They are told that something happened, and look for themselves."""

from typing import Final

from backend.services.deps import Deps
from backend.services.records import StoredEvent

CHANGED: Final = "changed"
_STAGES: Final = frozenset(
    {
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
    event = stored.event
    if stored.quotation_id is None:
        return
    workflow_id = f"quotation:{stored.quotation_id}"
    if event.name == "quotation.published":
        await deps.workflows.begin("quotation", workflow_id, {"quotation_id": stored.quotation_id})
    elif event.name in _STAGES:
        await deps.workflows.send(workflow_id, CHANGED, event.id)
