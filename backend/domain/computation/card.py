"""An offer's rates at one link of the chain: as the hotel asks them, or as the agency pays them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from backend.domain.computation.lines import Layer
from backend.domain.computation.stay import BEDS
from backend.domain.money import Money, money
from backend.domain.offers import OfferContent, RoomRate
from backend.domain.terms import RoomType

_SHARING: Final[tuple[RoomType, ...]] = ("twin", "double", "suite", "triple", "single")


class Card(NamedTuple):
    """`rates` and `services` go with the offer's rooms and optional services, one by one. Supplement, reduction and
    extra bed are per person and night."""

    content: OfferContent
    layer: Layer
    rates: tuple[Money, ...]
    supplement: Money | None
    reduction: Money | None
    extra_bed: Money | None
    services: tuple[Money, ...]

    @property
    def currency(self) -> str:
        return self.rates[0].currency


class ChildBand(NamedTuple):
    """Children from `youngest` to `oldest`, and what they pay less than adults, per night: in a shared room, and in an
    extra bed."""

    youngest: int
    oldest: int
    in_room: Money
    in_extra_bed: Money

    @property
    def name(self) -> str:
        return f"{self.youngest}-{self.oldest}"


def net_card(content: OfferContent) -> Card:
    """As the hotel asks."""
    return Card(
        content,
        "cost",
        tuple(room.net_rate for room in content.rooms),
        content.single_supplement,
        content.triple_reduction,
        content.extra_bed,
        tuple(service.price for service in content.optional_services),
    )


def agency_card(content: OfferContent, margin_percent: Decimal) -> Card:
    """As the agency pays: every rate by itself is net / (1 - margin), rounded."""
    share = 1 - margin_percent / 100

    def grossed(net: Money) -> Money:
        return money(net.amount / share, net.currency)

    return Card(
        content,
        "agency",
        tuple(grossed(room.net_rate) for room in content.rooms),
        grossed(content.single_supplement) if content.single_supplement else None,
        grossed(content.triple_reduction) if content.triple_reduction else None,
        grossed(content.extra_bed) if content.extra_bed else None,
        tuple(grossed(service.price) for service in content.optional_services),
    )


def room_price(card: Card, room: RoomRate, rate: Money) -> Decimal:
    """A room's price for a night."""
    price = rate.amount
    if room.per == "room_night":
        return price
    if room.type == "single" and card.supplement:
        price += card.supplement.amount
    if room.type == "triple" and card.reduction:
        price = max(Decimal(0), price - card.reduction.amount)
    return price * BEDS[room.type]


def person(card: Card, preferred: Sequence[RoomType] = _SHARING) -> Decimal:
    """Per night, for one person in the first of the `preferred` rooms that is offered."""
    prices = {
        room.type: room_price(card, room, rate) / BEDS[room.type]
        for room, rate in zip(reversed(card.content.rooms), reversed(card.rates), strict=True)
    }
    return next(prices[kind] for kind in preferred if kind in prices)


def free_place(card: Card) -> Decimal:
    """What a free place is worth a night: half a twin, or a single."""
    single = card.content.foc is not None and card.content.foc.unit == "single"
    return person(card, ("single", *_SHARING) if single else _SHARING)


def child_bands(card: Card) -> Iterator[ChildBand]:
    """From the youngest on."""
    youngest, in_room = 0, person(card)
    in_extra_bed = card.extra_bed.amount if card.extra_bed else Decimal(0)
    for band in card.content.child_bands:
        less = 1 - band.percent / 100
        yield ChildBand(
            youngest, band.up_to, money(in_room * less, card.currency), money(in_extra_bed * less, card.currency)
        )
        youngest = band.up_to + 1
