"""The price chain of an offer's accommodation: net, agency, selling. Every role sees its own link only.

    room, per night   room_night: the rate; person_night: beds x the rate, plus the single supplement in a single,
                      less the triple reduction in a triple
    free places       `free` for each `per` paying of the group, up to `cap`; a place is worth half a twin (else
                      double, suite, triple, single) or a single (else half a twin)
    total             (rooms x quantity - free places) x nights, at least 0
    agency rate       net rate / (1 - margin), rounded per rate; the agency's total is made of these rates, so that
                      equal agency rates give equal totals whatever margin made them
    selling           agency price x (1 + markup), rounded once per figure

Children count as adults. Supplement and reduction are per person and night. Taxes that the rates include add nothing;
others are paid at the hotel, are no part of any total, and a percentage is taken of what the viewer's total is.
Rounding is half-even to the minor unit, where a `Money` is made.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, Protocol

import msgspec

from backend.domain.money import Money, money
from backend.domain.offers import Foc, OfferContent, RoomRate, Tax
from backend.domain.terms import RoomType

BEDS: Final[Mapping[RoomType, int]] = {"single": 1, "double": 2, "twin": 2, "triple": 3, "suite": 2}
BANDS: Final[Mapping[str, int]] = {
    "10-14": 10,
    "15-19": 15,
    "20-24": 20,
    "25-29": 25,
    "30-34": 30,
    "35-39": 35,
    "40+": 40,
}
"""Group sizes by name, each with its smallest group: the one that is priced."""

_SHARING: Final[tuple[RoomType, ...]] = ("twin", "double", "suite", "triple", "single")


class Stay(Protocol):
    """What prices depend on besides the offer and the margin. Terms are one."""

    @property
    def nights(self) -> int: ...

    @property
    def pax(self) -> int: ...

    @property
    def markup_percent(self) -> Decimal: ...


class Basis(msgspec.Struct, frozen=True):
    """A stay and nothing else: terms that differ otherwise have one basis, and prices kept under it serve them all."""

    nights: int
    pax: int
    markup_percent: Decimal


class AgencyTax(msgspec.Struct, frozen=True):
    """A tax as the agency knows it; `amount` is what the group pays at the hotel, None if the rates include it."""

    name: str
    included: bool
    per: str
    amount: Money | None


class AgencyPrice(msgspec.Struct, frozen=True):
    """What the agency pays.

    `rates` go with the offer's rooms and `services` with its optional services, one by one; supplement and reduction
    are per person and night.
    """

    rates: tuple[Money, ...]
    supplement: Money | None
    reduction: Money | None
    taxes: tuple[AgencyTax, ...]
    services: tuple[Money, ...]
    total: Money


class Selling(msgspec.Struct, frozen=True):
    """What the client pays: in all, per paying person, and per person in half a twin by group size.

    `single_supplement` and `triple_reduction` are per person for the whole stay.
    """

    total: Money
    per_person: Money
    single_supplement: Money | None
    triple_reduction: Money | None
    bands: dict[str, Money]


def basis(terms: Stay) -> Basis:
    return Basis(terms.nights, terms.pax, terms.markup_percent)


def net_total(content: OfferContent, terms: Stay) -> Money:
    """What the hotel asks for the whole stay."""
    rates = [room.net_rate for room in content.rooms]
    tariff = _Tariff(content, rates, content.single_supplement, content.triple_reduction)
    return money(tariff.total(terms), _currency(content))


def commission(content: OfferContent, terms: Stay) -> Money:
    """What the hotel pays the platform of its net total."""
    total = net_total(content, terms)
    return money(total.amount * content.commission_percent / 100, total.currency)


@lru_cache(maxsize=1024)
def agency(content: OfferContent, terms: Stay, margin_percent: Decimal) -> AgencyPrice:
    """What the agency pays for the whole stay, and each rate that it is made of.

    Kept, as one decision asks for the same price several times.
    """
    share = 1 - margin_percent / 100
    rates = tuple(_grossed(room.net_rate, share) for room in content.rooms)
    supplement = _grossed(content.single_supplement, share) if content.single_supplement else None
    reduction = _grossed(content.triple_reduction, share) if content.triple_reduction else None
    total = money(_Tariff(content, rates, supplement, reduction).total(terms), _currency(content))
    taxes = tuple(_agency_tax(tax, content, terms, total) for tax in content.taxes)
    services = tuple(_grossed(service.price, share) for service in content.optional_services)
    return AgencyPrice(rates, supplement, reduction, taxes, services, total)


def selling(content: OfferContent, terms: Stay, margin_percent: Decimal) -> Selling:
    """What the client pays for the whole stay."""
    price = agency(content, basis(terms), margin_percent)
    factor = 1 + terms.markup_percent / 100
    currency = price.total.currency
    heads = heads_of(content, terms)
    paying = max(1, heads - free_places(content.foc, heads))
    tariff = _Tariff(content, price.rates, price.supplement, price.reduction)

    def for_stay(per_night: Money | None) -> Money | None:
        return money(per_night.amount * terms.nights * factor, currency) if per_night else None

    total = money(price.total.amount * factor, currency)
    return Selling(
        total=total,
        per_person=money(total.amount / paying, currency),
        single_supplement=for_stay(price.supplement),
        triple_reduction=for_stay(price.reduction),
        bands={
            name: money(tariff.sharing_price(size) * terms.nights * factor, currency) for name, size in BANDS.items()
        },
    )


def heads_of(content: OfferContent, terms: Stay) -> int:
    """The people of the group; while nobody has counted them, the beds of the offer."""
    return terms.pax or sum(BEDS[room.type] * room.quantity for room in content.rooms)


def free_places(foc: Foc | None, heads: int) -> int:
    """How many of `heads` go free: as many as the others pay for."""
    if foc is None:
        return 0
    full, rest = divmod(heads, foc.per + foc.free)
    free = full * foc.free + max(0, rest - foc.per)
    return free if foc.cap is None else min(free, foc.cap)


class _Tariff:
    """An offer at one link of the chain: its rates, in the order of its rooms, with supplement and reduction."""

    def __init__(
        self, content: OfferContent, rates: Sequence[Money], supplement: Money | None, reduction: Money | None
    ) -> None:
        self._content = content
        self._supplement = supplement.amount if supplement else Decimal(0)
        self._reduction = reduction.amount if reduction else Decimal(0)
        self._rooms = [self._room_price(room, rate.amount) for room, rate in zip(content.rooms, rates, strict=True)]

    def total(self, terms: Stay) -> Decimal:
        rooms = sum(
            (price * room.quantity for price, room in zip(self._rooms, self._content.rooms, strict=True)), Decimal(0)
        )
        free = free_places(self._content.foc, heads_of(self._content, terms))
        return max(Decimal(0), rooms - free * self._free_place()) * terms.nights

    def sharing_price(self, size: int) -> Decimal:
        """Per night, for each paying person of a group of `size` who all share twins."""
        free = free_places(self._content.foc, size)
        cost = size * self._person(_SHARING) - free * self._free_place()
        return max(Decimal(0), cost) / (size - free)

    def _free_place(self) -> Decimal:
        single = self._content.foc is not None and self._content.foc.unit == "single"
        return self._person(("single", *_SHARING) if single else _SHARING)

    def _person(self, preferred: Sequence[RoomType]) -> Decimal:
        """Per night, for one person in the first of the `preferred` rooms that is offered."""
        prices = {
            room.type: price / BEDS[room.type]
            for price, room in zip(reversed(self._rooms), reversed(self._content.rooms), strict=True)
        }
        return next(prices[kind] for kind in preferred if kind in prices)

    def _room_price(self, room: RoomRate, rate: Decimal) -> Decimal:
        if room.per == "room_night":
            return rate
        if room.type == "single":
            rate += self._supplement
        if room.type == "triple":
            rate = max(Decimal(0), rate - self._reduction)
        return rate * BEDS[room.type]


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


def _grossed(net: Money, share: Decimal) -> Money:
    return money(net.amount / share, net.currency)


def _currency(content: OfferContent) -> str:
    return content.rooms[0].net_rate.currency
