"""What a programme needs of the tariff: how many of what, at which cost each.

vehicles   of each the days, the kilometres with the fuel surcharge, tolls and parking
guides     the fee for each day by language and kind, and overtime
staff      meals each day for guides and drivers; a single room for the nights between the days of whoever travels
           with the group: guides who are `lodged`, drivers of a leg of several days
items      for each person or once, so many times
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from backend.domain.computation.lines import Kind
from backend.domain.computation.tariff import GuideRate, ItemRate, Tariff, VehicleRate
from backend.domain.programme import GuideNeed, ItemNeed, Leg, Programme


class Need(NamedTuple):
    """`quantity` of something that costs `cost` each, in the tariff's currency."""

    id: str
    kind: Kind
    name: str
    quantity: int
    cost: Decimal


def missing(programme: Programme, tariff: Tariff | None) -> tuple[str, ...]:
    """What of the programme the tariff has no price for: `transport-1`, `guide-2`, `item-lunch`."""
    legs, guides = enumerate(programme.transport, start=1), enumerate(programme.guides, start=1)
    items = {item.code for item in tariff.items} if tariff else set()
    return (
        *(f"transport-{place}" for place, leg in legs if not (tariff and classes(leg, tariff))),
        *(f"guide-{place}" for place, guide in guides if not (tariff and _fee(guide, tariff))),
        *(f"item-{item.code}" for item in programme.items if item.code not in items),
    )


def classes(leg: Leg, tariff: Tariff) -> list[VehicleRate]:
    """The vehicles that may go: the one asked for, or any."""
    return [vehicle for vehicle in tariff.vehicles if leg.vehicle in (None, vehicle.code)]


def of_vehicle(place: int, leg: Leg, vehicle: VehicleRate, tariff: Tariff) -> Iterator[Need]:
    """What one such vehicle needs, its driver included."""
    id_, road = f"transport-{place}", leg.km * vehicle.km
    yield Need(f"{id_}-vehicle", "vehicle", vehicle.name, 1, leg.days * vehicle.day)
    yield Need(f"{id_}-distance", "distance", leg.name, 1, road)
    yield Need(f"{id_}-fuel", "fuel", leg.name, 1, road * tariff.fuel_percent / 100)
    yield Need(f"{id_}-tolls", "tolls", leg.name, 1, leg.km * vehicle.toll_km)
    yield Need(f"{id_}-parking", "parking", leg.name, 1, leg.days * vehicle.parking_day)
    yield Need(f"{id_}-lodging", "staff_lodging", leg.name, leg.days - 1, tariff.staff_night)
    yield Need(f"{id_}-meals", "staff_meals", leg.name, leg.days, tariff.staff_day)


def of_guides(programme: Programme, tariff: Tariff) -> Iterator[Need]:
    """What the guides need whatever the group."""
    for place, guide in enumerate(programme.guides, start=1):
        rate = _fee(guide, tariff)
        if rate:
            yield from _of_guide(f"guide-{place}", guide, rate, tariff)


def of_people(programme: Programme, tariff: Tariff, adults: int, children: int) -> Iterator[Need]:
    """The items that so many people need, each for themselves."""
    for item, rate in _items(programme, tariff):
        if rate.per == "person":
            yield from _of_people(item, rate, adults, children)


def of_group(programme: Programme, tariff: Tariff) -> Iterator[Need]:
    """The items that are needed once."""
    for item, rate in _items(programme, tariff):
        if rate.per == "group":
            yield Need(f"item-{item.code}", rate.category, rate.name, item.times, rate.amount)


def _fee(guide: GuideNeed, tariff: Tariff) -> GuideRate | None:
    wanted = (guide.language, guide.kind)
    return next((rate for rate in tariff.guides if (rate.language, rate.kind) == wanted), None)


def _of_guide(id_: str, guide: GuideNeed, rate: GuideRate, tariff: Tariff) -> Iterator[Need]:
    name = rate.name or f"{rate.language} {rate.kind}"
    yield Need(f"{id_}-fee", "guide", name, guide.days, rate.day)
    yield Need(f"{id_}-overtime", "overtime", name, guide.overtime_hours, rate.overtime_hour)
    if rate.lodged:
        yield Need(f"{id_}-lodging", "staff_lodging", name, guide.days - 1, tariff.staff_night)
    yield Need(f"{id_}-meals", "staff_meals", name, guide.days, tariff.staff_day)


def _items(programme: Programme, tariff: Tariff) -> Iterator[tuple[ItemNeed, ItemRate]]:
    rates = {rate.code: rate for rate in tariff.items} if programme.items else {}
    return ((item, rates[item.code]) for item in programme.items if item.code in rates)


def _of_people(item: ItemNeed, rate: ItemRate, adults: int, children: int) -> Iterator[Need]:
    id_ = f"item-{item.code}"
    if rate.child is None:
        yield Need(id_, rate.category, rate.name, (adults + children) * item.times, rate.amount)
        return
    yield Need(id_, rate.category, rate.name, adults * item.times, rate.amount)
    yield Need(f"{id_}-child", rate.category, rate.name, children * item.times, rate.child)
