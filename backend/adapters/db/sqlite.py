"""SQLite: one writer thread, readers on threads and connections of their own, and the write-ahead log between them.

`synchronous` is FULL: an acked command survives the power going, not only the process.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, TypeVar, cast

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
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.outbox import FrameKey, by_channel
from backend.adapters.db.sqlite_commit import transact
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

    def many(self, values: Collection[str]) -> Any:
        return json.dumps(list(values))


def sqlite_engine(url: URL, begin: str, connections: int) -> Engine:
    """An engine whose transactions start with `begin`; its connections may be used from any thread, one at a time."""
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
        connection.exec_driver_sql(begin)

    return engine


class SqliteDatabase(SqlDatabase):
    """All ports on one file."""

    def __init__(self, url: URL, settings: DatabaseSettings) -> None:
        self.dialect = SqliteDialect()
        super().__init__(settings)
        self._writer = sqlite_engine(url, "BEGIN IMMEDIATE", 1)
        self._reader = sqlite_engine(url, "BEGIN", _READERS)
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._reading = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")

    async def commit(self, target: Target, decide: Decide) -> bytes:
        return await self._on(self._writing, self._commit, target, decide)

    async def rows(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        return await self._on(self._reading, self._run, self._reader, statement, parameters)

    async def write(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        return await self._on(self._writing, self._run, self._writer, statement, parameters)

    async def outbox_frames(self, rows: Sequence[OutboxRow]) -> Mapping[str, tuple[Frame, ...]]:
        return by_channel(rows, await self._on(self._reading, self._stored, rows))

    async def purge_frames(self, now: datetime) -> None:
        """Deletes what is past retention and relayed."""
        waiting = select(func.min(tables.outbox.c.at)).scalar_subquery()
        old = tables.frames.c.at < now - self.settings.frames_kept
        await self.write(delete(tables.frames).where(old, or_(waiting.is_(None), tables.frames.c.at < waiting)))

    async def disconnect(self) -> None:
        for threads, engine in ((self._reading, self._reader), (self._writing, self._writer)):
            await asyncio.to_thread(threads.shutdown)
            engine.dispose()

    async def _on(self, threads: ThreadPoolExecutor, function: Callable[..., T], *arguments: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(threads, function, *arguments)

    def _commit(self, target: Target, decide: Decide) -> bytes:
        with self._writer.begin() as connection:
            return transact(_driver(connection), target, decide)

    def _run(self, engine: Engine, statement: Executable, parameters: Parameters | None) -> Sequence[Row[Any]]:
        with engine.begin() as connection:
            result = connection.execute(statement, parameters)
            return result.all() if result.returns_rows else ()

    def _stored(self, rows: Sequence[OutboxRow]) -> dict[FrameKey, Frame]:
        found: dict[FrameKey, Frame] = {}
        with self._reader.begin() as connection:
            for part in (part for row in rows for part in row.channels if not part.reset):
                for seq, name, body in _driver(connection).execute(
                    _RANGE, (part.channel, part.epoch, part.first, part.last)
                ):
                    found[part.channel, part.epoch, seq] = Frame(part.gen, part.epoch, seq, name, body.encode())
        return found


_RANGE = "SELECT seq, name, body FROM frames WHERE channel = ? AND epoch = ? AND seq BETWEEN ? AND ?"


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)
