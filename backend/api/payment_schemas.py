"""Payments, the ledger and the reconciliation, as REST answers with them."""

from datetime import datetime

from msgspec import UNSET

from backend.api.view_types import Amount, Text, Time, View
from backend.domain.bookings import PaymentKind, PaymentState
from backend.domain.ledger import EntryKind


class Paid(View, frozen=True, kw_only=True):
    """Done; what comes of it is told like any fact."""


class PaymentItem(View, frozen=True, kw_only=True):
    """What the client pays, or gets back of the payment `of`."""

    id: str
    booking_id: str
    quotation_id: str
    title: str
    kind: PaymentKind
    amount: Amount
    state: PaymentState
    at: datetime
    due: Time = UNSET
    of: Text = UNSET
    reason: Text = UNSET
    gateway: Text = UNSET
    reference: Text = UNSET


class PaymentList(View, frozen=True, kw_only=True):
    items: tuple[PaymentItem, ...]
    next: str | None


class PostingView(View, frozen=True, kw_only=True):
    """One account's part of an entry, in minor units; those of an entry come to nothing."""

    entry_id: str
    account: str
    kind: EntryKind
    booking_id: str
    amount: int
    currency: str
    at: datetime


class LedgerList(View, frozen=True, kw_only=True):
    items: tuple[PostingView, ...]
    next: str | None


class Difference(View, frozen=True, kw_only=True):
    """How a payment ended: at the gateway, and here."""

    gateway: str
    payment_id: str
    theirs: str
    ours: str


class BalanceView(View, frozen=True, kw_only=True):
    """In minor units."""

    account: str
    currency: str
    amount: int


class Reconciliation(View, frozen=True, kw_only=True):
    differences: tuple[Difference, ...]
    balances: tuple[BalanceView, ...]
