"""A quotation's prices, computed anew from its terms, its offers and its costing: they are never stored."""

from decimal import Decimal

import msgspec

from backend.domain.computation.accommodation import agency, net_lines, service_lines
from backend.domain.computation.card import net_card
from backend.domain.computation.lines import Line, single, total_of
from backend.domain.computation.running import Running, Trip, running
from backend.domain.computation.selling import Selling, extras_of, selling
from backend.domain.computation.stay import basis
from backend.domain.money import Money
from backend.domain.offers import OfferContent
from backend.domain.quotation import Quotation
from backend.domain.selection import group_size


class Computation(msgspec.Struct, frozen=True, kw_only=True):
    """`lines` are at all links, each of which comes to the next one's beginning: the lines of `cost` to `agency_price`,
    those of `agency` but for the markup to the same, with it to the selling price before taxes, and those of
    `selling` to `selling.total`."""

    lines: tuple[Line, ...]
    agency_price: Money
    selling: Selling


def running_of(q: Quotation) -> Running | None:
    """The running costs; None for a quotation without a programme. While nobody has counted the people, they are as
    many as the beds asked for."""
    terms = q.terms
    if terms.programme is None:
        return None
    children = len(terms.children_ages)
    trip = Trip(terms.programme, group_size(terms) - children, children)
    return running(trip, q.costing, terms.currency, q.margin_percent)


def sold(q: Quotation) -> Selling | None:
    """What the client pays with the offer that was sold; None while none is chosen."""
    return priced(q, q.sold.content) if q.sold else None


def priced(q: Quotation, content: OfferContent) -> Selling:
    """What the client would pay with this offer."""
    return selling(content, basis(q.terms), q.margin_percent, extras_of(running_of(q)))


def compute(q: Quotation, content: OfferContent) -> Computation:
    """All that this offer comes to, with every line that it was made from."""
    costs = running_of(q)
    extras = extras_of(costs)
    stay = basis(q.terms)
    sells = selling(content, stay, q.margin_percent, extras)
    price = agency(content, stay, q.margin_percent)
    agencys = (*price.lines, *price.services)
    nets = (*net_lines(content, stay), *service_lines(net_card(content), stay))
    currency = q.terms.currency
    whole = Money(total_of(agencys) + extras.total, currency)
    return Computation(
        lines=(
            *nets,
            single("accommodation-margin", "cost", "margin", total_of(agencys) - total_of(nets), currency),
            *(costs.costs if costs else ()),
            *agencys,
            *(costs.lines if costs else ()),
            *_sold(whole.amount, sells, currency),
        ),
        agency_price=whole,
        selling=sells,
    )


def _sold(price: Decimal, sells: Selling, currency: str) -> tuple[Line, ...]:
    before = (sells.before_taxes or sells.total).amount
    return (
        single("markup", "agency", "markup", before - price, currency),
        single("trip", "selling", "trip", before, currency),
        *(single(f"tax-{tax.name}", "selling", "tax", tax.amount.amount, currency, tax.name) for tax in sells.taxes),
    )
