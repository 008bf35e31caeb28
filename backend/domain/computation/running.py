"""The running costs of a trip: all that its programme needs besides the hotel, at each link of the chain.

They are those of the whole group, free places included; guides have a seat, too. In the selling table a band is priced
so that no size of it pays too little: its vehicles seat the largest group, and its smallest divides. The last band has
no largest group; it is priced at its smallest.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache

import msgspec

from backend.domain.computation.chain import Chain, Unit
from backend.domain.computation.fleets import Fleets, chosen, fleets
from backend.domain.computation.lines import Layer, Line, single, total_of
from backend.domain.computation.needs import Need, missing, of_group, of_guides, of_people
from backend.domain.computation.stay import Band, bands_of
from backend.domain.computation.tariff import Costing, SalesTax, Tariff
from backend.domain.money import Money
from backend.domain.programme import Programme

Priced = tuple[Need, Unit]


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
    bands, nothing = bands_of(trip.programme), Money(Decimal(0), currency)
    try:
        chain = Chain(costing, currency, margin_percent) if costing else None
    except ValueError:
        chain = None
    if costing is None or chain is None:
        return Running(total=nothing, bands=(nothing,) * len(bands), missing=missing(trip.programme, None))
    tariff, vehicles = costing.tariff, fleets(trip.programme, costing.tariff, chain)
    made = tuple(_priced(_needs(trip, tariff, vehicles), chain))
    lines = tuple(_line(need, "agency", unit.agency, currency) for need, unit in made)
    return Running(
        lines=lines,
        costs=tuple(_costs(made, currency)),
        total=Money(total_of(lines), currency),
        bands=tuple(Money(amount, currency) for amount in _of_bands(bands, trip.programme, tariff, vehicles, chain)),
        taxes=tariff.taxes,
        missing=missing(trip.programme, tariff),
    )


def _needs(trip: Trip, tariff: Tariff, vehicles: Fleets) -> Iterator[Need]:
    seats = trip.adults + trip.children + len(trip.programme.guides)
    for vehicle, count in chosen(vehicles, seats):
        yield from (need._replace(quantity=need.quantity * count) for need in vehicle.needs)
    yield from of_guides(trip.programme, tariff)
    yield from of_people(trip.programme, tariff, trip.adults, trip.children)
    yield from of_group(trip.programme, tariff)


def _of_bands(
    bands: Iterable[Band], programme: Programme, tariff: Tariff, vehicles: Fleets, chain: Chain
) -> Iterator[Decimal]:
    """What the group of each band needs, all of it adults."""
    shared = _sum((*of_guides(programme, tariff), *of_group(programme, tariff)), chain)
    each = _sum(of_people(programme, tariff, 1, 0), chain)
    for band in bands:
        seats = (band.last or band.first) + len(programme.guides)
        transport = sum((vehicle.price * count for vehicle, count in chosen(vehicles, seats)), Decimal(0))
        yield transport + shared + band.first * each


def _priced(needs: Iterable[Need], chain: Chain) -> Iterator[Priced]:
    """What costs the agency nothing is left out: it costs nothing at all."""
    for need in needs:
        unit = chain.unit(need.cost)
        if need.quantity and unit.agency:
            yield need, unit


def _sum(needs: Iterable[Need], chain: Chain) -> Decimal:
    return sum((need.quantity * chain.unit(need.cost).agency for need in needs), Decimal(0))


def _line(need: Need, layer: Layer, unit: Decimal, currency: str) -> Line:
    return Line(
        id=need.id,
        layer=layer,
        kind=need.kind,
        name=need.name,
        quantity=need.quantity,
        unit=Money(unit, currency),
        amount=Money(need.quantity * unit, currency),
    )


def _costs(made: Iterable[Priced], currency: str) -> Iterator[Line]:
    contingency, margin = Decimal(0), Decimal(0)
    for need, unit in made:
        contingency += need.quantity * (unit.covered - unit.cost)
        margin += need.quantity * (unit.agency - unit.covered)
        yield _line(need, "cost", unit.cost, currency)
    yield single("contingency", "cost", "contingency", contingency, currency)
    yield single("margin", "cost", "margin", margin, currency)
