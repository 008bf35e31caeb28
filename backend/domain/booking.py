"""What people do to a booking: hotels answer, the agency and the client write the rooming list or call it off."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from backend.domain.booked import booking_of
from backend.domain.bookings import LIVE_LINES, Booking, BookingLine, BookingStep, Guest, LineState, StepName
from backend.domain.events import Context, Steps, step
from backend.domain.holding import needs
from backend.domain.invitations import dropped, unselected
from backend.domain.offers import Offer
from backend.domain.penalties import penalty_percent
from backend.domain.principals import SYSTEM, Actor
from backend.domain.quotation import Quotation
from backend.domain.refusals import booking_not_found, require_reason, wrong_state
from backend.domain.stepping import first_steps, with_step

RUNNING: Final = frozenset({"pending", "confirmed"})


def created(q: Quotation, offer: Offer, by: Actor, ctx: Context) -> Steps:
    """The booking of an accepted quotation, with everything still to be done: see `saga.plan`."""
    wanted = {need.kind for need in needs(q.terms)}
    booking = Booking(
        id=ctx.new_id(),
        reference=_reference(ctx.new_id()),
        status="pending",
        steps=first_steps(q.terms.deposit.required, "guide" in wanted, "vehicle" in wanted, ctx),
        lines={},
        priced_by=offer.id,
        created_at=ctx.now,
    )
    return (step("booking.created", replace(q, booking=booking), by, ctx, booking_id=booking.id),)


def confirm_line(q: Quotation, line_id: str, by: Actor, ctx: Context) -> Steps:
    """The acting hotel holds what was booked.

    Raises:
        Refusal: booking.not_found, no such line of this hotel; quotation.wrong_state, answered already or too late.
    """
    booking, line = _own_pending_line(q, line_id, by)
    booking = with_line(booking, replace(line, state="confirmed", answer_by=None, at=ctx.now))
    if all(other.state == "confirmed" for other in booking.live_lines):
        booking = with_step(booking, "hotels", "done", ctx)
    data = {"booking_id": booking.id, "line_id": line_id, "hotel_id": line.hotel_id, "state": "confirmed"}
    return (step("hotel.confirmed", replace(q, booking=booking), by, ctx, **data),)


def decline_line(q: Quotation, line_id: str, reason: str, by: Actor, ctx: Context) -> Steps:
    """The acting hotel cannot hold what was booked, and is out of it.

    Raises:
        Refusal: booking.not_found, no such line of this hotel; quotation.wrong_state, answered already or too late.
    """
    _, line = _own_pending_line(q, line_id, by)
    return lost_line(q, line, "declined", reason, by, ctx)


def lapse_lines(q: Quotation, ctx: Context) -> Steps:
    """Hotels that did not answer in time are out."""
    steps: Steps = ()
    for line in q.booking.live_lines if q.booking and q.booking.status in RUNNING else ():
        if line.answer_by is not None and line.answer_by <= ctx.now:
            steps += lost_line(steps[-1].after if steps else q, line, "lapsed", "", SYSTEM, ctx)
    return steps


def lost_line(q: Quotation, line: BookingLine, state: LineState, reason: str, by: Actor, ctx: Context) -> Steps:
    """A line that will not be held. At once the hotel reads that it is not selected, whoever may be asked instead."""
    booking = running(q)
    lost = with_line(booking, replace(line, state=state, reason=reason, answer_by=None, at=ctx.now))
    data = {"booking_id": booking.id, "line_id": line.id, "hotel_id": line.hotel_id, "state": state, "reason": reason}
    return (step("booking.step_changed", replace(dropped(q, line.hotel_id), booking=lost), by, ctx, **data),)


def set_rooming(q: Quotation, guests: Sequence[Guest], by: Actor, ctx: Context) -> Steps:
    """Replaces the rooming list.

    Raises:
        Refusal: booking.not_found; quotation.wrong_state, the booking is over.
    """
    booking = running(q)
    if booking.rooming == tuple(guests):
        return ()
    after = replace(q, booking=replace(booking, rooming=tuple(guests)))
    return (step("booking.changed", after, by, ctx, booking_id=booking.id, fields=["rooming"]),)


def cancel(q: Quotation, reason: str, by: Actor, ctx: Context) -> Steps:
    """Calls the booking off, and the quotation with it. What was booked stays on record in the award.

    What it costs goes by the timeline of each hotel that holds something. The hotels know at once, since days count;
    the rest is undone by the saga.

    Raises:
        Refusal: booking.not_found; quotation.wrong_state, the booking is over.
        Invalid: no reason.
    """
    booking = running(q)
    require_reason(reason)
    off = _with_lines_off(q, booking, ctx)
    penalties = [line.penalty_percent for line in off.lines.values() if line.penalty_percent is not None]
    return _off(q, replace(off, cancel_reason=reason, penalty_percent=max(penalties, default=None)), by, ctx)


def call_off(q: Quotation, failed: StepName, by: Actor, ctx: Context) -> Steps:
    """A step cannot be done: the same as cancelling, and the client owes nothing."""
    booking = with_step(running(q), failed, "failed", ctx)
    return _off(q, replace(_with_lines_off(q, booking, ctx), cancel_reason=WHY[failed]), by, ctx)


def completed(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """The group has gone home."""
    booking = replace(running(q), status="completed")
    after = replace(q, booking=booking, state="completed")
    return (step("booking.completed", after, by, ctx, booking_id=booking.id),)


WHY: Final[dict[StepName, str]] = {
    "deposit": "The deposit was not paid.",
    "hotels": "No hotel holds the rooms.",
    "guides": "No guide is free.",
    "transport": "No vehicle is free.",
    "documents": "The documents could not be made.",
    "confirmation": "The booking could not be confirmed.",
}


def _off(q: Quotation, booking: Booking, by: Actor, ctx: Context) -> Steps:
    steps = {name: _never_begun(one, ctx) for name, one in booking.steps.items()}
    off = replace(q, booking=replace(booking, status="cancelled", steps=steps))
    after = replace(unselected(off), state="cancelled", cancel_reason=booking.cancel_reason)
    reason = booking.cancel_reason
    return (
        step("booking.cancelled", off, by, ctx, booking_id=booking.id, reason=reason),
        step("quotation.cancelled", after, by, ctx, reason=reason),
    )


def _never_begun(one: BookingStep, ctx: Context) -> BookingStep:
    return replace(one, state="not_needed", at=ctx.now) if one.state == "waiting" else one


def _with_lines_off(q: Quotation, booking: Booking, ctx: Context) -> Booking:
    lines = {id_: _line_off(q, line, ctx) for id_, line in booking.lines.items()}
    return replace(booking, lines=lines)


def _line_off(q: Quotation, line: BookingLine, ctx: Context) -> BookingLine:
    """Who holds something is paid by its timeline; who was only asked is not."""
    if line.state not in LIVE_LINES:
        return line
    off = replace(line, state="cancelled", answer_by=None, at=ctx.now)
    if line.state == "pending":
        return off
    stages = q.offers[line.offer_id].content.cancellation
    return replace(off, penalty_percent=penalty_percent(stages, q.terms.check_in, ctx.now.date()))


def running(q: Quotation) -> Booking:
    """The booking, which is not over.

    Raises:
        Refusal: booking.not_found; quotation.wrong_state.
    """
    booking = booking_of(q)
    if booking.status not in RUNNING:
        raise wrong_state("The booking is over.")
    return booking


def _own_pending_line(q: Quotation, line_id: str, by: Actor) -> tuple[Booking, BookingLine]:
    line = q.booking.lines.get(line_id) if q.booking else None
    if line is None or line.hotel_id != by.hotel_id:
        raise booking_not_found()
    if line.state != "pending":
        raise wrong_state("This was answered already, or it is over.")
    return running(q), line


def with_line(booking: Booking, line: BookingLine) -> Booking:
    return replace(booking, lines={**booking.lines, line.id: line})


def _reference(fresh_id: str) -> str:
    """Eight letters and digits that people can read out; a fresh id's end is its random part."""
    letters = [character for character in fresh_id.upper() if character.isalnum()]
    return "".join(letters[-8:])
