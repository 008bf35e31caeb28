"""Every test here runs on each database that there is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.services.ports import Database


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/spirit.db"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A started database with its schema and nothing in it."""
    await migrate(database_url)
    database = open_database(database_url)
    await database.start()
    yield database
    await database.close()
