"""A booking: what follows an accepted proposal, as lines (one per supplier), payments and steps."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from backend.domain.money import Money
from backend.domain.terms import LongText, RoomType, ShortText

BookingStatus = Literal["pending", "confirmed", "cancelled", "completed"]
StepName = Literal["deposit", "hotels", "guides", "transport", "documents", "confirmation"]
StepState = Literal["waiting", "running", "done", "failed", "not_needed", "undone"]
LineState = Literal["pending", "confirmed", "declined", "lapsed", "cancelled"]
HoldKind = Literal["allotment", "guide", "vehicle"]
HoldState = Literal["taking", "held", "refused", "released"]
GuideAnswer = Literal["awaited", "confirmed", "declined", "lapsed"]
PaymentKind = Literal["deposit", "refund"]
PaymentState = Literal["requested", "received", "failed", "lapsed"]

STEPS: Final[tuple[StepName, ...]] = ("deposit", "hotels", "guides", "transport", "documents", "confirmation")
"""In the order in which they are done; they are undone the other way round."""
LIVE_LINES: Final[frozenset[LineState]] = frozenset({"pending", "confirmed"})
ASSIGNED: Final[frozenset[GuideAnswer | None]] = frozenset({"awaited", "confirmed"})
"""A guide who was asked, and has not said no."""
SETTLED: Final[frozenset[StepState]] = frozenset({"done", "not_needed"})


class Guest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person of the rooming list."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    room: Annotated[str, Meta(max_length=20)] = ""
    room_type: RoomType | None = None
    diet: ShortText = ""
    remarks: LongText = ""


class BookingStep(msgspec.Struct, frozen=True, kw_only=True):
    """Where one step stands; `at` is when it last changed, `attempts` how often something was begun for it."""

    state: StepState
    at: datetime
    started_at: datetime | None = None
    attempts: int = 0


class BookingLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one hotel holds for the booking. It answers by `answer_by`, else the line lapses.

    `penalty_percent` is what its cancellation costs, of the line's total.
    """

    id: str
    hotel_id: str
    offer_id: str
    state: LineState = "pending"
    reason: str = ""
    at: datetime
    answer_by: datetime | None = None
    penalty_percent: Decimal | None = None


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What the client pays, or gets back (`refund`, of the payment `of`). `reference` is the gateway's own id."""

    id: str
    kind: PaymentKind
    amount: Money
    state: PaymentState
    at: datetime
    gateway: str
    reference: str
    due: datetime | None = None
    of: str = ""
    reason: str = ""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """What is taken of an allotment or a calendar, from the first to the last day. `need` is what for: an offer, or
    one of the programme's needs; `score` is that of the choice.

    Of a guide with a login it is an assignment, too: whose (`user_id`), and what they say to it until `answer_by`.
    """

    id: str
    kind: HoldKind
    resource_id: str
    name: str
    need: str
    first: date
    last: date
    rooms: dict[RoomType, int] = {}
    score: Decimal | None = None
    state: HoldState = "taking"
    user_id: str = ""
    answer: GuideAnswer | None = None
    answer_by: datetime | None = None
    reason: str = ""
    at: datetime


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """`reference` is what people say on the telephone: random, never counted.

    `priced_by` is the offer whose price the client accepted: it stands, whichever hotel holds the rooms in the end.
    `penalty_percent` is what a cancellation costs the client, of the selling price.
    """

    id: str
    reference: str
    status: BookingStatus
    steps: dict[StepName, BookingStep]
    lines: dict[str, BookingLine]
    priced_by: str = ""
    payments: dict[str, Payment] = {}
    holds: dict[str, Hold] = {}
    rooming: tuple[Guest, ...] = ()
    cancel_reason: str = ""
    penalty_percent: Decimal | None = None
    created_at: datetime

    @property
    def live_lines(self) -> tuple[BookingLine, ...]:
        """Those that hold something, or are asked to."""
        return tuple(line for line in self.lines.values() if line.state in LIVE_LINES)

    @property
    def assigned(self) -> frozenset[str]:
        """The users who are its guides, or are asked to be."""
        return frozenset(hold.user_id for hold in self.holds.values() if hold.answer in ASSIGNED)

    def settled(self, *names: StepName) -> bool:
        """Whether nothing of these steps is left to do."""
        return all(self.steps[name].state in SETTLED for name in names)
