"""Papers: which documents a view allows, and what stands in them.

A paper is made from a view and from nothing else [P5]: whoever does not see what it tells cannot have it, and two
views that agree in what it tells give one paper. No ids stand in it but the booking's reference.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, get_args

from privacy.views import View

PaperKind = Literal["proposal", "voucher", "itinerary", "invoice", "rooming_list"]
KINDS: Final[tuple[PaperKind, ...]] = get_args(PaperKind)

_TRIP: Final = (
    "title",
    "destination",
    "check_in",
    "check_out",
    "rooms",
    "adults",
    "children_ages",
    "meal_plan",
    "special_requirements",
)
_STAY: Final = ("hotel_name", "board", "included_services", "excluded_services")
_SOLD: Final = ("total", "per_person", "single_supplement", "triple_reduction", "bands")
_DUE: Final = ("required", "percent", "amount", "due")
_GUEST: Final = ("name", "room", "room_type", "diet", "remarks")
_LEG: Final = ("name", "km", "days")
_PAID: Final = ("kind", "amount", "state", "due")
_IN_FORCE: Final = frozenset(("confirmed", "completed"))


def paper(kind: PaperKind, seen: View) -> View | None:
    """What stands in the viewer's paper of that kind; None when there is none for that view."""
    made = _PAPERS[kind](seen)
    return {"trip": _only(seen, _TRIP), **made} if made else None


def papers(seen: View) -> tuple[PaperKind, ...]:
    """The kinds that the viewer may have."""
    return tuple(kind for kind in KINDS if _PAPERS[kind](seen))


def _proposal(seen: View) -> View | None:
    offer = _chosen(seen)
    if "selling" not in seen or offer is None:
        return None
    extras = [one["name"] for one in offer.get("optional_services", ())]
    return _set(
        stay=_only(offer, _STAY),
        extras=extras,
        cancellation=offer.get("cancellation"),
        selling=_only(seen["selling"], _SOLD),
        deposit=_only(seen.get("deposit", {}), _DUE),
    )


def _voucher(seen: View) -> View | None:
    booking = seen.get("booking", {})
    held = [line for line in booking.get("lines", {}).values() if line["state"] == "confirmed"]
    status = booking.get("status")
    if status == "cancelled" or not (held or status in _IN_FORCE):
        return None
    return _set(
        reference=booking.get("reference"),
        contact=_contact(seen),
        stays=[_only(offer, _STAY) for offer in _stays(seen, held)],
        guests=len(booking.get("rooming", ())),
    )


def _itinerary(seen: View) -> View | None:
    booking = seen.get("booking", {})
    if booking.get("status", "cancelled") == "cancelled":
        return None
    programme = seen.get("programme", {})
    items = [_only(one, ("name", "times")) for one in seen.get("programme_items", {}).values()]
    return _set(
        reference=booking.get("reference"),
        contact=_contact(seen),
        stay=_only(_chosen(seen) or {}, _STAY),
        transport=[_only(leg, _LEG) for leg in programme.get("transport", ())],
        guides=[_only(guide, ("language", "days")) for guide in programme.get("guides", ())],
        items=sorted(items, key=lambda one: str(one["name"])),
        services=programme.get("services"),
    )


def _invoice(seen: View) -> View | None:
    booking = seen.get("booking", {})
    if "selling" not in seen or booking.get("status", "cancelled") == "cancelled":
        return None
    payments = [_only(one, _PAID) for one in booking.get("payments", {}).values()]
    return _set(
        reference=booking.get("reference"),
        contact=_contact(seen),
        selling=_only(seen["selling"], ("total", "per_person")),
        deposit=_only(seen.get("deposit", {}), _DUE),
        payments=sorted(payments, key=lambda one: (str(one.get("due")), str(one))),
    )


def _rooming_list(seen: View) -> View | None:
    booking = seen.get("booking", {})
    guests = [_only(guest, _GUEST) for guest in booking.get("rooming", ())]
    if not guests or booking.get("status") == "cancelled":
        return None
    return _set(reference=booking.get("reference"), contact=_contact(seen), guests=guests)


_PAPERS: Final[Mapping[PaperKind, Callable[[View], View | None]]] = {
    "proposal": _proposal,
    "voucher": _voucher,
    "itinerary": _itinerary,
    "invoice": _invoice,
    "rooming_list": _rooming_list,
}


def _chosen(seen: View) -> View | None:
    """The awarded offer: told by name to those who compare offers, the only one for those who do not."""
    offers = seen.get("offers", {})
    if "awarded_offer_id" in seen:
        awarded: View | None = offers.get(seen["awarded_offer_id"])
        return awarded
    return next(iter(offers.values()), None) if len(offers) == 1 else None


def _stays(seen: View, held: list[View]) -> list[View]:
    """Where the guests stay: with whom holds rooms, for those who see that; else with whom was chosen."""
    if not held:
        chosen = _chosen(seen)
        return [chosen] if chosen else []
    offers = seen.get("offers", {})
    stays = [offers.get(line["offer_id"], {}) | {"hotel_name": line["hotel_name"]} for line in held]
    return sorted(stays, key=lambda stay: str(stay["hotel_name"]))


def _contact(seen: View) -> View:
    return _only(seen.get("client", {}), ("name", "email"))


def _only(part: View, names: tuple[str, ...]) -> View:
    return {name: part[name] for name in names if name in part}


def _set(**members: Any) -> View:
    return {name: value for name, value in members.items() if value}
