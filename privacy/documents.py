"""The document of a quotation: every field that any viewer may have, under the names of the view.

It is the input of `privacy.views`, which lets a viewer's fields through; it must never leave on its own. Documents
share their parts: they are to be read only.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from backend.domain import pricing, ranking
from backend.domain.bookings import Booking
from backend.domain.offers import Offer, OfferContent
from backend.domain.quotation import Invitation, Quotation
from backend.domain.ranking import Ranked
from backend.domain.terms import Terms
from privacy.wire import decimal_text, members, plain

Document = dict[str, Any]


def document(quotation: Quotation) -> Document:
    """All of it, as of this state."""
    ranked = ranking.rank(quotation)
    offers = {offer.id: _offer(quotation, offer, ranked.get(offer.id)) for offer in quotation.offers.values()}
    return {
        **plain(quotation.terms),
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
                ("selling", _selling(quotation)),
            )
        ),
        "invitations": {hotel_id: _invitation(one) for hotel_id, one in quotation.invitations.items()},
        "offers": offers,
        "competitors": offers,
        "booking": _booking(quotation, quotation.booking) if quotation.booking else {},
        **_totals(quotation, offers),
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
    past: Document = {key: value for key, value in part.items() if key not in later} | plain(seen)
    if own:
        net_total = plain(pricing.net_total(own.content, seen))
        past["offers"] = {**part["offers"], own.id: {**part["offers"][own.id], "net_total": net_total}}
    return past


def _totals(quotation: Quotation, offers: Document) -> Document:
    """What the competing offers ask for in all, sorted: no order, name or number tells whose is whose."""
    if quotation.revealed is not None:
        return members([("totals", quotation.revealed)])
    totals = [offer["net_total"] for offer in offers.values() if "rank" in offer]
    return {"totals": sorted(totals, key=lambda total: Decimal(total["amount"]))} if totals else {}


def _offer(quotation: Quotation, offer: Offer, ranked: Ranked | None) -> Document:
    standing = {"rank": ranked.rank, "score": decimal_text(ranked.score)} if ranked else {}
    return {
        **_priced(offer.content, quotation.terms, quotation.margin_percent),
        **standing,
        "id": offer.id,
        "hotel_id": offer.hotel_id,
        "hotel_name": quotation.invitations[offer.hotel_id].hotel.name,
        "revision": offer.revision,
        "revisions_left": offer.revisions_left,
        "state": offer.state,
    }


@lru_cache(maxsize=1024)
def _priced(content: OfferContent, terms: Terms, margin_percent: Decimal) -> Document:
    """An offer's content with its price at every link of the chain; kept, since most offers outlive many states."""
    shown: Document = plain(content)
    agency = pricing.agency(content, terms, margin_percent)
    selling = pricing.selling(content, terms, margin_percent)
    for room, rate in zip(shown["rooms"], agency.rates, strict=True):
        room["agency_rate"] = plain(rate)
    for service, price in zip(shown.get("optional_services", ()), agency.services, strict=True):
        service["agency_price"] = plain(price)
    return shown | members(
        (
            ("net_total", pricing.net_total(content, terms)),
            ("agency_supplement", agency.supplement),
            ("agency_reduction", agency.reduction),
            ("agency_taxes", agency.taxes),
            ("agency_total", agency.total),
            ("selling_total", selling.total),
            ("selling_per_person", selling.per_person),
        )
    )


def _selling(quotation: Quotation) -> pricing.Selling | None:
    chosen = quotation.chosen
    return pricing.selling(chosen.content, quotation.terms, quotation.margin_percent) if chosen else None


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
    for line in shown["lines"].values():
        line["hotel_name"] = quotation.invitations[line["hotel_id"]].hotel.name
    return shown
