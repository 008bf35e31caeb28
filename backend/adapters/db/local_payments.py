"""The books of the embedded gateway."""

from datetime import datetime

from sqlalchemy import bindparam, select, update

from backend.adapters.db import tables
from backend.adapters.db.rows import paid_from, paid_values
from backend.adapters.db.store import Store
from backend.services.records import Paid

_payments = tables.local_payments.c
_ONE = select(_payments.doc, _payments.state, _payments.at).where(_payments.id == bindparam("payment_id"))
_SINCE = (
    select(_payments.doc, _payments.state, _payments.at)
    .where(_payments.at >= bindparam("since"))
    .order_by(_payments.at, _payments.id)
)


class LocalPaymentRows(Store):
    """The port `LocalPayments`."""

    async def put_local_payment(self, paid: Paid) -> Paid:
        await self.write(self.dialect.insert(tables.local_payments).values(paid_values(paid)).on_conflict_do_nothing())
        return await self.local_payment(paid.id) or paid

    async def local_payment(self, payment_id: str) -> Paid | None:
        rows = await self.rows(_ONE, {"payment_id": payment_id})
        return paid_from(rows[0]) if rows else None

    async def end_local_payment(self, payment_id: str, state: str, at: datetime) -> None:
        ended = update(tables.local_payments).where(_payments.id == payment_id, _payments.state == "open")
        await self.write(ended.values(state=state, at=at))

    async def local_payments(self, since: datetime) -> tuple[Paid, ...]:
        return tuple(paid_from(row) for row in await self.rows(_SINCE, {"since": since}))
