"""The ledger: written with the facts that it follows from, never changed."""

from sqlalchemy import bindparam, func, select

from backend.adapters.db import tables
from backend.adapters.db.store import Store
from backend.domain.ledger import Posting
from backend.services.records import Balance

_ledger = tables.ledger.c
_OF_BOOKING = (
    select(tables.ledger)
    .where(_ledger.booking_id == bindparam("booking_id"))
    .order_by(_ledger.at, _ledger.entry_id, _ledger.account)
)
_BALANCES = (
    select(_ledger.account, _ledger.currency, func.sum(_ledger.amount).label("amount"))
    .group_by(_ledger.account, _ledger.currency)
    .order_by(_ledger.account, _ledger.currency)
)


class LedgerRows(Store):
    """The port `Ledger`."""

    async def ledger(self, booking_id: str) -> tuple[Posting, ...]:
        return tuple(Posting(**row._asdict()) for row in await self.rows(_OF_BOOKING, {"booking_id": booking_id}))

    async def balances(self) -> tuple[Balance, ...]:
        return tuple(Balance(row.account, row.currency, int(row.amount)) for row in await self.rows(_BALANCES))
