"""What invitations and offers become as a quotation moves on.

A hotel knows of a quotation's life its own invitation alone, and a rival's doings must never show in it:
- on closing, a hotel with a live offer reads `closed` and awaits its result. One without reads `not_selected` at
  once: were it to wait, it would learn from an immediate expiry that no rival had bid either;
- another's award, expiry, and cancellation after closing all read `not_selected`, and its offer too;
- being uninvited and cancellation before closing both read `closed`, and the offer `expired`.
Whoever has nothing more to hear keeps the terms as last seen (`Invitation.seen`) and is left alone from then on,
unless its offer is selected later.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from backend.domain.offers import Offer, OfferState
from backend.domain.quotation import Hotel, Invitation, InvitationState, Quotation
from backend.domain.terms import Terms

LIVE: Final[frozenset[OfferState]] = frozenset({"submitted", "revised"})
"""Offers that can win."""

COMPETING: Final[frozenset[OfferState]] = LIVE | {"selected", "not_selected"}
"""Offers that can win, or took part until the award."""


def competing(q: Quotation) -> tuple[Offer, ...]:
    return tuple(offer for offer in q.offers.values() if offer.state in COMPETING)


def invited(q: Quotation, hotels: Collection[Hotel], at: datetime) -> Quotation:
    """These hotels may offer; one that was uninvited may again."""
    new = {hotel.id: Invitation(hotel=hotel, state="open", invited_at=at) for hotel in hotels}
    return replace(q, invitations={**q.invitations, **new})


def outdate(q: Quotation) -> tuple[Quotation, list[str]]:
    """The terms changed: live offers are outdated. Gives their ids too."""
    ids = [offer.id for offer in q.offers.values() if offer.state in LIVE]
    return _with_offers(q, LIVE, "outdated"), ids


def closed(q: Quotation) -> Quotation:
    """No more offers: whoever has a live one awaits its result."""
    waiting = {offer.hotel_id for offer in q.offers.values() if offer.state in LIVE}
    return _with_invitations(
        q, lambda i: replace(i, state="closed") if i.hotel.id in waiting else _frozen(i, "not_selected", q.terms)
    )


def awarded(q: Quotation, chosen: Offer) -> Quotation:
    """`chosen` wins, everybody else who competed does not."""
    q = unselected(q)
    winner = replace(q.invitations[chosen.hotel_id], state="selected", seen=None)
    return replace(
        q,
        invitations={**q.invitations, chosen.hotel_id: winner},
        offers={**q.offers, chosen.id: replace(q.offers[chosen.id], state="selected")},
    )


def unselected(q: Quotation) -> Quotation:
    """Nobody is chosen: rejected, expired, cancelled after closing, or about to be awarded to somebody."""
    q = _with_offers(q, COMPETING, "not_selected")
    return _with_invitations(q, lambda invitation: _frozen(invitation, "not_selected", q.terms))


def dropped(q: Quotation, hotel_id: str) -> Quotation:
    """The chosen hotel does not hold what was booked, and is as if it had not been chosen."""
    return _with_invitations(
        _with_offers(q, {"selected"}, "not_selected", {hotel_id}),
        lambda i: _frozen(i, "not_selected", q.terms) if i.hotel.id == hotel_id else i,
    )


def called_off(q: Quotation, hotel_ids: Collection[str] | None = None) -> Quotation:
    """Uninvites these hotels (all if None) before closing."""
    ids = q.invitations.keys() if hotel_ids is None else set(hotel_ids)
    q = _with_offers(q, LIVE | {"outdated"}, "expired", ids)
    return _with_invitations(
        q, lambda invitation: _frozen(invitation, "closed", q.terms) if invitation.hotel.id in ids else invitation
    )


def _frozen(invitation: Invitation, state: InvitationState, terms: Terms) -> Invitation:
    return replace(invitation, state=state, seen=terms)


def _with_invitations(q: Quotation, change: Callable[[Invitation], Invitation]) -> Quotation:
    """Changes every invitation that is not frozen."""
    return replace(q, invitations={id_: change(i) if i.seen is None else i for id_, i in q.invitations.items()})


def _with_offers(
    q: Quotation, states: Collection[OfferState], new: OfferState, hotel_ids: Collection[str] | None = None
) -> Quotation:
    def concerned(offer: Offer) -> bool:
        return offer.state in states and (hotel_ids is None or offer.hotel_id in hotel_ids)

    return replace(q, offers={id_: replace(o, state=new) if concerned(o) else o for id_, o in q.offers.items()})
