"""A booking: what follows an accepted proposal, as lines (one per supplier) and steps."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from backend.domain.terms import LongText, RoomType, ShortText

BookingStatus = Literal["pending", "confirmed", "cancelled", "completed"]
StepName = Literal["deposit", "hotels"]
StepState = Literal["waiting", "done", "failed", "not_needed", "undone"]
LineState = Literal["pending", "confirmed", "declined", "cancelled"]


class Guest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person of the rooming list."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    room: Annotated[str, Meta(max_length=20)] = ""
    room_type: RoomType | None = None
    diet: ShortText = ""
    remarks: LongText = ""


class BookingStep(msgspec.Struct, frozen=True, kw_only=True):
    """Where one step stands; `at` is when it last changed."""

    state: StepState
    at: datetime


class BookingLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one hotel holds for the booking."""

    id: str
    hotel_id: str
    offer_id: str
    state: LineState = "pending"
    reason: str = ""
    at: datetime


class Booking(msgspec.Struct, frozen=True, kw_only=True):
    """`reference` is what people say on the telephone: random, never counted."""

    id: str
    reference: str
    status: BookingStatus
    steps: dict[StepName, BookingStep]
    lines: dict[str, BookingLine]
    rooming: tuple[Guest, ...] = ()
    cancel_reason: str = ""
    created_at: datetime
