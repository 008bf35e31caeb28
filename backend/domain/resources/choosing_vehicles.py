"""Which vehicles carry a group over its route, and why: one, or several where no single one is large enough.

    capacity  35   a seat for everybody; the fuller, the better
    class     20   the class that is wanted; half for another
    route     20   half of the hours that drivers may drive a day counts whole, all of them nothing
    rest      15   half of the days in a row that they may drive counts whole, all of them nothing
    distance  10   at home in the trip's town; nothing 500 km away

A choice may be taken if everybody has a seat, each vehicle is free every day and at home at most 1,000 km away, no
driver drives longer a day than allowed (the route is the same for all: its km over its days, at the vehicle's average
speed), and none more days in a row, those before and after the trip included. Several together share the points by
their seats; choices have as few vehicles as carry the group.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Final

import msgspec

from backend.domain.resources.claims import days
from backend.domain.resources.places import Place
from backend.domain.resources.scores import Part, Scored, best_first, nearness, part, scored, within_reach
from backend.domain.resources.vehicles import Vehicle

LONGEST_RUN: Final = 14
"""Days before and after a trip that can matter to its drivers' rest."""
_MOST_TOGETHER: Final = 3
_COMBINED: Final = 24
_HALF: Final = Decimal("0.5")
_Busy = Mapping[str, frozenset[date]]


class WantedTransport(msgspec.Struct, frozen=True, kw_only=True):
    """A group's way: `km` in all, from the first day to the last. `driving_days` are those on which it moves, all of
    them unless told."""

    pax: int
    first: date
    last: date
    km: int = 0
    driving_days: int | None = None
    vehicle_class: str | None = None
    accessible: bool = False
    place: Place | None = None

    @property
    def km_a_day(self) -> Decimal:
        return Decimal(self.km) / max(1, self.driving_days or len(days(self.first, self.last)))


def rank_vehicles(wanted: WantedTransport, vehicles: Iterable[Vehicle], busy: _Busy) -> tuple[Scored, ...]:
    """The choices that may be taken, the best first; then every vehicle at work that may not by itself. `busy` has the
    days on which each is not free, `LONGEST_RUN` around the trip too."""
    found = [one for one in vehicles if one.active]
    able = [vehicle for vehicle in found if _able(wanted, vehicle, busy.get(vehicle.id, frozenset()))]
    choices = [_choice(wanted, fleet, busy, fit=True) for fleet in _fleets(wanted.pax, able)]
    singly = {fleet.ids for fleet in choices}
    others = [_choice(wanted, (one,), busy, fit=False) for one in found if (one.id,) not in singly]
    return best_first([*choices, *others])


def hours_a_day(wanted: WantedTransport, vehicle: Vehicle) -> Decimal:
    return (wanted.km_a_day / vehicle.average_kmh).quantize(Decimal("0.1"))


def run_of_days(wanted: WantedTransport, busy: frozenset[date]) -> int:
    """The days in a row that the drivers would be on the road, this trip and what touches it."""
    return len(days(wanted.first, wanted.last)) + _touching(busy, wanted.first, -1) + _touching(busy, wanted.last, 1)


def _touching(busy: frozenset[date], from_: date, step: int) -> int:
    number = 0
    while number < LONGEST_RUN and from_ + timedelta(days=step * (number + 1)) in busy:
        number += 1
    return number


def _able(wanted: WantedTransport, vehicle: Vehicle, busy: frozenset[date]) -> bool:
    """Whether it could go at all, alone or with others."""
    return (
        busy.isdisjoint(days(wanted.first, wanted.last))
        and (vehicle.accessible or not wanted.accessible)
        and hours_a_day(wanted, vehicle) <= vehicle.driver_hours * vehicle.drivers
        and run_of_days(wanted, busy) <= vehicle.days_in_row
        and within_reach(vehicle.home, wanted.place)
    )


