"""Viewers: which conditions of the field table hold for an audience, in a state of the quotation."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from backend.domain.quotation import Invitation, Quotation
from privacy.audiences import admits, kind
from privacy.fields import (
    ALWAYS,
    ASSIGNED,
    AWARDED,
    BOOKED,
    CHOSEN,
    DISCLOSED,
    GRANTED,
    OWN,
    RANKED,
    SELECTED,
    AudienceKind,
)


class Viewer(NamedTuple):
    """An audience with what holds for it: `holds` wherever one looks, `per_item` for some items of a collection."""

    kind: AudienceKind
    hotel_id: str | None
    user_id: str | None
    chosen_id: str | None
    holds: frozenset[str]
    per_item: frozenset[str]

    def of_item(self, item: Mapping[str, Any]) -> frozenset[str]:
        """The conditions that hold for one item of a collection, over and above `holds`."""
        if self.hotel_id is not None:
            if item.get("hotel_id") == self.hotel_id:
                return _OWN
            return self.per_item & _GRANTED if "rank" in item else _NONE
        if self.user_id is not None and item.get("user_id") == self.user_id:
            return _OWN
        return self.per_item & _CHOSEN if item.get("id") == self.chosen_id else _NONE


_NONE: frozenset[str] = frozenset()
_OWN = frozenset((OWN,))
_GRANTED = frozenset((GRANTED,))
_CHOSEN = frozenset((CHOSEN,))
_IS_ASSIGNED = frozenset((ASSIGNED,))


def viewer_of(quotation: Quotation, audience: str) -> Viewer | None:
    """None when the audience sees nothing of the quotation."""
    if not admits(quotation, audience):
        return None
    who = kind(audience)
    chosen_id = quotation.award.offer_id if quotation.award else None
    if who == "guide":
        return Viewer(who, None, audience.partition(":")[2], chosen_id, _IS_ASSIGNED, _CHOSEN | _OWN)
    if who != "hotel":
        holds = (ALWAYS, AWARDED) if chosen_id else (ALWAYS,)
        return Viewer(who, None, None, chosen_id, frozenset(holds), _CHOSEN if chosen_id else _NONE)
    hotel_id = audience.partition(":")[2]
    invitation = quotation.invitations[hotel_id]
    granted = hotel_id in quotation.grants and invitation.seen is None
    per_item = _OWN | (_GRANTED if granted else _NONE)
    return Viewer(who, hotel_id, None, None, frozenset(_hotel_holds(quotation, invitation)), per_item)


def _hotel_holds(quotation: Quotation, invitation: Invitation) -> Iterator[str]:
    settings = quotation.terms.privacy
    frozen = invitation.seen is not None
    waiting = not frozen and invitation.state in ("open", "closed")
    yield ALWAYS
    if waiting and settings.show_own_rank:
        yield RANKED
    if disclosed(quotation, invitation):
        yield DISCLOSED
    if invitation.state == "selected":
        yield SELECTED
    if quotation.booking and any(line.hotel_id == invitation.hotel.id for line in quotation.booking.lines.values()):
        yield BOOKED


def disclosed(quotation: Quotation, invitation: Invitation) -> bool:
    """Whether the hotel sees the sorted totals: revealed at the deadline, or live while it waits for its result.

    A hotel that was uninvited, or whose quotation was cancelled before closing, is past both.
    """
    frozen = invitation.seen is not None
    if quotation.revealed is not None:
        return not (frozen and invitation.state == "closed")
    return not frozen and invitation.state in ("open", "closed") and not quotation.terms.privacy.hide_competitor_prices
