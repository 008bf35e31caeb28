"""The crew of each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.services.ports import Database
from tests.fixtures.redis import RedisServer
from tests.integration.workflows.crew import Crew
from tests.integration.workflows.crew import crew as crew_of


@pytest.fixture
def crew(database: Database, database_url: str, redis_server: RedisServer, tmp_path: Path) -> Iterator[Crew]:
    """Workers on SQLite need a broker like any: in the embedded mode there are none."""
    with crew_of(database, database_url, redis_server.url, tmp_path) as crew:
        yield crew
