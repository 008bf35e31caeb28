"""Payments and the ledger, and the embedded gateway's button."""

from datetime import datetime
from typing import Literal

import msgspec

from backend.api import payment_schemas as schemas
from backend.api.bodies import converted
from backend.api.operations import Call, Operation, Paging
from backend.domain.refusals import Forbidden
from backend.domain.terms import AwareTime
from backend.services import accounts
from backend.services.payment_ports import Payable

_PAYMENT = "bookings/{booking_id}/payments/{payment_id}"


class PayAtLocalGateway(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How it ends."""

    outcome: Literal["received", "failed"] = "received"


class PaymentsSince(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    since: AwareTime


async def _payments(call: Call) -> object:
    return await accounts.payments(call.rest.deps, call.who, call.query.next, call.query.limit)


async def _ledger(call: Call) -> object:
    return await accounts.ledger(call.rest.deps, call.who, call.path("booking_id"))


async def _reconcile(call: Call) -> object:
    since: datetime = call.query.since
    return await accounts.reconcile(call.rest.deps, call.who, since)


async def _pay(call: Call) -> object:
    wanted = converted(call.body, PayAtLocalGateway)
    payment = await accounts.payable(call.rest.deps, call.who, call.path("booking_id"), call.path("payment_id"))
    gateway: object = call.rest.deps.gateways.get("local")
    if not call.rest.demo or not isinstance(gateway, Payable):
        raise Forbidden("command.forbidden", "The demo's gateway is not here.")
    await gateway.pay(payment["id"], wanted.outcome)
    return {}


OPERATIONS = (
    Operation(
        name="list_payments",
        method="GET",
        path="/api/v1/payments",
        summary="The payments of one's bookings",
        tag="payments",
        handler=_payments,
        answer=schemas.PaymentList,
        query=Paging,
    ),
    Operation(
        name="reconcile_payments",
        method="GET",
        path="/api/v1/payments/reconciliation",
        summary="Where the gateways' lists and ours differ, and what each account comes to, for admins",
        tag="payments",
        handler=_reconcile,
        answer=schemas.Reconciliation,
        query=PaymentsSince,
    ),
    Operation(
        name="pay_payment",
        method="POST",
        path=f"/api/v1/{_PAYMENT}/pay",
        summary="Pay at the demo's gateway, as the client",
        tag="payments",
        handler=_pay,
        answer=schemas.Paid,
        body=PayAtLocalGateway,
    ),
    Operation(
        name="get_ledger",
        method="GET",
        path="/api/v1/bookings/{booking_id}/ledger",
        summary="What a booking moved between accounts, for admins",
        tag="payments",
        handler=_ledger,
        answer=schemas.LedgerList,
    ),
)
