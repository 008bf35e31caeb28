"""Reads of what happened."""

from typing import Any

from sqlalchemy import bindparam, func, select

from backend.adapters.db import tables
from backend.adapters.db.rows import event_from
from backend.adapters.db.store import Store
from backend.services.records import StoredEvent

_events = tables.events.c


def _where(name: str) -> Any:
    return bindparam(name)


_PLACE = (
    select(_events.serial)
    .where(_events.id == _where("after"), _events.quotation_id == _where("quotation_id"))
    .scalar_subquery()
)
_OF_QUOTATION = (
    select(_events.doc)
    .where(_events.quotation_id == _where("quotation_id"), _events.serial > func.coalesce(_PLACE, 0))
    .order_by(_events.serial)
    .limit(_where("limit"))
)
_OF_ALL = select(_events.doc).where(_events.id > _where("after")).order_by(_events.id).limit(_where("limit"))


class HistoryReads(Store):
    """The port `History`."""

    async def history(self, quotation_id: str, after: str | None, limit: int) -> tuple[StoredEvent, ...]:
        asked = {"quotation_id": quotation_id, "after": after or "", "limit": limit}
        return tuple(event_from(row.doc) for row in await self.rows(_OF_QUOTATION, asked))

    async def happened(self, after: str | None, limit: int) -> tuple[StoredEvent, ...]:
        rows = await self.rows(_OF_ALL, {"after": after or "", "limit": limit})
        return tuple(event_from(row.doc) for row in rows)
