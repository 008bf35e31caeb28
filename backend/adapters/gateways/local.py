"""The embedded gateway: it keeps its own books, and says what came of an order by a signed notice like any other.

A notice is `{id, booking_id, payment_id, outcome, amount, reference, at}`; its signature is `t=seconds,v1=hex`, the
HMAC-SHA256 of `seconds.body`.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from backend.domain.money import Money
from backend.domain.payments import Notice, Outcome
from backend.domain.refusals import Invalid, Refusal
from backend.domain.terms import Id
from backend.services.payment_ports import LocalPayments
from backend.services.records import Order, Paid

NAME: Final = "local"
LATELY: Final = 300
"""Seconds that a signature is good for."""
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)

CallBack = Callable[[str, bytes, str], Awaitable[object]]
"""Given the gateway's name, the raw body and its signature."""


class _Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Id
    booking_id: Id
    payment_id: Id
    outcome: Outcome
    amount: Money
    reference: Id
    at: datetime


def sign(secret: bytes, body: bytes, seconds: int) -> str:
    """The signature of a notice that is sent at that second of the epoch."""
    digest = hmac.new(secret, str(seconds).encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


class LocalGateway:
    """`call_back` is given each notice. Nothing is paid before somebody says so by `pay`; refunds are at once."""

    name = NAME

    def __init__(self, books: LocalPayments, secret: bytes, call_back: CallBack) -> None:
        self._books = books
        self._secret = secret
        self._call_back = call_back

    async def request(self, order: Order) -> str:
        return (await self._put(order)).reference

    async def refund(self, order: Order) -> str:
        origin = await self._books.local_payment(order.of)
        if origin is None or origin.state != "received" or order.amount.amount > origin.amount.amount:
            raise Refusal("payment.refused", "There is no such payment to give back.")
        paid = await self._put(order)
        await self.pay(paid.id)
        return paid.reference

    async def paid(self, since: datetime) -> tuple[Paid, ...]:
        return await self._books.local_payments(since)

    async def pay(self, payment_id: str, outcome: Outcome = "received") -> None:
        """An open order ends so, and the platform is told; of one that has ended it is told once more.

        Raises:
            Refusal: payment.not_found.
        """
        if await self._books.local_payment(payment_id) is None:
            raise Refusal("payment.not_found", "There is no such payment.")
        await self._books.end_local_payment(payment_id, outcome, datetime.now(UTC))
        ended = await self._books.local_payment(payment_id)
        if ended is not None:
            body = msgspec.json.encode(_said(ended))
            await self._call_back(self.name, body, sign(self._secret, body, int(time.time())))

    def notice(self, body: bytes, signature: str) -> Notice:
        self._verify(body, signature)
        try:
            said = msgspec.json.decode(body, type=_Said)
        except msgspec.DecodeError as error:
            raise Invalid(str(error)) from None
        return Notice(
            gateway=self.name,
            external_id=said.id,
            booking_id=said.booking_id,
            payment_id=said.payment_id,
            outcome=said.outcome,
            amount=said.amount,
            reference=said.reference,
            at=said.at,
        )

    def _verify(self, body: bytes, signature: str) -> None:
        found = _SIGNATURE.fullmatch(signature)
        seconds = int(found[1]) if found else 0
        late = timedelta(seconds=abs(time.time() - seconds)) > timedelta(seconds=LATELY)
        if late or not hmac.compare_digest(signature, sign(self._secret, body, seconds)):
            raise Refusal("auth.invalid", "The notice is not signed as it should be.")

    async def _put(self, order: Order) -> Paid:
        reference = "local-" + hashlib.sha256(order.id.encode()).hexdigest()[:24]
        return await self._books.put_local_payment(
            Paid(
                id=order.id,
                booking_id=order.booking_id,
                amount=order.amount,
                of=order.of,
                state="open",
                reference=reference,
                at=datetime.now(UTC),
            )
        )


def _said(paid: Paid) -> _Said:
    outcome: Outcome = "received" if paid.state == "received" else "failed"
    return _Said(
        id=f"{paid.reference}-{outcome}",
        booking_id=paid.booking_id,
        payment_id=paid.id,
        outcome=outcome,
        amount=paid.amount,
        reference=paid.reference,
        at=paid.at,
    )
