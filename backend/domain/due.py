"""What time alone brings about: a deadline, the reveal, the end of a proposal, a supplier's silence, the end of a trip.

Callers run `due` on the locked document before every command, and when `next_due` comes. `remind` is for the clock
alone: were it done before commands, a hotel's doing could be what makes the others' reminder.
"""

from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from backend.domain.awarding import award
from backend.domain.booking import completed, lapse_lines
from backend.domain.computation.accommodation import net_total
from backend.domain.events import Context, Steps, step
from backend.domain.guiding import lapse_guides
from backend.domain.holding import awaited
from backend.domain.invitations import competing, unselected
from backend.domain.lifecycle import BOOKED, deadline_passed
from backend.domain.payments import deposits_due, lapse_deposit
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Quotation
from backend.domain.ranking import rank
from backend.domain.rfq import expire_unanswered, shut


def due(q: Quotation, ctx: Context) -> Steps:
    """Everything that is due by `ctx.now`, done by the system; nothing if nothing is."""
    rules = _OF_RFQS if q.state == "published" else _OF_BOOKINGS
    steps: Steps = ()
    for rule in rules:
        steps += rule(steps[-1].after if steps else q, ctx)
    return steps


def remind(q: Quotation, ctx: Context) -> Steps:
    """The deadline of the RFQ is near: once for each deadline, whatever the hotels did."""
    if q.state != "published" or q.remind_at is None or q.remind_at > ctx.now:
        return ()
    return (step("quotation.deadline_near", replace(q, remind_at=None), SYSTEM, ctx),)


def next_due(q: Quotation) -> datetime | None:
    """When something will be due next; a time that has passed means now."""
    times = []
    if q.state == "published" or _to_be_revealed(q):
        times.append(q.terms.deadline)
    if q.state == "published":
        times.append(q.remind_at)
    if q.state == "awarded" and q.award:
        times.append(q.award.until)
    if q.state == "confirmed" and q.terms.check_out:
        times.append(_end_of(q.terms.check_out))
    if q.booking and q.state in BOOKED:
        times += [line.answer_by for line in q.booking.live_lines]
        times += [hold.answer_by for hold in awaited(q.booking)]
        times += deposits_due(q.booking) if q.booking.status == "pending" else []
    return min((at for at in times if at), default=None)


def _close(q: Quotation, ctx: Context) -> Steps:
    return shut(q, SYSTEM, ctx) if deadline_passed(q, ctx.now) else ()


def _reveal(q: Quotation, ctx: Context) -> Steps:
    """The invited learn the sorted totals at the deadline, even if the RFQ was closed earlier."""
    if not (_to_be_revealed(q) and deadline_passed(q, ctx.now)):
        return ()
    totals = sorted((net_total(offer.content, q.terms) for offer in competing(q)), key=lambda total: total.amount)
    return (step("quotation.prices_revealed", replace(q, revealed=tuple(totals)), SYSTEM, ctx),)


def _auto_award(q: Quotation, ctx: Context) -> Steps:
    if q.state != "reviewing" or not q.terms.auto_award:
        return ()
    return award(q, next(iter(rank(q))), SYSTEM, ctx)


def _lapse(q: Quotation, ctx: Context) -> Steps:
    if q.state != "awarded" or q.award is None or q.award.until > ctx.now:
        return ()
    after = replace(unselected(q), state="expired", award=None)
    return (step("quotation.expired", after, SYSTEM, ctx, cause="not_accepted", offer_id=q.award.offer_id),)


def _complete(q: Quotation, ctx: Context) -> Steps:
    if q.state != "confirmed" or q.terms.check_out is None or _end_of(q.terms.check_out) > ctx.now:
        return ()
    return completed(q, SYSTEM, ctx)


_OF_RFQS = (_close, _reveal, expire_unanswered, _auto_award)
_OF_BOOKINGS = (_reveal, _lapse, lapse_lines, lapse_guides, lapse_deposit, _complete)


def _to_be_revealed(q: Quotation) -> bool:
    closed = q.state in BOOKED or q.state in ("reviewing", "awarded")
    return closed and q.revealed is None and q.terms.privacy.reveal_prices_after_deadline


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, UTC)
