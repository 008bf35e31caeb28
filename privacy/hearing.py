"""Under which name of the wire protocol each kind of viewer hears what happened to a quotation.

A hotel's names come from what changes in its own view, never from what happened elsewhere: another hotel's award, an
expiry and a cancellation after closing must all read alike.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

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
) | {"hotel.reserved"}
_EDITS: Final = frozenset(("quotation.edited", REPRICED))
_DISCLOSURES: Final = frozenset(("rank", "totals", "competitors"))
"""The parts of a hotel's view that its rivals may change, when they are disclosed."""
_WITH_ACTOR: Final = frozenset(("invitation.received", "offer.selected"))
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
        "payment.requested",
        "payment.received",
        "payment.failed",
        "payment.refunded",
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
    "hotel.reserved": "hotel.reserved",
    "hotel.confirmed": "hotel.confirmed",
    "guide.assigned": "guide.assigned",
    "guide.confirmed": "guide.confirmed",
    "guide.declined": "guide.declined",
    "transport.booked": "transport.booked",
    "transport.confirmed": "transport.confirmed",
}
_CLIENT: Final = {
    **_SAME,
    "quotation.restored": "quotation.edited",
    "hotel.reserved": "booking.step_changed",
    "hotel.confirmed": "booking.step_changed",
    "guide.assigned": "guide.assigned",
    "guide.confirmed": "booking.step_changed",
    "guide.declined": "booking.step_changed",
    "transport.booked": "transport.booked",
    "transport.confirmed": "transport.confirmed",
}
_GUIDE: Final = {
    **{
        name: name
        for name in (
            "quotation.edited",
            "quotation.accepted",
            "quotation.cancelled",
            "booking.step_changed",
            "booking.confirmed",
            "booking.changed",
            "booking.cancelled",
            "booking.completed",
            "guide.assigned",
            "guide.confirmed",
            "guide.declined",
        )
    },
    "quotation.restored": "quotation.edited",
    "payment.requested": "booking.step_changed",
    "payment.received": "booking.step_changed",
    "payment.failed": "booking.step_changed",
    "payment.refunded": "booking.step_changed",
    "hotel.reserved": "booking.step_changed",
    "hotel.confirmed": "booking.step_changed",
    "transport.booked": "booking.step_changed",
    "transport.confirmed": "booking.step_changed",
}
"""A guide's names tell of the trip and of their own assignment, never of payments or suppliers."""
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
    "hotel.reserved": "hotel.reserved",
    "hotel.confirmed": "hotel.confirmed",
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
    "guide": _GUIDE,
}
"""Kind of viewer -> event inside the server -> name on the wire. What is not here is not heard."""

NAMES: Final = frozenset(
    {name for names in HEARD.values() for name in names.values()} | {*_RESULTS.values(), "offer.ranked"}
)
"""Every name that a quotation's facts have on the wire."""


def heard(event_name: str, kind: str) -> str | None:
    """The usual wire name of the event for viewers of `kind`; None when they do not hear of it at all."""
    return HEARD.get(kind, {}).get(event_name)


class Heard(NamedTuple):
    """How something is told: under which name, and whether the viewer may learn who did it.

    Who did it stays untold where it would tell a result's cause, a rival's doing, or a margin from a markup.
    """

    name: str
    with_actor: bool = True


def heard_as(event_name: str, kind: AudienceKind, change: Mapping[str, Any], *, own: bool) -> Heard | None:
    """How the event is told to a viewer whose view changes by `change`; None when there is no name for that.

    `own`: the viewer did it. A quotation that comes into view or goes out of it, its id among the changes, has no new
    price.
    """
    if kind == "hotel":
        return _hotel_hears(event_name, change, own=own)
    name = heard(event_name, kind)
    if kind == "guide" and event_name.startswith("guide.") and not _own_assignment(change):
        return Heard("booking.step_changed", with_actor=False)
    if name in _EDITS and kind == "client" and "selling" in change and "id" not in change:
        return Heard(REPRICED, with_actor=False)
    return Heard(name) if name else None


def _own_assignment(change: Mapping[str, Any]) -> bool:
    """Whether a guide's own assignment is in the change of their view, or the whole booking."""
    booking = change.get("booking", {})
    return booking is None or "holds" in booking


def _hotel_hears(event_name: str, change: Mapping[str, Any], *, own: bool) -> Heard | None:
    if not own and change.keys() <= _DISCLOSURES:
        return Heard(_disclosure(change), with_actor=False)
    if "invitation" in change and event_name in _DECIDES:
        name = _RESULTS.get(change["invitation"], "invitation.closed")
        return Heard(name, with_actor=name in _WITH_ACTOR)
    usual = heard(event_name, "hotel")
    return Heard(usual) if usual else None


def _disclosure(change: Mapping[str, Any]) -> str:
    """What changed among the rivals, told by the disclosed part of the hotel's own view alone."""
    if "competitors" in change:
        offers = list((change["competitors"] or {}).values())
        if not offers or None in offers:
            return "offer.withdrawn"
        return "offer.submitted" if any("id" in offer for offer in offers) else "offer.revised"
    return "quotation.prices_revealed" if "totals" in change else "offer.ranked"
