"""What guides with a login say to their assignments; who says nothing in time does not come."""

from msgspec.structs import replace

from backend.domain.booking import RUNNING, running
from backend.domain.bookings import GuideAnswer, Hold
from backend.domain.events import Context, Steps, step
from backend.domain.holding import awaited, step_done, with_hold
from backend.domain.principals import SYSTEM, Actor
from backend.domain.quotation import Quotation
from backend.domain.refusals import booking_not_found, wrong_state


def confirm(q: Quotation, assignment_id: str, by: Actor, ctx: Context) -> Steps:
    """The acting guide comes.

    Raises:
        Refusal: booking.not_found, no such assignment of this guide; quotation.wrong_state, answered already or too
            late.
    """
    hold = _own_awaited(q, assignment_id, by)
    booking = with_hold(running(q), replace(hold, answer="confirmed", answer_by=None, at=ctx.now))
    booking = step_done(q, booking, "guide", ctx)
    data = {"booking_id": booking.id, "assignment_id": hold.id}
    return (step("guide.confirmed", replace(q, booking=booking), by, ctx, **data),)


def decline(q: Quotation, assignment_id: str, reason: str, by: Actor, ctx: Context) -> Steps:
    """The acting guide does not come; the next-best is asked.

    Raises:
        Refusal: booking.not_found, no such assignment of this guide; quotation.wrong_state, answered already or too
            late.
    """
    hold = _own_awaited(q, assignment_id, by)
    after = _lost(q, hold, "declined", reason, ctx)
    data = {"booking_id": running(q).id, "assignment_id": hold.id, "reason": reason}
    return (step("guide.declined", after, by, ctx, **data),)


def lapse_guides(q: Quotation, ctx: Context) -> Steps:
    """Guides who did not answer in time do not come."""
    if q.booking is None or q.booking.status not in RUNNING:
        return ()
    steps: Steps = ()
    for hold in awaited(q.booking):
        if hold.answer_by is not None and hold.answer_by <= ctx.now:
            after = _lost(steps[-1].after if steps else q, hold, "lapsed", "", ctx)
            data = {"booking_id": q.booking.id, "step": "guides", "state": "lapsed"}
            steps += (step("booking.step_changed", after, SYSTEM, ctx, **data),)
    return steps


def _lost(q: Quotation, hold: Hold, answer: GuideAnswer, reason: str, ctx: Context) -> Quotation:
    lost = replace(hold, answer=answer, answer_by=None, reason=reason, at=ctx.now)
    return replace(q, booking=with_hold(running(q), lost))


def _own_awaited(q: Quotation, assignment_id: str, by: Actor) -> Hold:
    hold = q.booking.holds.get(assignment_id) if q.booking else None
    if hold is None or hold.answer is None or by.kind != "guide" or hold.user_id != by.id:
        raise booking_not_found()
    if hold.answer != "awaited":
        raise wrong_state("This was answered already, or it is over.")
    running(q)
    return hold
