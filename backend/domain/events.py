"""Events: what happened to a quotation, with the quotation as it is after it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from backend.domain.event_data import version_of
from backend.domain.principals import Actor
from backend.domain.quotation import Quotation

EventName = Literal[
    "quotation.created",
    "quotation.edited",
    "quotation.restored",
    "quotation.repriced",
    "quotation.published",
    "quotation.invited",
    "quotation.uninvited",
    "quotation.extended",
    "quotation.deadline_near",
    "quotation.closed",
    "quotation.prices_revealed",
    "quotation.awarded",
    "quotation.accepted",
    "quotation.rejected",
    "quotation.cancelled",
    "quotation.expired",
    "quotation.granted",
    "quotation.revoked",
    "offer.submitted",
    "offer.revised",
    "offer.withdrawn",
    "booking.created",
    "booking.step_changed",
    "booking.confirmed",
    "booking.changed",
    "booking.cancelled",
    "booking.completed",
    "payment.noticed",
    "payment.requested",
    "payment.received",
    "payment.failed",
    "payment.refunded",
    "hotel.reserved",
    "hotel.confirmed",
    "guide.assigned",
    "guide.confirmed",
    "guide.declined",
    "transport.booked",
    "transport.confirmed",
]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One happening inside the server. `data` holds ids and fields for history and reactions, never for a viewer; what
    of them, `backend.domain.event_data` says for the version `v` of the event's name."""

    id: str
    name: EventName
    at: datetime
    by: Actor
    data: dict[str, Any] = {}
    v: int = 1


class Step(msgspec.Struct, frozen=True):
    """An event and the quotation right after it; a command yields one or more."""

    event: Event
    after: Quotation


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The platform's settings that the domain decides by."""

    revisions: int = 2
    extensions: int = 2
    rfq_open: timedelta = timedelta(days=7)
    deadline_reminder: timedelta = timedelta(days=1)
    acceptance_open: timedelta = timedelta(days=7)
    payment_open: timedelta = timedelta(days=7)
    line_answer: timedelta = timedelta(days=2)
    guide_answer: timedelta = timedelta(days=1)
    proposal_reminder: timedelta = timedelta(days=1)


class Context(msgspec.Struct, frozen=True):
    """What a decision needs from outside: the time, fresh ids and the platform's rules."""

    now: datetime
    new_id: Callable[[], str]
    rules: Rules


Steps = tuple[Step, ...]


def step(name: EventName, after: Quotation, by: Actor, ctx: Context, **data: Any) -> Step:
    """A step that happens now."""
    return Step(Event(id=ctx.new_id(), name=name, at=ctx.now, by=by, data=data, v=version_of(name)), after)


def plain(value: Any) -> Any:
    """`value` as JSON has it, for an event's data: what is stored is what was put in."""
    return msgspec.json.decode(msgspec.json.encode(value))
