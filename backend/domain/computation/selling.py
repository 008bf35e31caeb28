"""What the client pays: the agency's price with its markup and the taxes, in all and for each size of group."""

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from backend.domain.computation.accommodation import AgencyPrice, agency
from backend.domain.computation.card import child_bands, free_place, person
from backend.domain.computation.lines import total_of
from backend.domain.computation.running import Running
from backend.domain.computation.stay import Stay, bands_of, basis, free_places, heads_of, markup_of, paying_of
from backend.domain.computation.tariff import SalesTax
from backend.domain.money import Money, money
from backend.domain.offers import OfferContent


class Extras(msgspec.Struct, frozen=True):
    """What running costs come to at the agency's price: for the group, for the group of each band; and the taxes."""

    total: Decimal = Decimal(0)
    bands: tuple[Decimal, ...] = ()
    taxes: tuple[SalesTax, ...] = ()


NONE = Extras()
"""A trip that has its hotel and nothing else."""


class TaxDue(msgspec.Struct, frozen=True):
    name: str
    percent: Decimal
    amount: Money


class Selling(msgspec.Struct, frozen=True):
    """What the client pays: in all, per paying person, and per person in half a twin by group size.

    `single_supplement`, `triple_reduction` and `child_reductions` (by ages, `3-11`) are per person for the whole stay.
    Where taxes are added, all figures include them, and `before_taxes` and `taxes` come to `total`.
    """

    total: Money
    per_person: Money
    single_supplement: Money | None
    triple_reduction: Money | None
    bands: dict[str, Money]
    child_reductions: dict[str, Money] = {}
    before_taxes: Money | None = None
    taxes: tuple[TaxDue, ...] = ()


def extras_of(running: Running | None) -> Extras:
    if running is None:
        return NONE
    return Extras(running.total.amount, tuple(band.amount for band in running.bands), running.taxes)


def selling(content: OfferContent, terms: Stay, margin_percent: Decimal, extras: Extras = NONE) -> Selling:
    """What the client pays for the whole trip with this offer."""
    price = agency(content, basis(terms), margin_percent)
    currency, heads = price.total.currency, heads_of(content, terms)
    markup, taxed = _factor(terms, heads), _taxed(extras)
    before = money((price.total.amount + total_of(price.services) + extras.total) * markup, currency)
    taxes = tuple(
        TaxDue(tax.name, tax.percent, money(before.amount * tax.percent / 100, currency)) for tax in extras.taxes
    )
    total = Money(sum((tax.amount.amount for tax in taxes), before.amount), currency)

    def for_stay(per_night: Money) -> Money:
        return money(per_night.amount * terms.nights * markup * taxed, currency)

    card = price.card
    return Selling(
        total=total,
        per_person=money(total.amount / paying_of(content.foc, heads), currency),
        single_supplement=for_stay(card.supplement) if card.supplement else None,
        triple_reduction=for_stay(card.reduction) if card.reduction else None,
        bands=dict(_bands(price, terms, extras)),
        child_reductions={band.name: for_stay(band.in_room) for band in child_bands(card)},
        before_taxes=before if taxes else None,
        taxes=taxes,
    )


def _bands(price: AgencyPrice, terms: Stay, extras: Extras) -> Iterator[tuple[str, Money]]:
    card, services, taxed = price.card, total_of(price.services), _taxed(extras)
    half_twin, place = person(card), free_place(card)
    bands = bands_of(terms.programme)
    for band, costs in zip(bands, extras.bands or (Decimal(0),) * len(bands), strict=True):
        size, free = band.first, free_places(card.content.foc, band.first)
        stay = max(Decimal(0), size * half_twin - free * place) / (size - free) * terms.nights
        each = stay + (services + costs) / (size - free)
        yield band.name, money(each * _factor(terms, size) * taxed, card.currency)


def _factor(terms: Stay, size: int) -> Decimal:
    return 1 + markup_of(terms, size) / 100


def _taxed(extras: Extras) -> Decimal:
    return 1 + sum((tax.percent for tax in extras.taxes), Decimal(0)) / 100
