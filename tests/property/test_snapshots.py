"""[D4] Snapshot before, merged with the patches of the frames, is the snapshot after: every command, every audience."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.services.commands import COMMANDS
from tests.fixtures.postgres import PostgresServer
from tests.property.lives import CALLED_OFF, DECLINED, WHOLE, Act, Covered, Life, acts, beginnings
from tests.support.stage import Stage
from tests.support.worlds import fresh_stage


class Theatre(NamedTuple):
    """One stage for many lives, in a loop of its own, and how many of them it is worth."""

    stage: Stage
    runner: asyncio.Runner
    examples: int

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self.runner.run(work)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def theatre(request: pytest.FixtureRequest) -> Iterator[Theatre]:
    with asyncio.Runner() as runner:
        kept = AsyncExitStack()
        if request.param == "sqlite":
            yield Theatre(runner.run(kept.enter_async_context(fresh_stage())), runner, 25)
        else:
            server: PostgresServer = request.getfixturevalue("postgres_server")
            name = kept.enter_context(server.database())
            yield Theatre(runner.run(_on_postgres(kept, server.url(name))), runner, 5)
        runner.run(kept.aclose())


async def _on_postgres(kept: AsyncExitStack, url: str) -> Stage:
    await migrate(url)
    database = open_database(url)
    await database.start()
    kept.push_async_callback(database.close)
    return await Stage(database).set_up()


def test_patches_lead_from_snapshot_to_snapshot(theatre: Theatre) -> None:
    """[D4] And of every channel's frames there is none missing [P4]."""
    covered = Covered()
    start = theatre.stage.now

    @settings(max_examples=theatre.examples)
    @given(beginning=beginnings, acts=acts)
    @example(beginning=[], acts=WHOLE)
    @example(beginning=[], acts=DECLINED)
    @example(beginning=[], acts=CALLED_OFF)
    def lives(beginning: list[Act], acts: list[Act]) -> None:
        theatre.stage.now = start
        theatre.run(Life(theatre.stage, covered).live([*beginning, *acts]))

    lives()
    assert covered.commands == COMMANDS.keys()
    assert covered.viewers == {"admin", "agency", "hotel", "granted hotel", "client", "new client", "guide"}
