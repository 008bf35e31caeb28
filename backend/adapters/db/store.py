"""What the ports are built on: statements run on one of the two databases."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Executable, Row, Table

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]

T = TypeVar("T")

HIGHEST_ID = "~"
"""Sorts after every id: where a list begins that goes from the newest down."""


class DatabaseSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How a database is used. `connections` are those of one process at most, `audit_rows` those that may wait."""

    connections: int = 10
    keys_kept: timedelta = timedelta(hours=48)
    frames_kept: timedelta = timedelta(days=7)
    audit_delay: timedelta = timedelta(milliseconds=200)
    audit_rows: int = 10_000
    inbox_kept: timedelta = timedelta(days=90)
    housekeeping_every: timedelta = timedelta(hours=1)


class Dialect(Protocol):
    """Where the two databases' SQL differs."""

    def insert(self, table: Table) -> Any:
        """An INSERT that knows `on_conflict_do_update` and `on_conflict_do_nothing`."""

    def among(self, column: ColumnElement[Any], parameter: str) -> ColumnElement[bool]:
        """Whether the column is one of the values of a parameter made by `many`."""

    def many(self, values: Collection[str] | Collection[int]) -> Any: ...

    def ago(self, parameter: str) -> ColumnElement[Any]:
        """The time before now, on the clock that frames are stamped by, of a parameter made by `span`."""

    def span(self, length: timedelta) -> Any: ...


def upsert(dialect: Dialect, table: Table, *, but: Collection[str] = (), rising: str | None = None) -> Any:
    """Inserts a row or replaces the one with its key, whose columns `but` these are kept; never one whose column
    `rising` is higher."""
    statement = dialect.insert(table)
    kept = {*but, *table.primary_key.columns.keys()}
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in kept}
    newer = table.c[rising] <= statement.excluded[rising] if rising else None
    return statement.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=others, where=newer)


class Store(ABC):
    """Runs statements. Each call is a transaction of its own, and each statement sees one moment of the database."""

    dialect: Dialect

    @abstractmethod
    async def rows(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        """What a query finds."""

    @abstractmethod
    async def write(self, statement: Executable, parameters: Parameters | None = None) -> Sequence[Row[Any]]:
        """Runs one statement that changes something; what it returns, if anything."""

    @abstractmethod
    async def transaction(self, work: Callable[[Connection], T]) -> T:
        """Runs several statements as one transaction, all or nothing; what `work` returns or raises."""
