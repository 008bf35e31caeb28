"""The document of a quotation: every field that any viewer may have, under the names of the view.

It is the input of `privacy.views`, which lets a viewer's fields through; it must never leave on its own. Documents
share their parts: they are to be read only.
"""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from backend.domain import pricing, ranking
from backend.domain.bookings import Booking
from backend.domain.offers import Offer, OfferContent
from backend.domain.quotation import Invitation, Quotation
from backend.domain.ranking import Ranked
from backend.domain.terms import Terms
from privacy.wire import decimal_text, members, plain

Document = dict[str, Any]


class Shared(Document):
    """A part that the documents of many states share, with the views made of it by all that they depend on."""

    __slots__ = ("made",)

    def __init__(self, members: Mapping[str, Any]) -> None:
        super().__init__(members)
        self.made: dict[Hashable, Document] = {}


def document(quotation: Quotation) -> Document:
    """All of it, as of this state."""
    offers = _offers(quotation)
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
    past: Document = {key: value for key, value in part.items() if key not in later} | _terms(seen)
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


@lru_cache(maxsize=1024)
def _terms(terms: Terms) -> Document:
    """Kept like all the parts below: a command leaves most of them as they were."""
    shown: Document = plain(terms)
    return shown


def _offers(quotation: Quotation) -> Document:
    ranked = ranking.rank(quotation)
    stay, margin_percent = pricing.basis(quotation.terms), quotation.margin_percent
    return {
        offer.id: _offer(
            offer,
            quotation.invitations[offer.hotel_id].hotel.name,
            ranked.get(offer.id),
            _Price(offer.content, stay, margin_percent),
        )
        for offer in quotation.offers.values()
    }


class _Price(NamedTuple):
    """All that the prices of an offer are made of."""

    content: OfferContent
    stay: pricing.Basis
    margin_percent: Decimal


@lru_cache(maxsize=1024)
def _offer(offer: Offer, hotel_name: str, ranked: Ranked | None, price: _Price) -> Document:
    standing = {"rank": ranked.rank, "score": decimal_text(ranked.score)} if ranked else {}
    return Shared(
        {
            **_priced(price),
            **standing,
            "id": offer.id,
            "hotel_id": offer.hotel_id,
            "hotel_name": hotel_name,
            "revision": offer.revision,
            "revisions_left": offer.revisions_left,
            "state": offer.state,
        }
    )


@lru_cache(maxsize=1024)
def _priced(price: _Price) -> Document:
    """An offer's content with its price at every link of the chain."""
    content = price.content
    shown: Document = plain(content)
    agency = pricing.agency(*price)
    selling = pricing.selling(*price)
    for room, rate in zip(shown["rooms"], agency.rates, strict=True):
        room["agency_rate"] = plain(rate)
    for service, charge in zip(shown.get("optional_services", ()), agency.services, strict=True):
        service["agency_price"] = plain(charge)
    return shown | members(
        (
            ("net_total", pricing.net_total(content, price.stay)),
            ("agency_supplement", agency.supplement),
            ("agency_reduction", agency.reduction),
            ("agency_taxes", agency.taxes),
            ("agency_total", agency.total),
            ("selling_total", selling.total),
            ("selling_per_person", selling.per_person),
        )
    )


def _selling(quotation: Quotation) -> Document | None:
    chosen = quotation.chosen
    if chosen is None:
        return None
    return _sold(_Price(chosen.content, pricing.basis(quotation.terms), quotation.margin_percent))


@lru_cache(maxsize=1024)
def _sold(price: _Price) -> Document:
    shown: Document = plain(pricing.selling(*price))
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
    for line in shown["lines"].values():
        line["hotel_name"] = quotation.invitations[line["hotel_id"]].hotel.name
    return shown
