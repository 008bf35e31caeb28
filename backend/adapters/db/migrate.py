"""Brings a database's schema up to date: `python -m backend.adapters.db.migrate [URL]`.

Without an argument the URL comes from SPIRIT_DATABASE_URL.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

HEAD = "0012"
"""The newest revision. A test holds it to the scripts, so that looking needs no Alembic."""

# Any number that nobody else uses for an advisory lock: two releases at once take turns.
_LOCK = 5_081_947


async def migrate(url: str) -> None:
    """Does nothing, quickly, where the schema is up to date. Makes SQLite's file and its folder.

    Raises:
        ValueError, SQLAlchemyError, OSError: the URL is of no use, or the database cannot be reached.
    """
    parsed = make_url(url)
    match parsed.get_backend_name():
        case "sqlite":
            await asyncio.to_thread(_migrate_sqlite, parsed)
        case "postgresql":
            await _migrate_postgres(parsed)
        case other:
            raise ValueError(f"no such kind of database: {other}")


def _migrate_sqlite(url: URL) -> None:
    from backend.adapters.db.sqlite import sqlite_engine

    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_engine(url, "BEGIN IMMEDIATE", 1)
    try:
        with engine.begin() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


async def _migrate_postgres(url: URL) -> None:
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    engine = create_async_engine(url.set(drivername="postgresql+asyncpg"), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)
    await engine.dispose()


def _upgrade(connection: Connection) -> None:
    if _revision(connection) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> Any:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(text("SELECT version_num FROM alembic_version"))


def main() -> int:
    """0, or 1 with one line that says what went wrong."""
    url = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SPIRIT_DATABASE_URL", "")
    try:
        asyncio.run(migrate(url))
    except (SQLAlchemyError, OSError, ValueError) as error:
        print(f"cannot migrate: {str(error).splitlines()[0]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
