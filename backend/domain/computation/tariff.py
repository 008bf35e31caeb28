"""What running costs are made of: the platform's price list, and what one quotation is computed with.

Amounts of a tariff are decimals in its currency, not money: a kilometre may cost less than a cent.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.money import Currency, percentage
from backend.domain.programme import Code, Name

Id = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]
Label = Annotated[str, Meta(min_length=1, max_length=200)]
Category = Literal["ticket", "meal", "porterage", "insurance", "permit", "tip", "water", "other"]
Per = Literal["person", "group"]

_LARGEST = Decimal("1e9")
_PLACES = 6
_RATE_PLACES = 12


class VehicleRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of vehicle with its driver: `seats` besides the driver's; what a day, a kilometre, tolls for each
    kilometre and a day's parking cost."""

    code: Code
    name: Label
    seats: Annotated[int, Meta(ge=1, le=200)]
    day: Decimal
    km: Decimal = Decimal(0)
    toll_km: Decimal = Decimal(0)
    parking_day: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        _costs(self.day, self.km, self.toll_km, self.parking_day)


class GuideRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A guide's fee by language and kind. Who is `lodged` travels with the group and needs a room each night."""

    language: Code
    kind: Code = "local"
    name: Name = ""
    day: Decimal
    overtime_hour: Decimal = Decimal(0)
    lodged: bool = False

    def __post_init__(self) -> None:
        _costs(self.day, self.overtime_hour)


class ItemRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ticket, a meal and so on, for each person or once for the group; `child` is what it costs under 18."""

    code: Code
    name: Label
    category: Category
    per: Per = "person"
    amount: Decimal
    child: Decimal | None = None

    def __post_init__(self) -> None:
        _costs(self.amount, self.child or Decimal(0))
        if self.child is not None and self.per == "group":
            raise ValueError("a child's price is for what each person pays")


class SalesTax(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax that the client pays on the selling price."""

    name: Label
    percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.percent)


class Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """The price list for trips of these days. `staff_night` is a guide's or driver's single room, `staff_day` their
    meals; the fuel surcharge is on what kilometres cost, the contingency on all of it."""

    id: Id
    name: Label
    currency: Currency
    valid_from: date
    valid_until: date | None = None
    vehicles: Annotated[tuple[VehicleRate, ...], Meta(max_length=50)] = ()
    fuel_percent: Decimal = Decimal(0)
    guides: Annotated[tuple[GuideRate, ...], Meta(max_length=200)] = ()
    staff_night: Decimal = Decimal(0)
    staff_day: Decimal = Decimal(0)
    items: Annotated[tuple[ItemRate, ...], Meta(max_length=300)] = ()
    contingency_percent: Decimal = Decimal(0)
    taxes: Annotated[tuple[SalesTax, ...], Meta(max_length=5)] = ()

    def __post_init__(self) -> None:
        _costs(self.staff_night, self.staff_day)
        for percent in (self.fuel_percent, self.contingency_percent):
            percentage(percent)
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("valid_until is not before valid_from")
        _once("vehicle", [vehicle.code for vehicle in self.vehicles])
        _once("guide", [f"{guide.language} {guide.kind}" for guide in self.guides])
        _once("item", [item.code for item in self.items])
        _once("tax", [tax.name for tax in self.taxes])


class Rate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """On the day `on`, one unit of `base` was worth `rate` units of `quote`."""

    base: Currency
    quote: Currency
    rate: Decimal
    on: date

    def __post_init__(self) -> None:
        exponent = self.rate.as_tuple().exponent
        if not isinstance(exponent, int) or not -_RATE_PLACES <= exponent <= 0 or not 0 < self.rate < _LARGEST:
            raise ValueError(f"a rate is a decimal above 0 and below 10^9 with at most {_RATE_PLACES} places")


class Costing(msgspec.Struct, frozen=True, kw_only=True, cache_hash=True):
    """What a quotation's running costs are computed with, copied on the day `on`.

    `rate` is from the tariff's currency to the quotation's; None where they are one, or where no rate is known.
    """

    tariff: Tariff
    rate: Rate | None = None
    on: date


def _costs(*amounts: Decimal) -> None:
    """Refuses what is no cost. Raises ValueError."""
    for amount in amounts:
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or not -_PLACES <= exponent <= 0 or amount.is_signed() or amount >= _LARGEST:
            raise ValueError(f"a cost is a decimal from 0 to below 10^9 with at most {_PLACES} places")


def _once(what: str, keys: list[str]) -> None:
    if len(keys) != len(set(keys)):
        raise ValueError(f"each {what} of a tariff is there once")
