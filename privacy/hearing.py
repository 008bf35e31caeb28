"""Under which name of the wire protocol each kind of viewer hears what happened to a quotation.

A hotel's names come from what changes in its own view, never from what happened elsewhere: another hotel's award, an
expiry and a cancellation after closing must all read alike.
"""

from collections.abc import Mapping
from typing import Any, Final

from privacy.fields import AudienceKind

REPRICED: Final = "quotation.repriced"
_RESULTS: Final = {
    "open": "invitation.received",
    "closed": "invitation.closed",
    "selected": "offer.selected",
    "not_selected": "offer.not_selected",
}
_DECIDES: Final = frozenset(
    f"quotation.{verb}"
    for verb in ("published", "invited", "uninvited", "closed", "awarded", "rejected", "cancelled", "expired")
)
_PRICES: Final = frozenset(("offers", "selling"))
DISCLOSURES: Final = frozenset(("rank", "totals", "competitors"))
"""The parts of a hotel's view that its rivals may change, when they are disclosed."""
_ANONYMOUS: Final[Mapping[str, frozenset[str]]] = {
    "hotel": frozenset(
        ("invitation.closed", "offer.not_selected", "offer.ranked", "quotation.prices_revealed"),
    ),
    "client": frozenset((REPRICED,)),
}
_SAME: Final = {
    name: name
    for name in (
        "quotation.created",
        "quotation.edited",
        "quotation.published",
        "quotation.extended",
        "quotation.closed",
        "quotation.prices_revealed",
        "quotation.awarded",
        "quotation.accepted",
        "quotation.rejected",
        "quotation.cancelled",
        "quotation.expired",
        "quotation.repriced",
        "booking.created",
        "booking.step_changed",
        "booking.confirmed",
        "booking.changed",
        "booking.cancelled",
        "booking.completed",
    )
}
_STAFF: Final = {
    **_SAME,
    "quotation.restored": "quotation.restored",
    "quotation.invited": "invitation.received",
    "quotation.uninvited": "invitation.closed",
    "quotation.granted": "quotation.granted",
    "quotation.revoked": "quotation.granted",
    "offer.submitted": "offer.submitted",
    "offer.revised": "offer.revised",
    "offer.withdrawn": "offer.withdrawn",
}
_CLIENT: Final = {**_SAME, "quotation.restored": "quotation.edited"}
_HOTEL: Final = {
    "quotation.edited": "quotation.edited",
    "quotation.restored": "quotation.edited",
    "quotation.published": "invitation.received",
    "quotation.invited": "invitation.received",
    "quotation.uninvited": "invitation.closed",
    "quotation.extended": "quotation.extended",
    "quotation.closed": "invitation.closed",
    "quotation.prices_revealed": "quotation.prices_revealed",
    "quotation.awarded": "offer.not_selected",
    "quotation.rejected": "offer.not_selected",
    "quotation.cancelled": "offer.not_selected",
    "quotation.expired": "offer.not_selected",
    "offer.submitted": "offer.submitted",
    "offer.revised": "offer.revised",
    "offer.withdrawn": "offer.withdrawn",
    "booking.created": "booking.created",
    "booking.step_changed": "booking.step_changed",
    "booking.confirmed": "booking.confirmed",
    "booking.changed": "booking.changed",
    "booking.cancelled": "booking.cancelled",
    "booking.completed": "booking.completed",
}
HEARD: Final[Mapping[str, Mapping[str, str]]] = {
    "admin": _STAFF,
    "agency": _STAFF,
    "client": _CLIENT,
    "hotel": _HOTEL,
}
"""Kind of viewer -> event inside the server -> name on the wire. What is not here is not heard."""


def heard(event_name: str, kind: str) -> str | None:
    """The usual wire name of the event for viewers of `kind`; None when they do not hear of it at all."""
    return HEARD.get(kind, {}).get(event_name)


def heard_as(event_name: str, kind: AudienceKind, change: Mapping[str, Any], *, own: bool) -> str | None:
    """The wire name of the event for a viewer whose view changes by `change`; None when there is no name for it.

    `own`: the viewer did it.
    """
    if kind == "hotel":
        return _hotel_hears(event_name, change, own=own)
    name = heard(event_name, kind)
    return REPRICED if name == "quotation.edited" and _repriced(kind, change) else name


def _repriced(kind: AudienceKind, change: Mapping[str, Any]) -> bool:
    """A client must not tell markup from margin, whatever else was edited with it; others see which one it was."""
    return "selling" in change if kind == "client" else change.keys() <= _PRICES


def _hotel_hears(event_name: str, change: Mapping[str, Any], *, own: bool) -> str | None:
    if not own and change.keys() <= DISCLOSURES:
        return _disclosure(change)
    if "invitation" in change and event_name in _DECIDES:
        return _RESULTS.get(change["invitation"], "invitation.closed")
    return heard(event_name, "hotel")


def _disclosure(change: Mapping[str, Any]) -> str:
    """What changed among the rivals, told by the disclosed part of the hotel's own view alone."""
    if "competitors" in change:
        offers = list((change["competitors"] or {}).values())
        if not offers or None in offers:
            return "offer.withdrawn"
        return "offer.submitted" if any("id" in offer for offer in offers) else "offer.revised"
    return "quotation.prices_revealed" if "totals" in change else "offer.ranked"


def anonymous(name: str, kind: AudienceKind) -> bool:
    """Whether who did it stays untold: it would tell a result's cause, a rival's doing, or margin from markup."""
    return name in _ANONYMOUS.get(kind, ())
