"""The payments of a booking: asked for, received or not, given back. The money itself moves at a gateway.

A gateway tells what happened late, twice or in any order. What is told of a payment that has come to its end already
changes nothing.
"""

from datetime import UTC, datetime, time, timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from backend.domain.booked import booking_of, part, selling_total
from backend.domain.bookings import Booking, Payment, PaymentKind, StepState
from backend.domain.events import Context, EventName, Steps, step
from backend.domain.money import Money, money
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden
from backend.domain.stepping import with_step

Outcome = Literal["received", "failed"]

_OPEN: Final = frozenset({"requested", "failed", "lapsed"})
_SAID: Final[dict[PaymentKind, EventName]] = {"deposit": "payment.received", "refund": "payment.refunded"}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway says of one payment. `external_id` is the notice's own."""

    gateway: str
    external_id: str
    booking_id: str
    payment_id: str
    outcome: Outcome
    amount: Money
    reference: str
    at: datetime
    reason: str = ""


class Owed(msgspec.Struct, frozen=True):
    """What the client gets back, of the payment `of`."""

    of: str
    amount: Money


def deposit_amount(q: Quotation) -> Money:
    """What the terms ask for: an amount, or a share of the selling total."""
    deposit = q.terms.deposit
    if deposit.amount is not None:
        return deposit.amount
    total = selling_total(q)
    return part(deposit.percent, total) if deposit.percent is not None else money(total.amount * 0, total.currency)


def intended(q: Quotation, kind: PaymentKind, gateway: str, ctx: Context) -> Steps:
    """A payment that the gateway is about to be asked for: it is known here before it is there.

    A deposit is awaited until the day of the terms, if that is still to come.
    """
    booking = booking_of(q)
    owed = refund_owed(q) if kind == "refund" else Owed("", deposit_amount(q))
    if owed is None or open_order(booking, kind):
        return ()
    payment = Payment(
        id=ctx.new_id(),
        kind=kind,
        amount=owed.amount,
        state="requested",
        at=ctx.now,
        gateway=gateway,
        reference="",
        due=_due(q, ctx) if kind == "deposit" else None,
        of=owed.of,
    )
    after = with_payment(booking, payment)
    if kind == "deposit":
        after = with_step(after, "deposit", "running", ctx)
    name: EventName = "payment.requested" if kind == "deposit" else "booking.step_changed"
    data = {"booking_id": booking.id, "payment_id": payment.id}
    return (step(name, replace(q, booking=after), SYSTEM, ctx, **data),)


def open_order(booking: Booking, kind: PaymentKind) -> Payment | None:
    """A payment of which it is not known that the gateway was asked for it."""
    open_ones = (one for one in booking.payments.values() if one.kind == kind and one.state == "requested")
    return next((one for one in open_ones if not one.reference), None)


def ordered(q: Quotation, payment: Payment, reference: str, ctx: Context) -> Steps:
    """The gateway knows of the payment, under its own `reference`."""
    booking = booking_of(q)
    known = with_payment(booking, replace(booking.payments[payment.id], reference=reference))
    data = {"booking_id": booking.id, "payment_id": payment.id}
    return (step("booking.step_changed", replace(q, booking=known), SYSTEM, ctx, **data),)


def not_refunded(q: Quotation, of: str, reason: str, ctx: Context) -> Steps:
    """The gateway will never give this money back: somebody has to."""
    booking = with_step(booking_of(q), "deposit", "failed", ctx)
    order = open_order(booking, "refund") or replace(
        booking.payments[of], id=ctx.new_id(), kind="refund", of=of, due=None, reference=""
    )
    failed = replace(order, state="failed", reason=reason, at=ctx.now)
    data = {"booking_id": booking.id, "payment_id": failed.id}
    return (step("payment.failed", replace(q, booking=with_payment(booking, failed)), SYSTEM, ctx, **data),)


