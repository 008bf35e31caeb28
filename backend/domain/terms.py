"""The terms of a quotation: what the agency asks for. DOMAIN.md, "A quotation's life"."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.money import Currency, Money, percentage, written
from backend.domain.programme import BandMarkup, Programme

Id = Annotated[str, Meta(pattern="^[A-Za-z0-9_-]{1,64}$")]
Title = Annotated[str, Meta(min_length=1, max_length=200)]
ShortText = Annotated[str, Meta(max_length=200)]
LongText = Annotated[str, Meta(max_length=10_000)]
Reason = Annotated[str, Meta(min_length=1, max_length=1_000)]
Count = Annotated[int, Meta(ge=0, le=5_000)]
Age = Annotated[int, Meta(ge=0, le=17)]
AwareTime = Annotated[datetime, Meta(tz=True)]

RoomType = Literal["single", "double", "twin", "triple", "suite"]
MealPlan = Literal["RO", "BB", "HB", "FB", "AI"]
SelectionMode = Literal["manual", "automatic", "mixed"]

_LONGEST_STAY = 366


class Rooms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many rooms of each type."""

    single: Count = 0
    double: Count = 0
    twin: Count = 0
    triple: Count = 0
    suite: Count = 0


class Budget(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the client would spend on the whole group."""

    min: Money | None = None
    max: Money | None = None

    def __post_init__(self) -> None:
        written(self.min, self.max)
        if self.min and self.max:
            if self.min.currency != self.max.currency:
                raise ValueError("a budget has one currency")
            if self.min.amount > self.max.amount:
                raise ValueError("a budget's min is not above its max")


class Criteria(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an automatically chosen hotel must have; `count` is how many are invited."""

    min_rating: Decimal | None = None
    max_distance_km: Decimal | None = None
    min_capacity: Count | None = None
    amenities: Annotated[tuple[ShortText, ...], Meta(max_length=30)] = ()
    min_answer_rate: Decimal | None = None
    count: Annotated[int, Meta(ge=1, le=50)] = 5

    def __post_init__(self) -> None:
        for value, top in ((self.min_rating, 5), (self.max_distance_km, 1_000), (self.min_answer_rate, 100)):
            if value is not None:
                percentage(value, up_to=top)


class HotelSelection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How hotels are chosen: by hand, by criteria, or both."""

    mode: SelectionMode = "manual"
    hotel_ids: Annotated[tuple[Id, ...], Meta(max_length=50)] = ()
    criteria: Criteria = Criteria()


class Weights(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much each quality counts in ranking; relative to their sum."""

    price: Decimal = Decimal(50)
    rating: Decimal = Decimal(20)
    services: Decimal = Decimal(10)
    cancellation: Decimal = Decimal(10)
    speed: Decimal = Decimal(10)

    def __post_init__(self) -> None:
        values = (self.price, self.rating, self.services, self.cancellation, self.speed)
        for value in values:
            percentage(value)
        if not sum(values):
            raise ValueError("at least one weight is above zero")


class Deposit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the client pays first: a share of the selling total or an amount, by a day."""

    required: bool = False
    percent: Decimal | None = None
    amount: Money | None = None
    due: date | None = None

    def __post_init__(self) -> None:
        written(self.amount)
        if self.percent is not None:
            percentage(self.percent)
        if self.percent is not None and self.amount is not None:
            raise ValueError("a deposit is a percentage or an amount, not both")
        if self.required and self.percent is None and self.amount is None:
            raise ValueError("a required deposit has a percentage or an amount")


class PrivacySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What hotels may learn of each other. Loosened in draft only."""

    hide_competitor_prices: bool = True
    show_own_rank: bool = False
    reveal_prices_after_deadline: bool = False


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything the agency asks for; only `title` is required. Percentages are on cost."""

    title: Title
    destination: ShortText = ""
    check_in: date | None = None
    check_out: date | None = None
    rooms: Rooms = Rooms()
    adults: Count = 0
    children_ages: Annotated[tuple[Age, ...], Meta(max_length=500)] = ()
    meal_plan: MealPlan = "BB"
    special_requirements: Annotated[tuple[ShortText, ...], Meta(max_length=50)] = ()
    budget: Budget | None = None
    currency: Currency = "USD"
    deadline: AwareTime | None = None
    min_offers: Annotated[int, Meta(ge=1, le=50)] = 3
    hotel_selection: HotelSelection = HotelSelection()
    auto_award: bool = False
    weights: Weights = Weights()
    deposit: Deposit = Deposit()
    privacy: PrivacySettings = PrivacySettings()
    markup_percent: Decimal = Decimal(10)
    band_markups: Annotated[tuple[BandMarkup, ...], Meta(max_length=12)] = ()
    programme: Programme | None = None
    notes: LongText = ""
    internal_notes: LongText = ""
    client_id: Id | None = None

    def __post_init__(self) -> None:
        percentage(self.markup_percent, up_to=1_000)
        if len({one.band for one in self.band_markups}) != len(self.band_markups):
            raise ValueError("a band has one markup")
        if self.check_in and self.check_out and not self.check_in < self.check_out:
            raise ValueError("check_out is after check_in")
        if self.nights > _LONGEST_STAY:
            raise ValueError(f"a stay is at most {_LONGEST_STAY} nights")
        for amount in (self.budget and self.budget.min, self.budget and self.budget.max, self.deposit.amount):
            if amount and amount.currency != self.currency:
                raise ValueError("amounts of the terms are in the quotation's currency")

    @property
    def nights(self) -> int:
        """Nights between check-in and check-out; 0 while either is open."""
        if self.check_in is None or self.check_out is None:
            return 0
        return (self.check_out - self.check_in).days

    @property
    def pax(self) -> int:
        return self.adults + len(self.children_ages)
