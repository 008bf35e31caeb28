"""What an offer's accommodation costs: its lines, and their total, at each link of the chain.

    room, per night   room_night: the rate; person_night: beds x the rate, plus the single supplement in a single,
                      less the triple reduction in a triple
    extra beds        for people whom the offer's rooms have no bed for, the youngest first, if it has such a rate
    children          of a band pay its share of what an adult does in half a twin, or in the extra bed
    free places       `free` for each `per` paying of the group, up to `cap`; a place is worth half a twin (else
                      double, suite, triple, single) or a single (else half a twin)
    total             all of it x nights, at least 0

Otherwise children count as adults. Supplement and reduction are per person and night. Taxes that the rates include add
nothing; others are paid at the hotel, are no part of any total, and a percentage is taken of what the viewer's total
is. Optional services are no part of the total either, and cost once whatever the size of the group.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import msgspec

from backend.domain.computation.card import (
    Card,
    agency_card,
    child_bands,
    free_place,
    net_card,
    room_price,
)
from backend.domain.computation.lines import Kind, Line, total_of
from backend.domain.computation.stay import Stay, beds_of, free_places, heads_of
from backend.domain.money import Money, money
from backend.domain.offers import OfferContent, Tax


class AgencyTax(msgspec.Struct, frozen=True):
    """A tax as the agency knows it; `amount` is what the group pays at the hotel, None if the rates include it."""

    name: str
    included: bool
    per: str
    amount: Money | None


class AgencyPrice(msgspec.Struct, frozen=True):
    """What the agency pays.

    `card` has its rates. `lines` come to `total`; `services` are those among the optional ones that are wanted, and in
    no total.
    """

    card: Card
    lines: tuple[Line, ...]
    services: tuple[Line, ...]
    taxes: tuple[AgencyTax, ...]
    total: Money


def net_total(content: OfferContent, terms: Stay) -> Money:
    """What the hotel asks for the whole stay."""
    return _total(net_lines(content, terms), net_card(content))


def net_lines(content: OfferContent, terms: Stay) -> tuple[Line, ...]:
    """What the hotel's total is made of."""
    return lines(net_card(content), terms)


def commission(content: OfferContent, terms: Stay) -> Money:
    """What the hotel pays the platform of its net total."""
    total = net_total(content, terms)
    return money(total.amount * content.commission_percent / 100, total.currency)


@lru_cache(maxsize=1024)
def agency(content: OfferContent, terms: Stay, margin_percent: Decimal) -> AgencyPrice:
    """What the agency pays for the whole stay, and all that it is made of.

    Kept, as one decision asks for the same price several times.
    """
    card = agency_card(content, margin_percent)
    made = lines(card, terms)
    total = _total(made, card)
    taxes = tuple(_agency_tax(tax, content, terms, total) for tax in content.taxes)
    return AgencyPrice(card, made, service_lines(card, terms), taxes, total)


def lines(card: Card, stay: Stay) -> tuple[Line, ...]:
    """The accommodation of the whole group, line by line, those of nothing left out."""
    made = [*_beds(card, stay)]
    for line in _children(card, stay):
        left = total_of(made)
        made.append(msgspec.structs.replace(line, amount=min(line.amount, Money(left, card.currency), key=_amount)))
    free = _free(card, stay, total_of(made))
    return tuple(line for line in (*made, *free) if line.amount.amount)


def service_lines(card: Card, stay: Stay) -> tuple[Line, ...]:
    """The optional services that the programme names, each once for the group."""
    wanted = {name.strip().casefold() for name in stay.programme.services} if stay.programme else set()
    offered = zip(card.content.optional_services, card.services, strict=True)
    return tuple(
        Line(id=f"service-{place}", layer=card.layer, kind="service", name=service.name, unit=price, amount=price)
        for place, (service, price) in enumerate(offered, start=1)
        if service.name.strip().casefold() in wanted
    )


def _total(made: tuple[Line, ...], card: Card) -> Money:
    return Money(total_of(made), card.currency)


def _amount(money: Money) -> Decimal:
    return money.amount


def _beds(card: Card, stay: Stay) -> Iterator[Line]:
    for place, (room, rate) in enumerate(zip(card.content.rooms, card.rates, strict=True), start=1):
        unit = Money(room_price(card, room, rate), card.currency)
        yield _line(card, f"room-{place}", "room", room.type, room.quantity * stay.nights, unit)
    if card.extra_bed:
        yield _line(card, "extra-beds", "extra_bed", "", _added_beds(card, stay) * stay.nights, card.extra_bed)


def _added_beds(card: Card, stay: Stay) -> int:
    return max(0, stay.pax - beds_of(card.content)) if card.extra_bed else 0


def _children(card: Card, stay: Stay) -> Iterator[Line]:
    ages, added = sorted(stay.children_ages), _added_beds(card, stay)
    for band in child_bands(card):
        for where, unit, those in (
            ("extra-bed", band.in_extra_bed, ages[:added]),
            ("room", band.in_room, ages[added:]),
        ):
            children = sum(band.youngest <= age <= band.oldest for age in those)
            id_ = f"children-{band.name}-{where}"
            yield _line(card, id_, "child", band.name, children * stay.nights, unit, less=True)


def _free(card: Card, stay: Stay, whole: Decimal) -> Iterator[Line]:
    """What is left is rounded, so that a total is; the free places are what it takes."""
    free = free_places(card.content.foc, heads_of(card.content, stay)) * stay.nights
    if free:
        place = free_place(card)
        left = money(max(Decimal(0), whole - free * place), card.currency)
        yield Line(
            id="free-places",
            layer=card.layer,
            kind="free_places",
            quantity=free,
            unit=money(place, card.currency),
            amount=Money(whole - left.amount, card.currency),
            less=True,
        )


def _line(card: Card, id_: str, kind: Kind, name: str, quantity: int, unit: Money, *, less: bool = False) -> Line:
    amount = Money(unit.amount * quantity, unit.currency)
    return Line(id=id_, layer=card.layer, kind=kind, name=name, quantity=quantity, unit=unit, amount=amount, less=less)


def _agency_tax(tax: Tax, content: OfferContent, terms: Stay, total: Money) -> AgencyTax:
    if tax.included:
        return AgencyTax(tax.name, True, tax.per, None)
    if tax.amount is None:
        amount = total.amount * (tax.percent or 0) / 100
    else:
        amount = tax.amount.amount * _times(tax, content, terms)
    return AgencyTax(tax.name, False, tax.per, money(amount, total.currency))


def _times(tax: Tax, content: OfferContent, terms: Stay) -> int:
    """How often a tax is due: for each person, for each room and night, or once."""
    rooms = sum(room.quantity for room in content.rooms)
    return {"pax": heads_of(content, terms), "night": rooms * terms.nights, "stay": 1}[tax.per]
