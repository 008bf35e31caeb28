"""What the actions of the saga do to the document. Each is done at most once: see `saga`."""

from msgspec.structs import replace

from backend.domain.booked import booking_of
from backend.domain.booking import call_off, lost_line, with_line
from backend.domain.bookings import BookingLine, StepName
from backend.domain.events import Context, Steps, step
from backend.domain.holding import released, settled
from backend.domain.invitations import awarded
from backend.domain.payments import not_refunded, with_payment
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Quotation
from backend.domain.saga import Action
from backend.domain.stepping import with_step

__all__ = ["ask_hotel", "confirm", "failed", "issue_documents", "perform", "undo"]


def perform(q: Quotation, action: Action, ctx: Context) -> Steps:
    """The effect of an action that needs nothing but the document.

    Raises:
        LookupError: the action needs more than that.
    """
    match action.name:
        case "ask_hotel":
            return ask_hotel(q, action.subject, ctx)
        case "issue_documents":
            return issue_documents(q, ctx)
        case "confirm":
            return confirm(q, ctx)
        case "call_off":
            return call_off(q, step_name(action.subject), SYSTEM, ctx)
        case "undo":
            return undo(q, step_name(action.subject), ctx)
        case _:
            raise LookupError(action.name)


def ask_hotel(q: Quotation, offer_id: str, ctx: Context) -> Steps:
    """The hotel of that offer is asked to hold the rooms; one that takes another's place is chosen instead."""
    booking, offer = booking_of(q), q.offers[offer_id]
    line = _new_line(q, offer_id, ctx)
    asked = with_step(with_line(booking, line), "hotels", "running", ctx)
    if q.award is not None and q.award.offer_id != offer_id:
        q = replace(awarded(q, offer), award=replace(q.award, offer_id=offer_id, at=ctx.now))
    data = {"booking_id": booking.id, "line_id": line.id, "hotel_id": offer.hotel_id}
    return (step("hotel.reserved", replace(q, booking=asked), SYSTEM, ctx, **data),)


def issue_documents(q: Quotation, ctx: Context) -> Steps:
    """The documents are made of what is booked now; each viewer's of their own view, when they are asked for."""
    booking = with_step(booking_of(q), "documents", "done", ctx)
    return (step("booking.step_changed", replace(q, booking=booking), SYSTEM, ctx, booking_id=booking.id),)


def confirm(q: Quotation, ctx: Context) -> Steps:
    """Nothing is missing any more."""
    booking = replace(with_step(booking_of(q), "confirmation", "done", ctx), status="confirmed")
    after = replace(q, state="confirmed", booking=booking)
    return (step("booking.confirmed", after, SYSTEM, ctx, booking_id=booking.id),)


def undo(q: Quotation, name: StepName, ctx: Context) -> Steps:
    """A step of a booking that was called off counts as undone. An unpaid deposit is not waited for any more."""
    booking = with_step(booking_of(q), name, "undone", ctx)
    if name == "deposit":
        for payment in booking.payments.values():
            if payment.kind == "deposit" and payment.state in ("requested", "failed"):
                booking = with_payment(booking, replace(payment, state="lapsed", at=ctx.now))
    data = {"booking_id": booking.id, "step": name, "state": "undone"}
    return (step("booking.step_changed", replace(q, booking=booking), SYSTEM, ctx, **data),)


def failed(q: Quotation, action: Action, code: str, ctx: Context) -> Steps:
    """An action can never work: the next-best is tried, or the booking called off.

    What cannot be given back leaves its step failed, for people to look into.
    """
    match action.name:
        case "ask_hotel":
            refused = settled(q, action.subject, "refused", ctx)
            q = refused[-1].after if refused else q
            return (*refused, *lost_line(q, _new_line(q, action.subject, ctx), "declined", code, SYSTEM, ctx))
        case "refund":
            return not_refunded(q, action.subject, code, ctx)
        case "undo":
            return _stuck(q, step_name(action.subject), code, ctx)
        case "release":
            return released(q, action.subject, ctx)
        case "assign":
            return call_off(q, "guides" if action.subject.startswith("guide") else "transport", SYSTEM, ctx)
        case "request_deposit":
            return call_off(q, "deposit", SYSTEM, ctx)
        case "issue_documents":
            return call_off(q, "documents", SYSTEM, ctx)
        case _:
            return call_off(q, "confirmation", SYSTEM, ctx)


def step_name(subject: str) -> StepName:
    """The step that an action is about.

    Raises:
        KeyError: there is no such step.
    """
    return _NAMES[subject]


_NAMES: dict[str, StepName] = {
    "deposit": "deposit",
    "hotels": "hotels",
    "guides": "guides",
    "transport": "transport",
    "documents": "documents",
    "confirmation": "confirmation",
}


def _stuck(q: Quotation, name: StepName, code: str, ctx: Context) -> Steps:
    booking = with_step(booking_of(q), name, "failed", ctx)
    data = {"booking_id": booking.id, "step": name, "state": "failed", "code": code}
    return (step("booking.step_changed", replace(q, booking=booking), SYSTEM, ctx, **data),)


def _new_line(q: Quotation, offer_id: str, ctx: Context) -> BookingLine:
    return BookingLine(
        id=ctx.new_id(),
        hotel_id=q.offers[offer_id].hotel_id,
        offer_id=offer_id,
        at=ctx.now,
        answer_by=ctx.now + ctx.rules.line_answer,
    )
