"""SQLite: one writer thread, readers on threads and connections of their own, and the write-ahead log between them.

`synchronous` is FULL: an acked command survives the power going, not only the process. What comes in while the disk
is waited for shares the next wait.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Row,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.sqlite import insert

from backend.adapters.db import tables
from backend.adapters.db.columns import Utc
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.outbox import FrameKey, by_channel
from backend.adapters.db.sqlite_commit import transact
from backend.adapters.db.sqlite_writer import Writer, driver_of
from backend.adapters.db.store import DatabaseSettings, Parameters
from backend.services.ports import Decide
from backend.services.records import OutboxRow, Target
from rooms.positions import Frame

T = TypeVar("T")

_BUSY_SECONDS = 30
_READERS = 4
_PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY")


class SqliteDialect:
    """How SQLite says it."""

    def insert(self, table: Table) -> Any:
        return insert(table)

    def among(self, column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
        return column.in_(select(func.json_each(bindparam(parameter)).table_valued("value").c.value))

    def many(self, values: Collection[str] | Collection[int]) -> Any:
        return json.dumps(list(values))

    def ago(self, parameter: str) -> ColumnElement[Any]:
        return bindparam(parameter, type_=Utc)

    def span(self, length: timedelta) -> Any:
        return datetime.now(UTC) - length


def sqlite_engine(url: URL, begin: str | None, connections: int) -> Engine:
    """An engine whose transactions start with `begin`, or are left to its user; any thread may use its connections."""
    url = url.set(drivername="sqlite")
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def open_transaction(connection: Connection) -> None:
        if begin:
            connection.exec_driver_sql(begin)

    return engine


class SqliteDatabase(SqlDatabase):
    """All ports on one file."""

    def __init__(self, url: URL, settings: DatabaseSettings) -> None:
        self.dialect = SqliteDialect()
        super().__init__(settings)
        self._writer = Writer(sqlite_engine(url, None, 1))
        self._reader = sqlite_engine(url, "BEGIN", _READERS)
        self._reading = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")

    async def start(self) -> None:
        await asyncio.to_thread(self._writer.start)
        await super().start()

    async def commit(self, target: Target, decide: Decide) -> bytes:
        return await self._writer.run(lambda connection: transact(driver_of(connection), target, decide))

    async def rows(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        return await self._read(lambda connection: _run(connection, statement, parameters))

    async def write(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        return await self._writer.run(lambda connection: _run(connection, statement, parameters))

    async def transaction(self, work: Callable[[Connection], T]) -> T:
        return await self._writer.run(work)

    async def outbox_frames(self, rows: Sequence[OutboxRow]) -> Mapping[str, tuple[Frame, ...]]:
        return by_channel(rows, await self._read(lambda connection: _stored(connection, rows)))

    async def purge_frames(self, now: datetime) -> None:
        """Deletes what is past retention and relayed."""
        waiting = select(func.min(tables.outbox.c.at)).scalar_subquery()
        old = tables.frames.c.at < now - self.settings.frames_kept
        await self.write(delete(tables.frames).where(old, or_(waiting.is_(None), tables.frames.c.at < waiting)))

    async def disconnect(self) -> None:
        await asyncio.to_thread(self._reading.shutdown)
        self._reader.dispose()
        await asyncio.to_thread(self._writer.close)

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reading, self._look, work)

    def _look(self, work: Callable[[Connection], T]) -> T:
        with self._reader.begin() as connection:
            return work(connection)


def _run(connection: Connection, statement: Executable, parameters: Parameters | None) -> Sequence[Row[Any]]:
    result = connection.execute(statement, parameters)
    return result.all() if result.returns_rows else ()


_RANGE = "SELECT seq, name, body FROM frames WHERE channel = ? AND epoch = ? AND seq BETWEEN ? AND ?"


def _stored(connection: Connection, rows: Sequence[OutboxRow]) -> dict[FrameKey, Frame]:
    driver = driver_of(connection)
    found: dict[FrameKey, Frame] = {}
    for part in (part for row in rows for part in row.channels if not part.reset):
        for seq, name, body in driver.execute(_RANGE, (part.channel, part.epoch, part.first, part.last)):
            found[part.channel, part.epoch, seq] = Frame(part.gen, part.epoch, seq, name, body.encode())
    return found
