"""Workers that are killed at the boundaries of steps and turns, in a real process with the real engine.

The suite takes a share of the boundaries, `make deaths` all of them.
"""

from pathlib import Path
from typing import Final

import pytest

from backend.services.ports import Database
from tests.chaos.deaths.play import enumerated, killed, theatre, undisturbed
from tests.fixtures.redis import RedisServer

EVERY: Final = 31
"""No divisor of the number of moments that a step or a turn has."""


@pytest.mark.timeout(420)  # many processes start and die
async def test_a_worker_may_die_anywhere(
    database: Database, database_url: str, redis_server: RedisServer, tmp_path: Path
) -> None:
    """[D2.7] [D5] Every saga ends as if nobody had died: confirmed, or all of it undone; each effect is there once."""
    with theatre(database, (database_url, redis_server.url), tmp_path, most=16) as stage:
        await stage.stories.set_up()
        boundaries, endings = await undisturbed(stage)
        places = enumerated(boundaries)[::EVERY]
        assert {story for story, _ in places} == set(endings)
        wrong, missed = await killed(stage, places, endings)
        assert wrong == []
        assert len(missed) < len(places) / 2