def refund_owed(q: Quotation) -> Owed | None:
    """What of a called-off booking's deposit is still to be given back: all but the client's penalty."""
    booking = q.booking
    if booking is None or booking.status != "cancelled":
        return None
    returned = {payment.of for payment in booking.payments.values()}
    for payment in booking.payments.values():
        if payment.kind == "deposit" and payment.state == "received" and payment.id not in returned:
            amount = payment.amount.amount - client_penalty(q).amount
            return Owed(payment.id, money(amount, payment.amount.currency)) if amount > 0 else None
    return None


def client_penalty(q: Quotation) -> Money:
    """What calling off costs the client."""
    booking, total = booking_of(q), selling_total(q)
    return part(booking.penalty_percent, total) if booking.penalty_percent else money(total.amount * 0, total.currency)


def waiting_for(booking: Booking, kind: PaymentKind) -> bool:
    """Whether the gateway has yet to say how a payment of that kind ended."""
    return any(payment.kind == kind and payment.state == "requested" for payment in booking.payments.values())


def told(q: Quotation, notice: Notice, ctx: Context) -> Steps:
    """Applies what a gateway says; nothing if it is old news.

    Raises:
        Refusal: payment.not_found, nothing of the kind was asked for; payment.refused, it is about another amount.
    """
    booking = q.booking
    payment = booking.payments.get(notice.payment_id) if booking else None
    if booking is None or payment is None:
        raise payment_not_found()
    if notice.amount != payment.amount:
        raise Forbidden("payment.refused", "The amount is not what was asked for.")
    if payment.state not in _OPEN or payment.state == notice.outcome:
        return ()
    heard = replace(payment, state=notice.outcome, at=ctx.now, reason=notice.reason)
    after = with_payment(booking, heard)
    name: EventName = _SAID[payment.kind] if notice.outcome == "received" else "payment.failed"
    data = {"booking_id": booking.id, "payment_id": payment.id}
    if state := _moves(after, heard):
        after = with_step(after, "deposit", state, ctx)
    paid = after.steps["deposit"].state == "done" and q.state == "accepted"
    return (step(name, replace(q, booking=after, state="deposit_paid" if paid else q.state), SYSTEM, ctx, **data),)


def lapse_deposit(q: Quotation, ctx: Context) -> Steps:
    """The deposit did not come in time."""
    booking = q.booking
    if booking is None or booking.status != "pending":
        return ()
    late = [one for one in booking.payments.values() if _unpaid(one) and one.due and one.due <= ctx.now]
    steps: Steps = ()
    for payment in late:
        after = with_payment(booking, replace(payment, state="lapsed", at=ctx.now))
        after = with_step(after, "deposit", "failed", ctx)
        data = {"booking_id": booking.id, "payment_id": payment.id}
        steps += (step("payment.failed", replace(q, booking=after), SYSTEM, ctx, **data),)
    return steps


def deposits_due(booking: Booking) -> list[datetime]:
    """Until when the client may pay."""
    return [payment.due for payment in booking.payments.values() if _unpaid(payment) and payment.due]


def with_payment(booking: Booking, payment: Payment) -> Booking:
    return replace(booking, payments={**booking.payments, payment.id: payment})


def payment_not_found() -> Forbidden:
    return Forbidden("payment.not_found", "There is no such payment.")


def _moves(booking: Booking, payment: Payment) -> StepState | None:
    """What the deposit's step becomes by a payment's end; None where it stays as it is.

    A client may try again after a failure. Money that comes too late leaves the step failed, and is given back.
    """
    if payment.kind == "refund":
        return "undone" if payment.state == "received" else "failed"
    return "done" if payment.state == "received" and booking.steps["deposit"].state == "running" else None


def _unpaid(payment: Payment) -> bool:
    return payment.kind == "deposit" and payment.state in ("requested", "failed")


def _due(q: Quotation, ctx: Context) -> datetime:
    day = q.terms.deposit.due
    if day is not None:
        end = datetime.combine(day + timedelta(days=1), time.min, UTC)
        if end > ctx.now:
            return end
    return ctx.now + ctx.rules.payment_open
