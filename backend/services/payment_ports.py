"""What payments need from outside: a gateway, and for the embedded one its books."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from backend.domain.ledger import Posting
from backend.domain.payments import Notice, Outcome
from backend.services.records import Balance, Order, Paid


class Gateway(Protocol):
    """Where money moves. What comes of an order is told later, by a notice to the webhook."""

    name: str

    async def request(self, order: Order) -> str:
        """Opens a payment, under our own id; asked again it is the same one. The gateway's reference.

        Raises:
            Refusal: payment.refused, it never will be.
        """

    async def refund(self, order: Order) -> str:
        """Gives money of the payment `order.of` back, once. The gateway's reference.

        Raises:
            Refusal: payment.refused, it never will be.
        """

    async def paid(self, since: datetime) -> tuple[Paid, ...]:
        """The orders that it knows and that changed since then, the oldest first."""

    def notice(self, body: bytes, signature: str) -> Notice:
        """What the raw body of a webhook says.

        Raises:
            Refusal: auth.invalid, it is not signed by the gateway, or not lately; command.invalid, it says nothing.
        """


class LocalPayments(Protocol):
    """What the embedded gateway keeps: orders by their id, and what became of them."""

    async def put_local_payment(self, paid: Paid) -> Paid:
        """Stores it if it is new; as it is then stored."""

    async def local_payment(self, payment_id: str) -> Paid | None: ...

    async def end_local_payment(self, payment_id: str, state: str, at: datetime) -> None:
        """Sets how an open one ended."""

    async def local_payments(self, since: datetime) -> tuple[Paid, ...]:
        """Those that changed since then, the oldest first."""


@runtime_checkable
class Payable(Protocol):
    """A gateway at which somebody can say how a payment ends: the demo's."""

    async def pay(self, payment_id: str, outcome: Outcome = "received") -> None: ...


class Ledger(Protocol):
    """What was written with the facts."""

    async def ledger(self, booking_id: str) -> tuple[Posting, ...]:
        """A booking's, in the order in which it happened."""

    async def balances(self) -> tuple[Balance, ...]:
        """What each account comes to, by its name."""
