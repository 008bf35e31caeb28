"""What a programme needs of the tariff, for a group of a given size: how many of what, at which cost each.

vehicles   the cheapest class that seats the group and its guides, as many of it as that takes; of each the days,
           the kilometres with the fuel surcharge, tolls and parking
guides     the fee for each day by language and kind, and overtime
staff      meals each day for guides and drivers; a single room for the nights between the days of whoever travels
           with the group: guides who are `lodged`, drivers of a leg of several days
items      for each person or once, so many times
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from backend.domain.computation.lines import Kind
from backend.domain.computation.tariff import GuideRate, ItemRate, Tariff, VehicleRate
from backend.domain.programme import GuideNeed, ItemNeed, Leg, Programme

Price = Callable[[Decimal], Decimal]


class Group(NamedTuple):
    """`seats` are as many as there may be people in it."""

    adults: int
    children: int
    seats: int

    @property
    def heads(self) -> int:
        return self.adults + self.children


class Need(NamedTuple):
    """`quantity` of something that costs `cost` each, in the tariff's currency."""

    id: str
    kind: Kind
    name: str
    quantity: int
    cost: Decimal


def needs(programme: Programme, tariff: Tariff, group: Group, price: Price) -> Iterator[Need]:
    """All of it, but for what the tariff does not have. `price` is what decides which vehicle is cheapest."""
    seats = group.seats + len(programme.guides)
    for place, leg in enumerate(programme.transport, start=1):
        yield from _transport(f"transport-{place}", leg, tariff, seats, price)
    for place, guide in enumerate(programme.guides, start=1):
        yield from _guide(f"guide-{place}", guide, tariff)
    rates = {item.code: item for item in tariff.items}
    for item in programme.items:
        if item.code in rates:
            yield from _item(item, rates[item.code], group)


def missing(programme: Programme, tariff: Tariff | None) -> tuple[str, ...]:
    """What of the programme the tariff has no price for: `transport-1`, `guide-2`, `item-lunch`."""
    items = {item.code for item in tariff.items} if tariff else set()
    return (
        *(
            f"transport-{place}"
            for place, leg in enumerate(programme.transport, start=1)
            if not (tariff and _classes(leg, tariff))
        ),
        *(
            f"guide-{place}"
            for place, guide in enumerate(programme.guides, start=1)
            if not (tariff and _fee(guide, tariff))
        ),
        *(f"item-{item.code}" for item in programme.items if item.code not in items),
    )


def _classes(leg: Leg, tariff: Tariff) -> list[VehicleRate]:
    return [vehicle for vehicle in tariff.vehicles if leg.vehicle in (None, vehicle.code)]


def _transport(id_: str, leg: Leg, tariff: Tariff, seats: int, price: Price) -> Iterator[Need]:
    def fleet(vehicle: VehicleRate) -> tuple[Decimal, int, str]:
        """What all of them come to, how many they are, and their code: the least is taken."""
        made = _vehicles(id_, leg, vehicle, tariff, seats)
        return (
            sum((need.quantity * price(need.cost) for need in made), Decimal(0)),
            -(-seats // vehicle.seats),
            vehicle.code,
        )

    classes = _classes(leg, tariff)
    if classes:
        yield from _vehicles(id_, leg, min(classes, key=fleet), tariff, seats)


def _vehicles(id_: str, leg: Leg, vehicle: VehicleRate, tariff: Tariff, seats: int) -> Iterator[Need]:
    count = -(-seats // vehicle.seats)
    road = leg.km * vehicle.km
    yield Need(f"{id_}-vehicle", "vehicle", vehicle.name, count, leg.days * vehicle.day)
    yield Need(f"{id_}-distance", "distance", leg.name, count, road)
    yield Need(f"{id_}-fuel", "fuel", leg.name, count, road * tariff.fuel_percent / 100)
    yield Need(f"{id_}-tolls", "tolls", leg.name, count, leg.km * vehicle.toll_km)
    yield Need(f"{id_}-parking", "parking", leg.name, count, leg.days * vehicle.parking_day)
    yield Need(f"{id_}-lodging", "staff_lodging", leg.name, count * (leg.days - 1), tariff.staff_night)
    yield Need(f"{id_}-meals", "staff_meals", leg.name, count * leg.days, tariff.staff_day)


def _fee(guide: GuideNeed, tariff: Tariff) -> GuideRate | None:
    wanted = (guide.language, guide.kind)
    return next((rate for rate in tariff.guides if (rate.language, rate.kind) == wanted), None)


def _guide(id_: str, guide: GuideNeed, tariff: Tariff) -> Iterator[Need]:
    rate = _fee(guide, tariff)
    if rate is None:
        return
    name = rate.name or f"{rate.language} {rate.kind}"
    yield Need(f"{id_}-fee", "guide", name, guide.days, rate.day)
    yield Need(f"{id_}-overtime", "overtime", name, guide.overtime_hours, rate.overtime_hour)
    if rate.lodged:
        yield Need(f"{id_}-lodging", "staff_lodging", name, guide.days - 1, tariff.staff_night)
    yield Need(f"{id_}-meals", "staff_meals", name, guide.days, tariff.staff_day)


def _item(item: ItemNeed, rate: ItemRate, group: Group) -> Iterator[Need]:
    id_ = f"item-{item.code}"
    if rate.per == "group":
        yield Need(id_, rate.category, rate.name, item.times, rate.amount)
        return
    children = group.children if rate.child is not None else 0
    yield Need(id_, rate.category, rate.name, (group.heads - children) * item.times, rate.amount)
    if rate.child is not None:
        yield Need(f"{id_}-child", rate.category, rate.name, children * item.times, rate.child)
