"""The REST application on each database that there is."""

from functools import partial

import pytest

from backend.services.ports import Database
from tests.integration.api.house import Build, House, build_house, furnish


@pytest.fixture
async def build(database: Database) -> Build:
    """Makes a house with settings of the test's own."""
    return partial(build_house, database, await furnish(database))


@pytest.fixture
def house(build: Build) -> House:
    return build()
