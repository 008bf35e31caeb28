"""The request for quotation: sent out, extended, closed; and calling a quotation off.

An RFQ that was closed is never opened again: whether that is possible would depend on what hotels did, and tell
the others. Callers run `due.due` first, so that a passed deadline has already closed it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec.structs import replace

from backend.domain import booking
from backend.domain.events import Context, Steps, step
from backend.domain.invitations import called_off, closed, competing, invited, unselected
from backend.domain.lifecycle import BEFORE_ACCEPTANCE, BEFORE_CLOSING, BOOKED, takes_offers
from backend.domain.principals import SYSTEM, Actor
from backend.domain.quotation import Extension, Hotel, Quotation
from backend.domain.refusals import require_reason, wrong_state
from backend.domain.term_fields import invalid


def publish(q: Quotation, hotels: Sequence[Hotel], by: Actor, ctx: Context, deadline: datetime | None = None) -> Steps:
    """Sends the RFQ to `hotels`. The deadline is `deadline`, else that of the terms, else the platform's default.

    Where it is near already there is no reminder: the invitation itself says so.

    Raises:
        Refusal: quotation.wrong_state, not a draft or not complete.
        Invalid: a deadline in the past.
    """
    if q.state != "draft":
        raise wrong_state("Only a draft is published.")
    missing = _missing(q, hotels)
    if missing:
        raise wrong_state(f"Cannot be published without {' and '.join(missing)}.")
    until = deadline or q.terms.deadline or ctx.now + ctx.rules.rfq_open
    if until <= ctx.now:
        raise invalid("deadline", "lies in the past")
    remind_at = until - ctx.rules.deadline_reminder
    after = replace(
        invited(q, hotels, ctx.now),
        state="published",
        terms=replace(q.terms, deadline=until),
        remind_at=remind_at if remind_at > ctx.now else None,
    )
    return (step("quotation.published", after, by, ctx, hotel_ids=_ids(hotels), deadline=until.isoformat()),)


def invite(q: Quotation, hotels: Sequence[Hotel], by: Actor, ctx: Context) -> Steps:
    """Invites more hotels; those whose invitation is open already stay as they are."""
    _require_taking_offers(q, ctx)
    new = [hotel for hotel in hotels if not _is_open(q, hotel.id)]
    if not new:
        return ()
    return (step("quotation.invited", invited(q, new, ctx.now), by, ctx, hotel_ids=_ids(new)),)


def uninvite(q: Quotation, hotel_ids: Collection[str], by: Actor, ctx: Context) -> Steps:
    """Takes invitations back, and the offers made on them; hotels without an open one are passed over."""
    _require_taking_offers(q, ctx)
    gone = [hotel_id for hotel_id in q.invitations if hotel_id in hotel_ids and _is_open(q, hotel_id)]
    if not gone:
        return ()
    return (step("quotation.uninvited", called_off(q, gone), by, ctx, hotel_ids=gone),)


def extend(q: Quotation, deadline: datetime, reason: str, by: Actor, ctx: Context) -> Steps:
    """Moves the deadline to a later time, giving a reason, at most `rules.extensions` times.

    There will be a reminder of it, at once where it is near: nobody else tells the hotels' people in person.

    Raises:
        Refusal: quotation.wrong_state, closed or extended too often.
        Invalid: no reason, or not later.
    """
    _require_taking_offers(q, ctx)
    if len(q.extensions) >= ctx.rules.extensions:
        raise wrong_state(f"The deadline is extended at most {ctx.rules.extensions} times.")
    require_reason(reason)
    if q.terms.deadline is None or deadline <= q.terms.deadline:
        raise invalid("deadline", "is not later than before")
    extension = Extension(deadline=deadline, reason=reason, at=ctx.now)
    after = replace(
        q,
        terms=replace(q.terms, deadline=deadline),
        extensions=(*q.extensions, extension),
        remind_at=max(ctx.now, deadline - ctx.rules.deadline_reminder),
    )
    return (step("quotation.extended", after, by, ctx, deadline=deadline.isoformat(), reason=reason),)


def close(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """Ends the RFQ before its deadline; without a live offer the quotation expires.

    Raises:
        Refusal: quotation.wrong_state, no RFQ is out.
    """
    if q.state != "published":
        raise wrong_state("Only a published quotation is closed.")
    steps = shut(q, by, ctx)
    return steps + expire_unanswered(steps[-1].after, ctx)


def shut(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """Ends a published RFQ: no more offers."""
    return (step("quotation.closed", replace(closed(q), state="reviewing"), by, ctx),)


def expire_unanswered(q: Quotation, ctx: Context) -> Steps:
    """A quotation under review without an offer expires. Its hotels had their result on closing."""
    if q.state != "reviewing" or competing(q):
        return ()
    return (step("quotation.expired", replace(q, state="expired"), SYSTEM, ctx, cause="no_offer"),)


def cancel(q: Quotation, reason: str, by: Actor, ctx: Context) -> Steps:
    """Calls an open quotation off, and the booking with it.

    Raises:
        Refusal: quotation.wrong_state, it is over.
        Invalid: no reason.
    """
    if q.state in BOOKED:
        return booking.cancel(q, reason, by, ctx)
    if q.state not in BEFORE_ACCEPTANCE:
        raise wrong_state("Only an open quotation is cancelled.")
    require_reason(reason)
    parted = called_off(q) if q.state in BEFORE_CLOSING else unselected(q)
    after = replace(parted, state="cancelled", award=None, cancel_reason=reason)
    return (step("quotation.cancelled", after, by, ctx, reason=reason),)


def _missing(q: Quotation, hotels: Sequence[Hotel]) -> list[str]:
    rooms = q.terms.rooms
    needed = {
        "dates": q.terms.nights > 0,
        "rooms or people": q.terms.pax > 0 or any((rooms.single, rooms.double, rooms.twin, rooms.triple, rooms.suite)),
        "hotels": bool(hotels),
    }
    return [what for what, there in needed.items() if not there]


def _require_taking_offers(q: Quotation, ctx: Context) -> None:
    if not takes_offers(q, ctx.now):
        raise wrong_state("Only possible while the hotels may offer.")


def _is_open(q: Quotation, hotel_id: str) -> bool:
    return hotel_id in q.invitations and q.invitations[hotel_id].state == "open"


def _ids(hotels: Sequence[Hotel]) -> list[str]:
    return [hotel.id for hotel in hotels]