def _fleets(pax: int, able: Sequence[Vehicle]) -> list[tuple[Vehicle, ...]]:
    """The choices with the fewest vehicles. Of a large park the largest are combined; a group that three cannot carry
    gets the largest that together can, if there are such."""
    largest = sorted(able, key=lambda one: (-one.seats, one.id))
    alone: list[tuple[Vehicle, ...]] = [(one,) for one in largest if one.seats >= pax]
    if alone:
        return alone
    for number in range(2, _MOST_TOGETHER + 1):
        together = [fleet for fleet in combinations(largest[:_COMBINED], number) if _seats(fleet) >= pax]
        if together:
            return together
    enough: list[Vehicle] = []
    for vehicle in largest:
        enough.append(vehicle)
        if _seats(enough) >= pax:
            return [tuple(enough)]
    return []


def _seats(fleet: Iterable[Vehicle]) -> int:
    return sum(one.seats for one in fleet)


def _choice(wanted: WantedTransport, fleet: Sequence[Vehicle], busy: _Busy, *, fit: bool) -> Scored:
    parts = (
        _capacity(wanted, fleet),
        _shared(fleet, lambda one: _class(wanted, one)),
        _shared(fleet, lambda one: _route(wanted, one)),
        _shared(fleet, lambda one: _rest(wanted, one, busy.get(one.id, frozenset()))),
        _shared(fleet, lambda one: nearness(10, one.home, wanted.place)),
    )
    return scored([one.id for one in fleet], " + ".join(one.name for one in fleet), parts, fit=fit)


def _shared(fleet: Sequence[Vehicle], part_of: Callable[[Vehicle], Part]) -> Part:
    """One part for all of them: its mean by seats, and what was said of each."""
    parts = [(one, part_of(one)) for one in fleet]
    points = sum((part.points * one.seats for one, part in parts), Decimal(0)) / _seats(fleet)
    said = dict.fromkeys(part.reason for _, part in parts)
    first = parts[0][1]
    return Part(name=first.name, share=first.share, points=points.quantize(Decimal("0.1")), reason="; ".join(said))


def _capacity(wanted: WantedTransport, fleet: Sequence[Vehicle]) -> Part:
    seats = _seats(fleet)
    full = Decimal(wanted.pax) / seats
    many = f" in {len(fleet)} vehicles" if len(fleet) > 1 else ""
    return part("capacity", 35, full if full <= 1 else Decimal(0), f"{seats} seats{many} for {wanted.pax}")


def _class(wanted: WantedTransport, vehicle: Vehicle) -> Part:
    if wanted.accessible and not vehicle.accessible:
        return part("class", 20, Decimal(0), "not accessible")
    if wanted.vehicle_class in (None, vehicle.vehicle_class):
        return part("class", 20, Decimal(1), f"a {vehicle.vehicle_class}")
    return part("class", 20, _HALF, f"a {vehicle.vehicle_class}, not a {wanted.vehicle_class}")


def _route(wanted: WantedTransport, vehicle: Vehicle) -> Part:
    allowed = vehicle.driver_hours * vehicle.drivers
    hours = hours_a_day(wanted, vehicle)
    return part("route", 20, _ease(hours / allowed), f"{hours} hours of driving a day, of {allowed}")


def _rest(wanted: WantedTransport, vehicle: Vehicle, busy: frozenset[date]) -> Part:
    clash = sorted(busy.intersection(days(wanted.first, wanted.last)))
    if clash:
        return part("rest", 15, Decimal(0), f"taken on {', '.join(day.isoformat() for day in clash[:5])}")
    run = run_of_days(wanted, busy)
    reason = f"{run} days in a row, of {vehicle.days_in_row}"
    return part("rest", 15, _ease(Decimal(run) / vehicle.days_in_row), reason)


def _ease(used: Decimal) -> Decimal:
    """All for up to half of what is allowed, falling to nothing at all of it."""
    return min(Decimal(1), max(Decimal(0), 2 * (1 - used)))
