"""The running costs of a trip: all that its programme needs besides the hotel, at each link of the chain.

They are those of the whole group, free places included. In the selling table a band is priced so that no size of it
pays too little: its vehicles seat the largest group, and its smallest divides. The last band has no largest group; it
is priced at its smallest.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

import msgspec

from backend.domain.computation.chain import Chain, Unit
from backend.domain.computation.lines import Layer, Line, single, total_of
from backend.domain.computation.needs import Group, Need, missing, needs
from backend.domain.computation.stay import Band, bands_of
from backend.domain.computation.tariff import Costing, SalesTax, Tariff
from backend.domain.money import Money
from backend.domain.programme import Programme


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """`lines` are at the agency's price and come to `total`; `costs`, what is left for the contingency and the
    platform's margin among them, come to the same. `bands` are the totals for the bands' groups, in their order, and
    `taxes` what the client pays on top. What the tariff does not have is `missing` and in no figure."""

    lines: tuple[Line, ...] = ()
    costs: tuple[Line, ...] = ()
    total: Money
    bands: tuple[Money, ...]
    taxes: tuple[SalesTax, ...] = ()
    missing: tuple[str, ...] = ()


class Trip(msgspec.Struct, frozen=True):
    """A programme and the group that it is for."""

    programme: Programme
    adults: int
    children: int


@lru_cache(maxsize=256)
def running(trip: Trip, costing: Costing | None, currency: str, margin_percent: Decimal) -> Running:
    """What `trip` costs besides its hotel, in `currency`. Kept, as each command asks for it several times."""
    bands = bands_of(trip.programme)
    nothing = Money(Decimal(0), currency)
    try:
        chain = Chain(costing, currency, margin_percent) if costing else None
    except ValueError:
        chain = None
    if costing is None or chain is None:
        return Running(total=nothing, bands=(nothing,) * len(bands), missing=missing(trip.programme, None))
    made = [*_priced(trip.programme, costing.tariff, _group(trip), chain)]
    lines = tuple(_line(need, "agency", unit.agency) for need, unit in made)
    return Running(
        lines=lines,
        costs=tuple(_costs(made, currency)),
        total=Money(total_of(lines), currency),
        bands=tuple(
            Money(_sum(_priced(trip.programme, costing.tariff, _of_band(band), chain)), currency) for band in bands
        ),
        taxes=costing.tariff.taxes,
        missing=missing(trip.programme, costing.tariff),
    )


def _group(trip: Trip) -> Group:
    return Group(trip.adults, trip.children, trip.adults + trip.children)


def _of_band(band: Band) -> Group:
    return Group(band.first, 0, band.last or band.first)


def _priced(programme: Programme, tariff: Tariff, group: Group, chain: Chain) -> Iterator[tuple[Need, Unit]]:
    """What costs the agency nothing is left out: it costs nothing at all."""
    for need in needs(programme, tariff, group, chain.price):
        unit = chain.unit(need.cost)
        if need.quantity and unit.agency.amount:
            yield need, unit


def _sum(made: Iterator[tuple[Need, Unit]]) -> Decimal:
    return sum((need.quantity * unit.agency.amount for need, unit in made), Decimal(0))


def _line(need: Need, layer: Layer, unit: Money) -> Line:
    amount = Money(need.quantity * unit.amount, unit.currency)
    return Line(
        id=need.id, layer=layer, kind=need.kind, name=need.name, quantity=need.quantity, unit=unit, amount=amount
    )


def _costs(made: list[tuple[Need, Unit]], currency: str) -> Iterator[Line]:
    yield from (_line(need, "cost", unit.cost) for need, unit in made)
    kept = sum((need.quantity * (unit.covered.amount - unit.cost.amount) for need, unit in made), Decimal(0))
    margin = sum((need.quantity * (unit.agency.amount - unit.covered.amount) for need, unit in made), Decimal(0))
    yield single("contingency", "cost", "contingency", kept, currency)
    yield single("margin", "cost", "margin", margin, currency)
