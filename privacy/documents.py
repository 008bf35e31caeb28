"""The document of a quotation: every field that any viewer may have, under the names of the view.

It is the input of `privacy.views`, which lets a viewer's fields through; it must never leave on its own. Documents
share their parts: they are to be read only.
"""

from decimal import Decimal
from functools import lru_cache

from backend.domain.booked import agency_total, part
from backend.domain.bookings import Booking
from backend.domain.computation.accommodation import net_total
from backend.domain.offers import Offer
from backend.domain.payments import client_penalty
from backend.domain.quotation import Invitation, Quotation
from backend.domain.terms import Terms
from privacy.priced import Document, prices
from privacy.wire import members, plain


def document(quotation: Quotation) -> Document:
    """All of it, as of this state."""
    priced = prices(quotation)
    return {
        **_terms(quotation.terms),
        **members(
            (
                ("id", quotation.id),
                ("state", quotation.state),
                ("version", quotation.version),
                ("company", quotation.company),
                ("client", quotation.client),
                ("margin_percent", quotation.margin_percent),
                ("cancel_reason", quotation.cancel_reason),
                ("reject_reason", quotation.reject_reason),
                ("grants", quotation.grants),
                ("extensions", {str(number): made for number, made in enumerate(quotation.extensions, 1)}),
                ("awarded_offer_id", quotation.award.offer_id if quotation.award else None),
            )
        ),
        "invitations": {hotel_id: _invitation(one) for hotel_id, one in quotation.invitations.items()},
        **priced,
        "competitors": priced["offers"],
        "booking": _booking(quotation, quotation.booking) if quotation.booking else {},
        **_totals(quotation, priced["offers"]),
    }


def hotel_document(quotation: Quotation, whole: Document, hotel_id: str) -> Document:
    """The document as it stands for one invited hotel: its result, its rank, and the terms as it last saw them."""
    invitation = quotation.invitations[hotel_id]
    part = {**whole, "invitation": invitation.state}
    own = quotation.offer_of(hotel_id)
    if own and "rank" in whole["offers"][own.id]:
        competing = sum("rank" in offer for offer in whole["offers"].values())
        part["rank"] = {"rank": whole["offers"][own.id]["rank"], "of": competing}
    return _as_last_seen(part, invitation.seen, own) if invitation.seen else part


def _as_last_seen(part: Document, seen: Terms, own: Offer | None) -> Document:
    later = seen.__struct_fields__
    past: Document = {key: value for key, value in part.items() if key not in later} | _terms(seen)
    if own:
        total = plain(net_total(own.content, seen))
        past["offers"] = {**part["offers"], own.id: {**part["offers"][own.id], "net_total": total}}
    return past


def _totals(quotation: Quotation, offers: Document) -> Document:
    """What the competing offers ask for in all, sorted: no order, name or number tells whose is whose."""
    if quotation.revealed is not None:
        return members([("totals", quotation.revealed)])
    totals = [offer["net_total"] for offer in offers.values() if "rank" in offer]
    return {"totals": sorted(totals, key=lambda total: Decimal(total["amount"]))} if totals else {}


@lru_cache(maxsize=1024)
def _terms(terms: Terms) -> Document:
    """Kept like all the parts below: a command leaves most of them as they were."""
    shown: Document = plain(terms)
    return shown


@lru_cache(maxsize=1024)
def _invitation(invitation: Invitation) -> Document:
    return members(
        (
            ("hotel_id", invitation.hotel.id),
            ("name", invitation.hotel.name),
            ("rating", invitation.hotel.rating),
            ("state", invitation.state),
            ("invited_at", invitation.invited_at),
        )
    )


def _booking(quotation: Quotation, booking: Booking) -> Document:
    shown: Document = plain(booking)
    for line in shown.get("lines", {}).values():
        line["hotel_name"] = quotation.invitations[line["hotel_id"]].hotel.name
    for line in booking.lines.values():
        if line.penalty_percent is not None:
            shown["lines"][line.id] |= _penalties(quotation, line.penalty_percent, quotation.offers[line.offer_id])
    if booking.penalty_percent is not None:
        shown["penalty"] = plain(client_penalty(quotation))
    return shown


def _penalties(quotation: Quotation, percent: Decimal, offer: Offer) -> Document:
    """What a cancelled line costs, to its hotel and to the agency."""
    return {
        "net_penalty": plain(part(percent, net_total(offer.content, quotation.terms))),
        "agency_penalty": plain(part(percent, agency_total(quotation, offer))),
    }
