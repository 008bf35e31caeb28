"""The parts of a quotation's document that are made of prices: offers, what the client pays, running costs.

They are kept: a command leaves most of them as they were. What is made of a programme is there only if there is one.
"""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from backend.domain import ranking
from backend.domain.computation import accommodation, selling
from backend.domain.computation.card import net_card
from backend.domain.computation.computed import running_of
from backend.domain.computation.lines import Line, total_of
from backend.domain.computation.running import Running
from backend.domain.computation.stay import Basis, bands_of, basis
from backend.domain.computation.tariff import Costing, Tariff
from backend.domain.money import Money
from backend.domain.offers import Offer, OfferContent
from backend.domain.programme import Programme
from backend.domain.quotation import Quotation
from backend.domain.ranking import Ranked
from privacy.wire import decimal_text, members, plain

Document = dict[str, Any]


class Shared(Document):
    """A part that the documents of many states share, with the views made of it by all that they depend on."""

    __slots__ = ("made",)

    def __init__(self, members: Mapping[str, Any]) -> None:
        super().__init__(members)
        self.made: dict[Hashable, Document] = {}


class _Price(NamedTuple):
    """All that the prices of an offer are made of."""

    content: OfferContent
    stay: Basis
    margin_percent: Decimal
    extras: selling.Extras


def prices(quotation: Quotation) -> Document:
    """`offers`, and where they are there `selling`, `running`, `programme_items`, `costing` and what one may choose."""
    costs = running_of(quotation)
    stay, margin_percent, extras = basis(quotation.terms), quotation.margin_percent, selling.extras_of(costs)
    ranked = ranking.rank(quotation)
    sold, costing = quotation.sold, quotation.costing
    shown: Document = {
        "offers": {
            offer.id: _offer(
                offer,
                quotation.invitations[offer.hotel_id].hotel.name,
                ranked.get(offer.id),
                _Price(offer.content, stay, margin_percent, extras),
            )
            for offer in quotation.offers.values()
        }
    }
    if sold:
        shown["selling"] = _sold(_Price(sold.content, stay, margin_percent, extras))
    if costs:
        shown["running"] = _running(costs, tuple(band.name for band in bands_of(stay.programme)))
    if costing:
        shown |= _costing(costing)
    if costing and stay.programme:
        shown |= members((("programme_items", _named_items(stay.programme, costing.tariff)),))
    return shown


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
    agency = accommodation.agency(content, price.stay, price.margin_percent)
    sold = selling.selling(*price)
    for room, rate in zip(shown["rooms"], agency.card.rates, strict=True):
        room["agency_rate"] = plain(rate)
    for service, charge in zip(shown.get("optional_services", ()), agency.card.services, strict=True):
        service["agency_price"] = plain(charge)
    shown |= members(
        (
            ("net_total", accommodation.net_total(content, price.stay)),
            ("agency_supplement", agency.card.supplement),
            ("agency_reduction", agency.card.reduction),
            ("agency_extra_bed", agency.card.extra_bed),
            ("agency_taxes", agency.taxes),
            ("agency_total", agency.total),
            ("selling_total", sold.total),
            ("selling_before_taxes", sold.before_taxes),
            ("selling_per_person", sold.per_person),
        )
    )
    return shown | _whole(price, agency) if price.stay.programme else shown


def _whole(price: _Price, agency: accommodation.AgencyPrice) -> Document:
    """The whole trip with this offer: its own lines, and what running costs add to them."""
    agencys = (*agency.lines, *agency.services)
    nets = accommodation.net_lines(price.content, price.stay)
    services = accommodation.service_lines(net_card(price.content), price.stay)
    return {
        "net_lines": _lines((*nets, *services)),
        "agency_lines": _lines(agencys),
        "agency_price": plain(Money(total_of(agencys) + price.extras.total, agency.total.currency)),
    }


@lru_cache(maxsize=1024)
def _sold(price: _Price) -> Document:
    shown: Document = plain(selling.selling(*price))
    return shown


@lru_cache(maxsize=256)
def _running(costs: Running, bands: tuple[str, ...]) -> Document:
    return Shared(
        {
            "lines": _lines(costs.lines),
            "costs": _lines(costs.costs),
            "total": plain(costs.total),
            "bands": dict(zip(bands, plain(costs.bands), strict=True)),
            **members((("missing", costs.missing), ("tax_percents", {tax.name: tax.percent for tax in costs.taxes}))),
        }
    )


@lru_cache(maxsize=256)
def _costing(costing: Costing) -> Document:
    """What prices are made with, and what may be chosen from it, which tells no price."""
    tariff = costing.tariff
    return {
        "costing": Shared(
            members(
                (
                    ("tariff", {"id": tariff.id, "name": tariff.name, "currency": tariff.currency}),
                    ("rate", costing.rate),
                    ("on", costing.on),
                )
            )
        ),
        "choices": Shared(
            members(
                (
                    ("vehicles", {one.code: {"name": one.name, "seats": one.seats} for one in tariff.vehicles}),
                    (
                        "guides",
                        [{"language": one.language, "kind": one.kind, "name": one.name} for one in tariff.guides],
                    ),
                    (
                        "items",
                        {
                            one.code: {"name": one.name, "category": one.category, "per": one.per}
                            for one in tariff.items
                        },
                    ),
                )
            )
        ),
    }


@lru_cache(maxsize=256)
def _named_items(programme: Programme, tariff: Tariff) -> Document:
    """What the programme has of the tariff's items, as people call it."""
    known = {one.code: one for one in tariff.items}
    return {
        one.code: {"name": known[one.code].name, "category": known[one.code].category, "times": one.times}
        for one in programme.items
        if one.code in known
    }


def _lines(lines: Iterable[Line]) -> Document:
    """By id, so that a patch names the lines that changed."""
    return {line.id: _line(line) for line in lines}


def _line(line: Line) -> Document:
    shown = {"kind": line.kind, "quantity": line.quantity, "unit": plain(line.unit), "amount": plain(line.amount)}
    named = {"name": line.name} if line.name else {}
    return {**shown, **named, **({"less": True} if line.less else {})}
