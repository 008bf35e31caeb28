"""Which vehicles go: of the classes that may, the one that costs the agency least for the seats that are needed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from backend.domain.computation.chain import Chain
from backend.domain.computation.needs import Need, classes, of_vehicle
from backend.domain.computation.tariff import Tariff
from backend.domain.programme import Programme


class Vehicle(NamedTuple):
    """One of its class with all that it needs, for one leg; `price` is the agency's."""

    code: str
    seats: int
    price: Decimal
    needs: tuple[Need, ...]


Fleets = tuple[tuple[Vehicle, ...], ...]
"""For each leg that the tariff has vehicles for, those that may go."""


def fleets(programme: Programme, tariff: Tariff, chain: Chain) -> Fleets:
    legs = enumerate(programme.transport, start=1)
    found = (
        tuple(
            _priced(vehicle.code, vehicle.seats, tuple(of_vehicle(place, leg, vehicle, tariff)), chain)
            for vehicle in classes(leg, tariff)
        )
        for place, leg in legs
    )
    return tuple(fleet for fleet in found if fleet)


def chosen(fleets: Fleets, seats: int) -> Iterator[tuple[Vehicle, int]]:
    """For each leg which vehicle goes, and how many of it. Of equals the fewest go, then by code."""
    for fleet in fleets:
        yield min(
            ((vehicle, -(-seats // vehicle.seats)) for vehicle in fleet),
            key=lambda going: (going[0].price * going[1], going[1], going[0].code),
        )


def _priced(code: str, seats: int, needs: tuple[Need, ...], chain: Chain) -> Vehicle:
    price = sum((need.quantity * chain.unit(need.cost).agency for need in needs), Decimal(0))
    return Vehicle(code, seats, price, needs)
