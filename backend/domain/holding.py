"""What a booking takes of hotels' allotments and of the calendars of guides and vehicles.

A hold is in the document before anything is taken, so that whatever was taken can be given back: `taking`, then `held`,
or `refused` where somebody else has it; in the end `released`. A guide with a login is asked once their days are held.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, get_args

import msgspec
from msgspec.structs import replace

from backend.domain.booked import booking_of
from backend.domain.bookings import LIVE_LINES, Booking, GuideAnswer, Hold, HoldKind, HoldState, LineState, StepName
from backend.domain.events import Context, EventName, Steps, step
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Quotation
from backend.domain.resources.choosing_guides import WantedGuide
from backend.domain.resources.choosing_vehicles import WantedTransport
from backend.domain.selection import group_size
from backend.domain.stepping import with_step
from backend.domain.terms import RoomType, Terms

STEP_OF: Final[dict[HoldKind, StepName]] = {"allotment": "hotels", "guide": "guides", "vehicle": "transport"}
_TAKEN: Final[frozenset[HoldState]] = frozenset({"taking", "held"})
_LOST: Final[frozenset[GuideAnswer | None]] = frozenset({"declined", "lapsed"})
_SAID: Final[dict[HoldKind, EventName]] = {"guide": "guide.assigned", "vehicle": "transport.booked"}


class Need(msgspec.Struct, frozen=True):
    """Something that the programme asks for, under a key that is the same whenever one looks."""

    key: str
    kind: HoldKind
    wanted: WantedGuide | WantedTransport


def needs(terms: Terms) -> tuple[Need, ...]:
    """The guides and the vehicles that the programme asks for, each from the first day on."""
    programme, first = terms.programme, terms.check_in
    if programme is None or first is None or terms.check_out is None:
        return ()
    out = terms.check_out
    guides = (
        Need(
            f"guide-{number}",
            "guide",
            WantedGuide(first=first, last=_last(first, one.days, out), languages=(one.language,), kind=one.kind),
        )
        for number, one in enumerate(programme.guides, 1)
    )
    legs = (
        Need(
            f"leg-{number}",
            "vehicle",
            WantedTransport(
                pax=group_size(terms),
                first=first,
                last=_last(first, one.days, out),
                km=one.km,
                driving_days=one.days,
                vehicle_class=one.vehicle,
            ),
        )
        for number, one in enumerate(programme.transport, 1)
    )
    return (*guides, *legs)


def open_needs(q: Quotation, booking: Booking) -> tuple[Need, ...]:
    """Those for which nothing is held, or only by a guide who does not come."""
    held = {hold.need for hold in booking.holds.values() if hold.state == "held" and hold.answer not in _LOST}
    return tuple(need for need in needs(q.terms) if need.key not in held)


def nights(terms: Terms) -> tuple[date, date, dict[RoomType, int]] | None:
    """The first and the last night, and how many rooms of each type; None where dates or rooms are open."""
    rooms: dict[RoomType, int] = {room: count for room in get_args(RoomType) if (count := getattr(terms.rooms, room))}
    if terms.check_in is None or terms.check_out is None or not rooms:
        return None
    return terms.check_in, terms.check_out - timedelta(days=1), rooms


def of_need(booking: Booking, key: str, state: HoldState) -> tuple[Hold, ...]:
    return tuple(hold for hold in booking.holds.values() if hold.need == key and hold.state == state)


def refused_ids(booking: Booking, key: str) -> frozenset[str]:
    """What was asked for and is somebody else's, and guides who do not come."""
    refused = of_need(booking, key, "refused")
    return frozenset(hold.resource_id for hold in booking.holds.values() if hold in refused or hold.answer in _LOST)


def to_release(booking: Booking, kinds: Iterable[HoldKind] = ("allotment", "guide", "vehicle")) -> tuple[Hold, ...]:
    """What is held for nothing: all of a booking that was called off, otherwise rooms of a line that was lost, and the
    days of guides who do not come."""
    lines = {line.offer_id: line.state for line in booking.lines.values()}
    off = booking.status == "cancelled"
    return tuple(
        hold
        for hold in booking.holds.values()
        if hold.state in _TAKEN and hold.kind in kinds and (off or hold.answer in _LOST or _line_is_lost(hold, lines))
    )


def taking(q: Quotation, holds: Sequence[Hold], ctx: Context) -> Steps:
    """These are about to be taken."""
    booking = _with(booking_of(q), holds)
    kind = holds[0].kind
    if kind != "allotment":
        booking = with_step(booking, STEP_OF[kind], "running", ctx)
    data = {"booking_id": booking.id, "step": STEP_OF[kind]}
    return (step("booking.step_changed", replace(q, booking=booking), SYSTEM, ctx, **data),)


def settled(q: Quotation, key: str, state: HoldState, ctx: Context) -> Steps:
    """What was being taken for a need is held, or somebody else has it. Guides with a login are asked then."""
    booking = booking_of(q)
    open_ones = of_need(booking, key, "taking")
    if not open_ones:
        return ()
    booking = _with(booking, [_ended(hold, state, ctx) for hold in open_ones])
    kind = open_ones[0].kind
    name: EventName = _SAID.get(kind, "booking.step_changed") if state == "held" else "booking.step_changed"
    done = step_done(q, booking, kind, ctx)
    data = {"booking_id": booking.id, "step": STEP_OF[kind], "state": state}
    if kind != "vehicle" or done is booking:
        return (step(name, replace(q, booking=done), SYSTEM, ctx, **data),)
    booked = step(name, replace(q, booking=booking), SYSTEM, ctx, **data)
    data |= {"state": "done"}
    return (booked, step("transport.confirmed", replace(q, booking=done), SYSTEM, ctx, **data))


def step_done(q: Quotation, booking: Booking, kind: HoldKind, ctx: Context) -> Booking:
    """The step of guides or vehicles is done once all needs are held and no guide's answer is awaited."""
    left = any(need.kind == kind for need in open_needs(q, booking))
    if kind == "allotment" or left or any(hold.kind == kind for hold in awaited(booking)):
        return booking
    return with_step(booking, STEP_OF[kind], "done", ctx)


def awaited(booking: Booking) -> tuple[Hold, ...]:
    """The assignments that a guide has yet to answer."""
    return tuple(hold for hold in booking.holds.values() if hold.state == "held" and hold.answer == "awaited")


def with_hold(booking: Booking, hold: Hold) -> Booking:
    return _with(booking, [hold])


def released(q: Quotation, hold_id: str, ctx: Context) -> Steps:
    """It was given back."""
    booking = booking_of(q)
    hold = booking.holds[hold_id]
    after = replace(q, booking=_with(booking, [replace(hold, state="released", at=ctx.now)]))
    data = {"booking_id": booking.id, "step": STEP_OF[hold.kind], "state": "released"}
    return (step("booking.step_changed", after, SYSTEM, ctx, **data),)


def _ended(hold: Hold, state: HoldState, ctx: Context) -> Hold:
    ended = replace(hold, state=state, at=ctx.now)
    if state != "held" or not hold.user_id:
        return ended
    return replace(ended, answer="awaited", answer_by=ctx.now + ctx.rules.guide_answer)


def _line_is_lost(hold: Hold, lines: Mapping[str, LineState]) -> bool:
    return hold.kind == "allotment" and lines.get(hold.need, "pending") not in LIVE_LINES


def _last(first: date, days: int, check_out: date) -> date:
    return max(first, min(first + timedelta(days=days - 1), check_out))


def _with(booking: Booking, holds: Iterable[Hold]) -> Booking:
    return replace(booking, holds={**booking.holds, **{hold.id: hold for hold in holds}})
