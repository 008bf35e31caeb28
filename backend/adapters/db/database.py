"""What both databases are: all ports over one store, with the audit buffer and the housekeeping running beside."""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import delete, select

from backend.adapters.db import tables
from backend.adapters.db.auditing import AuditRows
from backend.adapters.db.catalogue import CatalogueRows
from backend.adapters.db.directory import DirectoryRows
from backend.adapters.db.figures import FigureRows
from backend.adapters.db.history import HistoryReads
from backend.adapters.db.ledger import LedgerRows
from backend.adapters.db.local_payments import LocalPaymentRows
from backend.adapters.db.outbox import OutboxReads
from backend.adapters.db.personal import InboxRows, TokenRows
from backend.adapters.db.resources import ResourceRows
from backend.adapters.db.snapshots import SnapshotReads
from backend.adapters.db.store import DatabaseSettings
from backend.adapters.db.workflows import WorkflowRows
from backend.services.ports import Decide
from backend.services.records import OutboxRow, Target
from rooms.positions import Frame

FORGOTTEN: Final = timedelta(days=365)
"""How long the number of an inbox's dropped items waits for its person, who may never come back."""
_log = structlog.get_logger(__name__)


class SqlDatabase(
    SnapshotReads,
    OutboxReads,
    InboxRows,
    DirectoryRows,
    TokenRows,
    AuditRows,
    ResourceRows,
    CatalogueRows,
    WorkflowRows,
    LocalPaymentRows,
    HistoryReads,
    LedgerRows,
    FigureRows,
):
    """The port `Database`, but for what a database says in its own way."""

    def __init__(self, settings: DatabaseSettings) -> None:
        self.settings = settings
        self._beside: list[asyncio.Task[None]] = []
        super().__init__()

    @abstractmethod
    async def commit(self, target: Target, decide: Decide) -> bytes:
        """See the port `Facts`."""

    @abstractmethod
    async def outbox_frames(self, rows: Sequence[OutboxRow]) -> Mapping[str, tuple[Frame, ...]]:
        """See the port `Outbox`."""

    @abstractmethod
    async def purge_frames(self, now: datetime) -> None:
        """Drops frames past retention, never one that still waits to be relayed."""

    @abstractmethod
    async def disconnect(self) -> None:
        """Lets go of all connections."""

    async def start(self) -> None:
        """Needs the schema to be there already (see `migrate`)."""
        await self.purge(datetime.now(UTC))
        self._beside = [asyncio.create_task(self.keep_flushing()), asyncio.create_task(self._keep_house())]

    async def close(self) -> None:
        for task in self._beside:
            task.cancel()
        for task in self._beside:
            with suppress(asyncio.CancelledError):
                await task
        await self.flush_audit()
        await self.disconnect()

    async def purge(self, now: datetime) -> None:
        """Forgets what nobody may ask for any more: old idempotency keys, refresh tokens, notifications and
        frames."""
        keys, tokens = tables.idempotency_keys, tables.refresh_tokens
        await self.write(delete(keys).where(keys.c.at < now - self.settings.keys_kept))
        alive = tokens.alias("alive")
        family_lives = select(alive.c.family).where(alive.c.family == tokens.c.family, alive.c.expires_at > now)
        await self.write(delete(tokens).where(tokens.c.expires_at <= now, ~family_lives.exists()))
        await self.drop_notifications(now - self.settings.inbox_kept, now - self.settings.inbox_kept - FORGOTTEN)
        await self.purge_frames(now)

    async def _keep_house(self) -> None:
        while True:
            await asyncio.sleep(self.settings.housekeeping_every.total_seconds())
            try:
                await self.purge(datetime.now(UTC))
            except Exception as error:
                _log.warning("housekeeping failed, will try again", error=str(error))
