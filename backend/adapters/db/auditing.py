"""Audit rows: buffered, so that a refusal or a read costs no round trip, and written in batches."""

import asyncio
from collections import deque
from collections.abc import Iterator

import structlog
from prometheus_client import Counter
from sqlalchemy import ColumnElement, select

from backend.adapters.db import tables
from backend.adapters.db.rows import audit_from, audit_values, findable
from backend.adapters.db.store import HIGHEST_ID, DatabaseSettings, Store
from backend.services.records import AuditFilter, AuditRow

_BATCH = 500
_LOST = Counter("spirit_audit_rows_lost", "Audit rows that found no room while the database was away.")
_audit = tables.audit.c
_log = structlog.get_logger(__name__)


class AuditRows(Store):
    """The port `Audit`. Rows wait at most `settings.audit_delay`; while the database is away, until it is back.

    Of those that find no room the first ones are kept, which tell how it began.
    """

    settings: DatabaseSettings

    def __init__(self) -> None:
        super().__init__()
        self._waiting: deque[AuditRow] = deque()
        self._lost = 0
        self._flushing = asyncio.Lock()
        self._insert = self.dialect.insert(tables.audit).on_conflict_do_nothing()

    def record(self, row: AuditRow) -> None:
        if len(self._waiting) < self.settings.audit_rows:
            self._waiting.append(row)
        else:
            self._lost += 1
            _LOST.inc()

    async def audit(self, wanted: AuditFilter, before: str | None, limit: int) -> tuple[AuditRow, ...]:
        await self.flush_audit()
        statement = (
            select(_audit.doc)
            .where(_audit.id < (before or HIGHEST_ID), *_conditions(wanted))
            .order_by(_audit.id.desc())
            .limit(limit)
        )
        return tuple(audit_from(row.doc) for row in await self.rows(statement))

    async def flush_audit(self) -> None:
        """Writes what waits. A batch leaves the buffer after it is stored; storing one twice changes nothing."""
        async with self._flushing:
            while self._waiting:
                batch = [self._waiting[i] for i in range(min(_BATCH, len(self._waiting)))]
                await self.write(self._insert, [audit_values(row) for row in batch])
                for _ in batch:
                    self._waiting.popleft()
                self._tell_loss()

    def _tell_loss(self) -> None:
        lost, self._lost = self._lost, 0
        if lost:
            _log.error("audit rows were lost while the database was away", lost=lost)

    async def keep_flushing(self) -> None:
        """Runs until cancelled."""
        down = False
        while True:
            await asyncio.sleep(self.settings.audit_delay.total_seconds())
            try:
                await self.flush_audit()
                down = False
            except Exception as error:
                if not down:
                    _log.warning("audit rows wait for the database", error=str(error), waiting=len(self._waiting))
                down = True


def _conditions(wanted: AuditFilter) -> Iterator[ColumnElement[bool]]:
    for name in ("company_id", "subject", "user_id", "action", "outcome"):
        value = getattr(wanted, name)
        if value is not None:
            yield _audit[name] == findable(value)
    if wanted.since is not None:
        yield _audit.at >= wanted.since
    if wanted.until is not None:
        yield _audit.at < wanted.until
