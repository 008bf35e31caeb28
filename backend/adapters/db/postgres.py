"""PostgreSQL: reads and small writes by SQLAlchemy, commits on the driver connection below it, one pool for both."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from asyncpg import Connection, InterfaceError, InternalClientError
from asyncpg.exceptions import CharacterNotInRepertoireError
from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Executable,
    Integer,
    Interval,
    Row,
    Table,
    Text,
    bindparam,
    event,
    func,
)
from sqlalchemy import Connection as Transaction
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.outbox import by_channel
from backend.adapters.db.partitions import keep_partitions
from backend.adapters.db.postgres_commit import NotBegun, transact
from backend.adapters.db.postgres_sql import OUTBOX_FRAMES
from backend.adapters.db.store import DatabaseSettings, Parameters
from backend.services.ports import Decide
from backend.services.records import OutboxRow, Target
from rooms.positions import Frame

T = TypeVar("T")

_SECONDS = 30
# Every statement here goes by an index: the statistics of a table that was empty must not talk the planner out of it.
# A process that hangs in a transaction loses its row locks.
_SERVER_SETTINGS = {
    "application_name": "spirit",
    "timezone": "UTC",
    "enable_seqscan": "off",
    "jit": "off",
    "idle_in_transaction_session_timeout": f"{_SECONDS}s",
}


class PostgresDialect:
    """How PostgreSQL says it."""

    def insert(self, table: Table) -> Any:
        return insert(table)

    def among(self, column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
        kind = BigInteger if isinstance(column.type, Integer) else Text
        return column == func.any(bindparam(parameter, type_=ARRAY(kind)))

    def many(self, values: Collection[str] | Collection[int]) -> Any:
        return list(values)

    def ago(self, parameter: str) -> ColumnElement[Any]:
        return func.now() - bindparam(parameter, type_=Interval)

    def span(self, length: timedelta) -> Any:
        return length


def postgres_engine(url: URL, connections: int) -> AsyncEngine:
    """An engine without transactions of its own: each statement is one, or is inside one of the driver's."""
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"),
        isolation_level="AUTOCOMMIT",
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_SECONDS,
        connect_args={"timeout": _SECONDS, "command_timeout": _SECONDS, "server_settings": _SERVER_SETTINGS},
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def leave_closed_ones(connection: Any, *_: object) -> None:
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


class PostgresDatabase(SqlDatabase):
    """All ports on one server."""

    def __init__(self, url: URL, settings: DatabaseSettings) -> None:
        self.dialect = PostgresDialect()
        super().__init__(settings)
        self._engine = postgres_engine(url, settings.connections)
        self._committing: set[asyncio.Task[bytes]] = set()

    async def commit(self, target: Target, decide: Decide) -> bytes:
        """A command that was begun is finished, also when nobody waits for it any more."""
        task = asyncio.create_task(self._commit(target, decide))
        self._committing.add(task)
        task.add_done_callback(self._committing.discard)
        # Whoever asked may be gone, and then nobody hears of a refusal.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(task)

    async def rows(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        """No row holds a zero character, so looking for one finds none. Asks again if the connection had ended."""
        try:
            return await self.write(statement, parameters)
        except (DBAPIError, InterfaceError, InternalClientError) as error:
            if _of_zero_character(error):
                return ()
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                raise
            return await self.write(statement, parameters)

    async def write(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        async with self._engine.connect() as connection:
            result = await connection.execute(statement, parameters)
            return result.all() if result.returns_rows else ()

    async def transaction(self, work: Callable[[Transaction], T]) -> T:
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            async with connection.begin():
                return await connection.run_sync(work)

    async def outbox_frames(self, rows: Sequence[OutboxRow]) -> Mapping[str, tuple[Frame, ...]]:
        """Rows that another relay has forgotten meanwhile give none."""
        async with self._driver() as driver:
            found = await driver.fetch(OUTBOX_FRAMES, [row.id for row in rows])
        frames = {
            (channel, epoch, seq): Frame(gen, epoch, seq, name, body.encode())
            for channel, gen, epoch, seq, name, body in found
        }
        return by_channel(rows, frames)

    async def purge_frames(self, now: datetime) -> None:
        """Also makes the partitions that the coming days need."""
        async with self._driver() as driver:
            await keep_partitions(driver, now, self.settings.frames_kept)

    async def disconnect(self) -> None:
        await asyncio.gather(*self._committing, return_exceptions=True)
        await self._engine.dispose()

    async def _commit(self, target: Target, decide: Decide) -> bytes:
        """After a failover the pool is full of connections that have ended: they cost a try each, no command."""
        for _ in range(self.settings.connections):
            with suppress(NotBegun):
                async with self._driver() as driver:
                    return await transact(driver, target, decide)
        async with self._driver() as driver:
            return await transact(driver, target, decide)

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[Connection]:
        async with self._engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            try:
                yield driver
            finally:
                if driver is None or driver.is_closed() or driver.is_in_transaction():
                    await connection.invalidate()


def _of_zero_character(error: Exception) -> bool:
    driver_error = getattr(getattr(error, "orig", None), "__cause__", None)
    return isinstance(driver_error, CharacterNotInRepertoireError)
