"""What has to hold of bookings when everything is calm again: none stands still, and what was done is there once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from backend.adapters.db import open_database
from backend.domain import saga
from backend.domain.ledger import Posting
from backend.domain.quotation import Quotation
from backend.services.ports import Database

_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Beside:
    """What is stored of a booking beside its document: its workflow's state, the ids of its claims, its lines of the
    ledger, and the gateway's orders with their states."""

    workflow: str
    claims: frozenset[str]
    postings: Sequence[Posting]
    orders: Mapping[str, str]


async def checked(database_url: str, quotations: Sequence[str]) -> list[str]:
    """What does not hold of the bookings of these quotations [D2.7] [D5]."""
    database = open_database(database_url.replace("postgresql://", "postgresql+asyncpg://"))
    await database.start()
    try:
        found: list[str] = []
        for id_ in quotations:
            q = await database.quotation(id_)
            if q is not None and q.booking is not None:
                found += wrong(q, await _beside(database, q.booking.id), datetime.now(UTC))
        return found
    finally:
        await database.close()


async def _beside(database: Database, booking_id: str) -> Beside:
    workflow = await database.workflow(f"booking:{booking_id}")
    orders = await database.local_payments(_LONG_AGO)
    return Beside(
        workflow=workflow.state if workflow else "",
        claims=frozenset(claim.id for claim in await database.claims_of(booking_id)),
        postings=await database.ledger(booking_id),
        orders={order.id: order.state for order in orders if order.booking_id == booking_id},
    )


def wrong(q: Quotation, beside: Beside, now: datetime) -> Iterator[str]:
    """What does not hold of its booking: it is as far as it can get without people, or wholly undone."""
    booking = q.booking
    assert booking is not None
    plan = saga.plan(q, now)
    if plan.actions:
        yield f"booking {booking.id} stands still before {[action.id for action in plan.actions]}"
    if booking.status == "cancelled" and not plan.over:
        yield f"booking {booking.id} is not wholly undone: {booking.steps}"
    if beside.workflow != ("done" if plan.over else "waiting"):
        yield f"the workflow of booking {booking.id} is {beside.workflow or 'not there'}"
    if beside.claims != {hold.id for hold in booking.holds.values() if hold.state == "held"}:
        yield f"booking {booking.id} has the claims {sorted(beside.claims)}, and holds {booking.holds}"
    ordered = {payment.id for payment in booking.payments.values() if payment.reference}
    if beside.orders.keys() != ordered:
        yield f"the gateway has {beside.orders} of booking {booking.id}, which has {booking.payments}"
    yield from _unbalanced(booking.id, beside.postings)


def _unbalanced(booking_id: str, postings: Sequence[Posting]) -> Iterator[str]:
    sums: Counter[str] = Counter()
    for posting in postings:
        sums[posting.entry_id] += posting.amount
    yield from (f"entry {entry} of booking {booking_id} is {sum_} off" for entry, sum_ in sums.items() if sum_)
