"""What a notification in somebody's inbox says, made at delivery under the rights they have then [D8]."""

from datetime import datetime
from typing import Any, Final

from backend.domain.quotation import Quotation
from privacy.audiences import kind as kind_of
from privacy.hearing import HEARD
from privacy.views import view
from privacy.wire import time_text

_SHOWN: Final = ("title", "state", "invitation")
_REMINDERS: Final = {
    "deadline.near": frozenset(("admin", "agency", "hotel")),
    "quotation.min_offers": frozenset(("admin", "agency")),
    "proposal.near": frozenset(("admin", "agency", "client")),
    "mention": frozenset(("admin", "agency")),
    "payment.requested": frozenset(("admin", "agency", "client")),
    "payment.received": frozenset(("admin", "agency", "client")),
    "payment.failed": frozenset(("admin", "agency", "client")),
    "payment.refunded": frozenset(("admin", "agency", "client")),
}
_RESULTS: Final = frozenset(("offer.selected", "offer.not_selected"))


def notification_view(
    kind: str, quotation: Quotation | None, audience: str | None, item_id: str, at: datetime
) -> dict[str, Any] | None:
    """The item `{id, kind, at, quotation_id, title, state or invitation}`.

    None when the person, who is of `audience` today, may not see the quotation or not hear of such a thing.
    """
    if quotation is None or audience is None or not _hears(kind, kind_of(audience)):
        return None
    seen = view(quotation, audience)
    if not seen:
        return None
    item = {"id": item_id, "kind": kind, "at": time_text(at), "quotation_id": quotation.id}
    return item | {key: seen[key] for key in _SHOWN if key in seen}


def _hears(name: str, kind: str) -> bool:
    if kind in _REMINDERS.get(name, ()):
        return True
    return name in HEARD.get(kind, {}).values() or (kind == "hotel" and name in _RESULTS)
