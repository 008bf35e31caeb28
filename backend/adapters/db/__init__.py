"""The database, on SQLite or PostgreSQL. Neither loads what only the other needs."""

from sqlalchemy import make_url

from backend.adapters.db.store import DatabaseSettings
from backend.services.ports import Database

__all__ = ["DatabaseSettings", "open_database"]


def open_database(url: str, settings: DatabaseSettings | None = None) -> Database:
    """The database at an SQLAlchemy URL: `sqlite:///path` or `postgresql://…`. Connects at its `start`.

    Raises:
        ValueError: for any other kind of URL.
    """
    parsed, settings = make_url(url), settings or DatabaseSettings()
    match parsed.get_backend_name():
        case "sqlite":
            from backend.adapters.db.sqlite import SqliteDatabase

            return SqliteDatabase(parsed, settings)
        case "postgresql":
            from backend.adapters.db.postgres import PostgresDatabase

            return PostgresDatabase(parsed, settings)
        case other:
            raise ValueError(f"no such kind of database: {other}")
