"""What a trip contains besides its hotel: transport, guides, and whatever is eaten, entered, insured or carried.

It names things of the platform's tariff by their codes and has no price: what they cost is the platform's affair.
"""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated

import msgspec
from msgspec import Meta

from backend.domain.money import percentage

Code = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
Name = Annotated[str, Meta(max_length=200)]
Days = Annotated[int, Meta(ge=1, le=366)]
GroupSize = Annotated[int, Meta(ge=1, le=5_000)]
BandName = Annotated[str, Meta(pattern="^[1-9][0-9]{0,3}(-[1-9][0-9]{0,3}|\\+)$")]


class Leg(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the way, `km` in all over `days`. Without a `vehicle` the cheapest that seats the group goes."""

    name: Name = ""
    vehicle: Code | None = None
    km: Annotated[int, Meta(ge=0, le=100_000)] = 0
    days: Days = 1


class GuideNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A guide who speaks `language`, for `days`; `overtime_hours` are in all."""

    language: Code
    kind: Code = "local"
    days: Days = 1
    overtime_hours: Annotated[int, Meta(ge=0, le=1_000)] = 0


class ItemNeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An item of the tariff, so many `times`: three lunches, one permit."""

    code: Code
    times: Annotated[int, Meta(ge=1, le=366)] = 1


class Programme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, cache_hash=True):
    """`services` are those of the hotel's optional services that are wanted, by their names.

    `bands` are the sizes at which the bands of the selling table begin, rising; none are the usual ones.
    """

    transport: Annotated[tuple[Leg, ...], Meta(max_length=30)] = ()
    guides: Annotated[tuple[GuideNeed, ...], Meta(max_length=30)] = ()
    items: Annotated[tuple[ItemNeed, ...], Meta(max_length=60)] = ()
    services: Annotated[tuple[Name, ...], Meta(max_length=50)] = ()
    bands: Annotated[tuple[GroupSize, ...], Meta(max_length=12)] = ()

    def __post_init__(self) -> None:
        if any(one >= another for one, another in pairwise(self.bands)):
            raise ValueError("bands begin at rising sizes")
        codes = [item.code for item in self.items]
        if len(codes) != len(set(codes)):
            raise ValueError("an item is named once, with how many times")


class BandMarkup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The markup for groups of one band (`10-14`, `40+`), instead of the usual one."""

    band: BandName
    percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.percent, up_to=1_000)
