"""The ledger: double entry, in minor units. What an entry takes from some accounts it gives to others, to the cent.

A positive amount is what an account owes or holds, a negative one what is owed to it:

    deposit, refund   the gateway holds the client's money, or gave it back
    sale              the client owes the price; the hotel is owed its net rate less commission, each guide and
                      vehicle what the tariff gives for it, the platform commission, margin and what the programme
                      costs besides, the agency the rest
    reversal          a sale that is no more
    penalty           what calling off costs the client, shared like a price; without the client's fault the platform
                      pays the hotel
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from backend.domain.booked import agency_total, net_total, part, selling_total
from backend.domain.bookings import Booking, BookingLine, Hold
from backend.domain.computation.computed import running_of
from backend.domain.computation.lines import Line
from backend.domain.events import Step
from backend.domain.money import Money, minor_digits, money
from backend.domain.payments import client_penalty
from backend.domain.quotation import Quotation

EntryKind = Literal["deposit", "refund", "sale", "reversal", "penalty"]
Amounts = dict[str, Decimal]


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One account's part of an entry; `amount` is in minor units of `currency`."""

    entry_id: str
    account: str
    kind: EntryKind
    booking_id: str
    amount: int
    currency: str
    at: datetime


class _Share(NamedTuple):
    """What a line comes to at each link of the price chain, and the hotel's commission on it."""

    hotel_id: str
    net: Decimal
    commission: Decimal
    agency: Decimal


def postings(before: Quotation | None, step: Step) -> tuple[Posting, ...]:
    """What a step means in money, nothing for most.

    Raises:
        ValueError: an entry does not balance.
    """
    booking = step.after.booking
    if booking is None:
        return ()
    return tuple(
        posting
        for kind, amounts in _entries(before, step, booking)
        for posting in _posted(step, booking, kind, amounts)
    )


def _entries(before: Quotation | None, step: Step, booking: Booking) -> Iterator[tuple[EntryKind, Amounts]]:
    q = step.after
    match step.event.name:
        case "payment.received" | "payment.refunded":
            payment = booking.payments[step.event.data["payment_id"]]
            amount = payment.amount.amount if payment.kind == "deposit" else -payment.amount.amount
            kind: EntryKind = "deposit" if payment.kind == "deposit" else "refund"
            yield kind, {f"gateway:{payment.gateway}": amount, _client(q): -amount}
        case "booking.confirmed":
            yield "sale", _sale(q, booking)
        case "booking.cancelled":
            if before and before.booking and before.booking.status == "confirmed":
                yield "reversal", {account: -amount for account, amount in _sale(before, before.booking).items()}
            yield "penalty", _penalty(q, booking)


def _sale(q: Quotation, booking: Booking) -> Amounts:
    shares = [_share(q, line, Decimal(100)) for line in booking.live_lines]
    sale = _shared(q, selling_total(q).amount, shares)
    return _paid_by(f"agency:{q.company.id}", sale, _running(q, booking))


def _paid_by(account: str, entry: Amounts, owed: Amounts) -> Amounts:
    """The entry with what is `owed` to others taken from that account's part of it."""
    paid = dict(entry)
    for other, amount in owed.items():
        paid[other] = paid.get(other, Decimal(0)) - amount
        paid[account] = paid.get(account, Decimal(0)) + amount
    return paid


def _running(q: Quotation, booking: Booking) -> Amounts:
    """What the agency pays for the programme, by who is owed it: the contingency and what no guide or vehicle of the
    catalogue does are the platform's to pay on."""
    costs = running_of(q)
    if costs is None:
        return {}
    owed: Amounts = {}
    for need, holds in _by_need(booking).items():
        total = sum((line.amount.amount for line in costs.costs if _is_of(line, need)), Decimal(0))
        each = money(total / len(holds), q.terms.currency).amount
        for hold in holds:
            account = f"{hold.kind}:{hold.resource_id}"
            owed[account] = owed.get(account, Decimal(0)) + each
    margin = sum((line.amount.amount for line in costs.costs if line.id == "margin"), Decimal(0))
    owed["platform:margin"] = money(margin, q.terms.currency).amount
    owed["platform:costs"] = costs.total.amount - sum(owed.values(), Decimal(0))
    return owed


def _by_need(booking: Booking) -> dict[str, list[Hold]]:
    """Who comes for each need of the programme: one guide, or as many vehicles as it takes."""
    found: dict[str, list[Hold]] = {}
    for hold in booking.holds.values():
        if hold.state == "held" and hold.kind != "allotment":
            found.setdefault(hold.need, []).append(hold)
    return found


def _is_of(line: Line, need: str) -> bool:
    """Whether a cost is one of a guide's or a leg's; the beds are hotels'."""
    return line.kind != "staff_lodging" and line.id.startswith(f"{need.replace('leg-', 'transport-')}-")


def _penalty(q: Quotation, booking: Booking) -> Amounts:
    shares = [_share(q, line, line.penalty_percent) for line in booking.lines.values() if line.penalty_percent]
    owed = client_penalty(q).amount
    if owed:
        return _shared(q, owed, shares)
    lost = {f"hotel:{share.hotel_id}": -share.net for share in shares}
    return {**lost, "platform:losses": -sum(lost.values(), Decimal(0))}


def _shared(q: Quotation, total: Decimal, shares: list[_Share]) -> Amounts:
    """Who gets what of what the client owes; the agency has what is left."""
    amounts: Amounts = {}

    def owe(account: str, amount: Decimal) -> None:
        amounts[account] = amounts.get(account, Decimal(0)) - amount

    for share in shares:
        owe(f"hotel:{share.hotel_id}", share.net - share.commission)
        owe("platform:commission", share.commission)
        owe("platform:margin", share.agency - share.net)
    owe(f"agency:{q.company.id}", total - sum((share.agency for share in shares), Decimal(0)))
    return {_client(q): total, **amounts}


def _share(q: Quotation, line: BookingLine, percent: Decimal) -> _Share:
    offer = q.offers[line.offer_id]
    net = part(percent, net_total(q, offer))
    commission = part(offer.content.commission_percent, net)
    return _Share(line.hotel_id, net.amount, commission.amount, part(percent, agency_total(q, offer)).amount)


def _posted(step: Step, booking: Booking, kind: EntryKind, amounts: Amounts) -> tuple[Posting, ...]:
    currency = step.after.terms.currency
    if sum(amounts.values(), Decimal(0)):
        raise ValueError(f"a {kind} that does not balance")
    return tuple(
        Posting(
            entry_id=f"{step.event.id}-{kind}",
            account=account,
            kind=kind,
            booking_id=booking.id,
            amount=minor(Money(abs(amount), currency)) * (1 if amount > 0 else -1),
            currency=currency,
            at=step.event.at,
        )
        for account, amount in amounts.items()
        if amount
    )


def minor(amount: Money) -> int:
    """In minor units."""
    return int(amount.amount.scaleb(minor_digits(amount.currency)))


def _client(q: Quotation) -> str:
    return f"client:{q.terms.client_id or ''}"
