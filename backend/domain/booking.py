"""What follows an accepted proposal: the deposit, the hotels' confirmations, the rooming list."""

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from backend.domain.bookings import Booking, BookingLine, BookingStep, Guest, LineState, StepName, StepState
from backend.domain.events import Context, Steps, step
from backend.domain.invitations import unselected
from backend.domain.offers import Offer
from backend.domain.principals import SYSTEM, Actor
from backend.domain.quotation import Quotation
from backend.domain.refusals import booking_not_found, require_reason, wrong_state

RUNNING: Final = frozenset({"pending", "confirmed"})
SETTLED: Final = frozenset({"done", "not_needed"})


def created(q: Quotation, offer: Offer, by: Actor, ctx: Context) -> Steps:
    """The booking of an accepted quotation: one line for the chosen offer, and the steps before it is confirmed."""
    line = BookingLine(id=ctx.new_id(), hotel_id=offer.hotel_id, offer_id=offer.id, at=ctx.now)
    deposit: StepState = "waiting" if q.terms.deposit.required else "not_needed"
    booking = Booking(
        id=ctx.new_id(),
        reference=_reference(ctx.new_id()),
        status="pending",
        steps={
            "deposit": BookingStep(state=deposit, at=ctx.now),
            "hotels": BookingStep(state="waiting", at=ctx.now),
        },
        lines={line.id: line},
        created_at=ctx.now,
    )
    after = replace(q, booking=booking)
    return (step("booking.created", after, by, ctx, booking_id=booking.id, hotel_ids=[line.hotel_id]),)


def confirm_line(q: Quotation, line_id: str, by: Actor, ctx: Context) -> Steps:
    """The acting hotel holds what was booked.

    Raises:
        Refusal: booking.not_found, no such line of this hotel; quotation.wrong_state, answered already.
    """
    booking, line = _own_pending_line(q, line_id, by)
    booking = _with_line(booking, replace(line, state="confirmed", at=ctx.now))
    if all(other.state == "confirmed" for other in booking.lines.values()):
        booking = _with_step(booking, "hotels", "done", ctx)
    data = {"booking_id": booking.id, "line_id": line_id, "hotel_id": line.hotel_id, "state": "confirmed"}
    return _then_confirmed((step("booking.step_changed", replace(q, booking=booking), by, ctx, **data),), ctx)


def decline_line(q: Quotation, line_id: str, reason: str, by: Actor, ctx: Context) -> Steps:
    """The acting hotel cannot hold what was booked.

    Raises:
        Refusal: booking.not_found, no such line of this hotel; quotation.wrong_state, answered already.
    """
    booking, line = _own_pending_line(q, line_id, by)
    booking = _with_line(booking, replace(line, state="declined", reason=reason, at=ctx.now))
    booking = _with_step(booking, "hotels", "failed", ctx)
    data = {"booking_id": booking.id, "line_id": line_id, "hotel_id": line.hotel_id, "state": "declined"}
    return (step("booking.step_changed", replace(q, booking=booking), by, ctx, **data, reason=reason),)


def pay_deposit(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """The required deposit has arrived.

    Raises:
        Refusal: booking.not_found; quotation.wrong_state, none is awaited.
    """
    booking = _running(q)
    if booking.steps["deposit"].state != "waiting":
        raise wrong_state("No deposit is awaited.")
    booking = _with_step(booking, "deposit", "done", ctx)
    after = replace(q, booking=booking, state="deposit_paid")
    paid = step("booking.step_changed", after, by, ctx, booking_id=booking.id, step="deposit", state="done")
    return _then_confirmed((paid,), ctx)


def set_rooming(q: Quotation, guests: Sequence[Guest], by: Actor, ctx: Context) -> Steps:
    """Replaces the rooming list.

    Raises:
        Refusal: booking.not_found; quotation.wrong_state, the booking is over.
    """
    booking = _running(q)
    if booking.rooming == tuple(guests):
        return ()
    after = replace(q, booking=replace(booking, rooming=tuple(guests)))
    return (step("booking.changed", after, by, ctx, booking_id=booking.id, fields=["rooming"]),)


def cancel(q: Quotation, reason: str, by: Actor, ctx: Context) -> Steps:
    """Calls the booking off, and the quotation with it. What was booked stays on record in the award.

    Raises:
        Refusal: booking.not_found; quotation.wrong_state, the booking is over.
        Invalid: no reason.
    """
    booking = _running(q)
    require_reason(reason)
    lines = {id_: replace(line, state=_off(line.state), at=ctx.now) for id_, line in booking.lines.items()}
    off = replace(q, booking=replace(booking, status="cancelled", lines=lines, cancel_reason=reason))
    after = replace(unselected(off), state="cancelled", cancel_reason=reason)
    return (
        step("booking.cancelled", off, by, ctx, booking_id=booking.id, reason=reason),
        step("quotation.cancelled", after, by, ctx, reason=reason),
    )


def completed(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """The group has gone home."""
    booking = replace(_running(q), status="completed")
    after = replace(q, booking=booking, state="completed")
    return (step("booking.completed", after, by, ctx, booking_id=booking.id),)


def _then_confirmed(steps: Steps, ctx: Context) -> Steps:
    """Adds the platform's own confirmation if nothing is missing any more."""
    q = steps[-1].after
    booking = _running(q)
    if not all(one.state in SETTLED for one in booking.steps.values()):
        return steps
    after = replace(q, state="confirmed", booking=replace(booking, status="confirmed"))
    return (*steps, step("booking.confirmed", after, SYSTEM, ctx, booking_id=booking.id))


def _running(q: Quotation) -> Booking:
    if q.booking is None:
        raise booking_not_found()
    if q.booking.status not in RUNNING:
        raise wrong_state("The booking is over.")
    return q.booking


def _own_pending_line(q: Quotation, line_id: str, by: Actor) -> tuple[Booking, BookingLine]:
    line = q.booking.lines.get(line_id) if q.booking else None
    if line is None or line.hotel_id != by.hotel_id:
        raise booking_not_found()
    booking = _running(q)
    if line.state != "pending":
        raise wrong_state("This was answered already.")
    return booking, line


def _with_line(booking: Booking, line: BookingLine) -> Booking:
    return replace(booking, lines={**booking.lines, line.id: line})


def _with_step(booking: Booking, name: StepName, state: StepState, ctx: Context) -> Booking:
    return replace(booking, steps={**booking.steps, name: BookingStep(state=state, at=ctx.now)})


def _off(state: LineState) -> LineState:
    return state if state == "declined" else "cancelled"


def _reference(fresh_id: str) -> str:
    """Eight letters and digits that people can read out; a fresh id's end is its random part."""
    letters = [character for character in fresh_id.upper() if character.isalnum()]
    return "".join(letters[-8:])
