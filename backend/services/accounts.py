"""Payments as people see them, the ledger, and the reconciliation of both with what gateways say."""

from datetime import datetime
from typing import Any

from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden, booking_not_found
from backend.services import reads
from backend.services.deps import Deps
from backend.services.paging import PAGE, Item
from backend.services.records import Paid
from privacy.wire import plain


async def payments(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """The payments of the principal's bookings, those of the newest quotations first."""
    listed = await reads.bookings(deps, principal, cursor, limit)
    items = [
        {**payment, "booking_id": booking["id"], "quotation_id": booking["quotation_id"], "title": booking["title"]}
        for booking in listed["items"]
        for _, payment in sorted(booking.get("payments", {}).items())
    ]
    return {"items": items, "next": listed["next"]}


async def payable(deps: Deps, principal: Principal, booking_id: str, payment_id: str) -> Item:
    """A payment that the principal, a client, has been asked for.

    Raises:
        Refusal: booking.not_found; payment.not_found; command.forbidden, it is not for others to pay.
    """
    booking = await reads.booking(deps, principal, booking_id)
    if principal.role != "client":
        raise Forbidden("command.forbidden", "That is for the client.")
    payment: Item | None = booking.get("payments", {}).get(payment_id)
    if payment is None or payment["kind"] != "deposit":
        raise Forbidden("payment.not_found", "There is no such payment.")
    return payment


async def ledger(deps: Deps, principal: Principal, booking_id: str) -> Item:
    """What a booking moved between accounts, for admins, in the order in which it happened.

    Raises:
        Refusal: booking.not_found, also for everybody else.
    """
    _admins_only(principal)
    rows = await deps.db.ledger(booking_id)
    return {"items": [plain(row) for row in rows], "next": None}


async def reconcile(deps: Deps, principal: Principal, since: datetime) -> Item:
    """Where a gateway's list and ours differ, and what each account comes to.

    A difference is `{gateway, payment_id, theirs, ours}` with how the payment ended; `none` where it is not known.

    Raises:
        Refusal: booking.not_found, for everybody but admins.
    """
    _admins_only(principal)
    differences: list[dict[str, Any]] = []
    for name, gateway in deps.gateways.items():
        for paid in await gateway.paid(since):
            ours = _ours(await deps.db.quotation_of_booking(paid.booking_id), paid)
            if ours != paid.state:
                differences.append({"gateway": name, "payment_id": paid.id, "theirs": paid.state, "ours": ours})
    balances = await deps.db.balances()
    return {"differences": differences, "balances": [plain(balance) for balance in balances]}


def _ours(q: Quotation | None, paid: Paid) -> str:
    """How the payment ended for us, in the words of a gateway."""
    payment = q.booking.payments.get(paid.id) if q and q.booking else None
    if payment is None:
        return "none"
    if payment.amount != paid.amount:
        return f"{payment.state}, another amount"
    return "open" if payment.state in ("requested", "lapsed") else payment.state


def _admins_only(principal: Principal) -> None:
    if principal.role != "admin":
        raise booking_not_found()
