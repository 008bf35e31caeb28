"""What a hotel offers: the content it writes, and the offer as the quotation keeps it."""

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.money import Money, percentage, written
from backend.domain.terms import Age, AwareTime, Count, LongText, MealPlan, RoomType, ShortText

RatePer = Literal["room_night", "person_night"]
TaxPer = Literal["pax", "night", "stay"]
OfferState = Literal["draft", "submitted", "revised", "outdated", "withdrawn", "selected", "not_selected", "expired"]
Services = Annotated[tuple[ShortText, ...], Meta(max_length=50)]


class RoomRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A net rate for one room type, per room and night or per person and night."""

    type: RoomType
    net_rate: Money
    per: RatePer = "room_night"
    quantity: Count


class Foc(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Free of charge: `free` places for each `per` paying pax, as half a twin or a single, up to `cap` places."""

    free: Annotated[int, Meta(ge=0, le=10)] = 1
    per: Annotated[int, Meta(ge=1, le=500)]
    unit: Literal["half_twin", "single"] = "half_twin"
    cap: Annotated[int, Meta(ge=0, le=100)] | None = None


class ChildBand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Children of at most this age, and above the band before, pay this share of an adult's rate."""

    up_to: Age
    percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.percent)


class Tax(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tax that the rates include, or that is payable locally per pax, night or stay."""

    name: ShortText
    included: bool = True
    per: TaxPer = "stay"
    amount: Money | None = None
    percent: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.percent is None):
            raise ValueError("a tax is an amount or a percentage")
        if self.percent is not None:
            percentage(self.percent)


class OptionalService(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: ShortText
    price: Money


class DepositStage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A share of the total that the hotel wants by a day."""

    percent: Decimal
    due: date

    def __post_init__(self) -> None:
        percentage(self.percent)


class CancellationStage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cancelling fewer than `days_before` days before check-in costs `penalty_percent` of the total."""

    days_before: Annotated[int, Meta(ge=0, le=1_000)]
    penalty_percent: Decimal

    def __post_init__(self) -> None:
        percentage(self.penalty_percent)


class OfferContent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An offer as its hotel writes it. Every amount is net, in one currency."""

    rooms: Annotated[tuple[RoomRate, ...], Meta(min_length=1, max_length=20)]
    single_supplement: Money | None = None
    triple_reduction: Money | None = None
    extra_bed: Money | None = None
    child_bands: Annotated[tuple[ChildBand, ...], Meta(max_length=5)] = ()
    board: MealPlan = "BB"
    foc: Foc | None = None
    taxes: Annotated[tuple[Tax, ...], Meta(max_length=20)] = ()
    commission_percent: Decimal = Decimal(0)
    included_services: Services = ()
    excluded_services: Services = ()
    optional_services: Annotated[tuple[OptionalService, ...], Meta(max_length=50)] = ()
    option_until: AwareTime | None = None
    release_date: date | None = None
    allotment: Count | None = None
    guaranteed: bool = False
    deposits: Annotated[tuple[DepositStage, ...], Meta(max_length=10)] = ()
    cancellation: Annotated[tuple[CancellationStage, ...], Meta(max_length=10)] = ()
    attrition_percent: Decimal = Decimal(0)
    valid_until: AwareTime | None = None
    notes: LongText = ""
    internal_notes: LongText = ""

    def __post_init__(self) -> None:
        percentage(self.commission_percent)
        percentage(self.attrition_percent)
        written(*self.amounts())
        ages = [band.up_to for band in self.child_bands]
        if any(one >= another for one, another in pairwise(ages)):
            raise ValueError("child bands go by rising ages")

    def amounts(self) -> tuple[Money, ...]:
        """Every amount that this offer names."""
        return (
            *(room.net_rate for room in self.rooms),
            *(amount for amount in (self.single_supplement, self.triple_reduction, self.extra_bed) if amount),
            *(tax.amount for tax in self.taxes if tax.amount),
            *(service.price for service in self.optional_services),
        )

    def currencies(self) -> frozenset[str]:
        """Every currency that an amount of this offer is in; a sound offer has exactly one."""
        return frozenset(amount.currency for amount in self.amounts())


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A hotel's one offer in a quotation.

    `revision` counts 1, 2, 3; `price_revisions` those among them that use up the hotel's allowance, of which
    `revisions_left` remained then; `first_at` tells how fast it answered.
    """

    id: str
    hotel_id: str
    content: OfferContent
    revision: int
    price_revisions: int = 0
    revisions_left: int = 0
    state: OfferState
    first_at: datetime
    revised_at: datetime
