"""When a term may still change, and the states that these rules speak of.

- title, notes, budget, weights and the wanted number of offers: as long as the quotation is open;
- markups, programme, platform margin, client and deposit: until the client accepts, since the accepted price stands;
- what the hotels price (destination, dates, rooms, people, meals, requirements) and auto-award: until closing;
- privacy: until closing, and after the draft tightened only;
- currency, the way hotels are chosen, the deadline: in draft (later the deadline moves by extension alone).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from backend.domain.quotation import Quotation, State
from backend.domain.refusals import wrong_state
from backend.domain.terms import PrivacySettings, Terms

DRAFT: Final[frozenset[State]] = frozenset({"draft"})
BEFORE_CLOSING: Final[frozenset[State]] = DRAFT | {"published"}
BEFORE_ACCEPTANCE: Final[frozenset[State]] = BEFORE_CLOSING | {"reviewing", "awarded"}
BOOKED: Final[frozenset[State]] = frozenset({"accepted", "deposit_paid", "confirmed"})
OPEN: Final[frozenset[State]] = BEFORE_ACCEPTANCE | BOOKED

PRICED_BY_HOTELS: Final = frozenset(
    {
        "destination",
        "check_in",
        "check_out",
        "rooms",
        "adults",
        "children_ages",
        "meal_plan",
        "special_requirements",
    }
)
"""Terms that hotels price: a change after publishing makes every offer `outdated`."""

CHANGEABLE: Final[Mapping[str, frozenset[State]]] = {
    **dict.fromkeys(("title", "notes", "internal_notes", "budget", "weights", "min_offers"), OPEN),
    **dict.fromkeys(
        ("markup_percent", "band_markups", "programme", "margin_percent", "client_id", "deposit"), BEFORE_ACCEPTANCE
    ),
    **dict.fromkeys((*PRICED_BY_HOTELS, "auto_award", "privacy"), BEFORE_CLOSING),
    **dict.fromkeys(("currency", "hotel_selection", "deadline"), DRAFT),
}
"""The states in which each term may be edited."""


def require_changeable(q: Quotation, after: Terms, fields: Collection[str]) -> None:
    """Refuses a change of `fields` that comes at the wrong time.

    Raises:
        Refusal: quotation.wrong_state, naming the fields.
    """
    late = sorted(field for field in fields if q.state not in CHANGEABLE[field])
    if late:
        raise wrong_state(f"Cannot be changed any more: {', '.join(late)}.")
    if q.state not in DRAFT and _loosened(q.terms.privacy, after.privacy):
        raise wrong_state("Privacy is loosened in draft only.")


def takes_offers(q: Quotation, now: datetime) -> bool:
    """The RFQ is out and its deadline has not passed, even if nobody has closed it yet."""
    return q.state == "published" and not deadline_passed(q, now)


def deadline_passed(q: Quotation, now: datetime) -> bool:
    return q.terms.deadline is not None and q.terms.deadline <= now


def _loosened(before: PrivacySettings, after: PrivacySettings) -> bool:
    return (
        (before.hide_competitor_prices and not after.hide_competitor_prices)
        or (after.show_own_rank and not before.show_own_rank)
        or (after.reveal_prices_after_deadline and not before.reveal_prices_after_deadline)
    )
