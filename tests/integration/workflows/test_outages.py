"""[D2.7] Turns whose end the database cannot be told at once."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.domain.refusals import Refusal
from backend.services.ports import Database
from tests.support.stage import Stage
from tests.support.turns import ME, SETTINGS, AsTheyCome
from workers.workflows.flows import Over, Wait, Work
from workers.workflows.running import Running


class Away:
    """A database that is away the first times that it is told how a turn ended."""

    def __init__(self, database: Database, times: int) -> None:
        self._database = database
        self.left = times

    def __getattr__(self, name: str) -> Any:
        if name not in ("park", "finish", "fail") or not self.left:
            return getattr(self._database, name)
        self.left -= 1
        return self._away

    async def _away(self, *_: object) -> None:
        raise ConnectionError


async def waits(_: Work) -> Wait:
    return Wait()


async def ends(_: Work) -> Over:
    return Over()


async def breaks(_: Work) -> Over:
    raise KeyError


async def says_nothing(_: Work) -> Any:
    return None


async def is_refused(work: Work) -> Over:
    async def refuse() -> None:
        raise Refusal("quotation.wrong_state", "Not today.")

    await work.step("refuse", refuse)
    return Over()


@pytest.mark.parametrize(
    ("flow", "state", "code"),
    [
        (waits, "waiting", ""),
        (ends, "done", ""),
        (breaks, "waiting", "KeyError"),
        (says_nothing, "waiting", "TypeError"),
        (is_refused, "dead", "quotation.wrong_state"),
    ],
)
async def test_the_database_is_told_when_it_is_back(database: Database, flow: Any, state: str, code: str) -> None:
    """Otherwise the workflow would be under way for as long as its worker lives."""
    away: Any = Away(database, 2)
    deps = replace(Stage(database, now=datetime.now(UTC)).deps, db=away)
    await deps.workflows.begin("flow", "one", {})
    (turn,) = await database.take_turns(ME, ("normal",), datetime.now(UTC), 9)
    await Running(deps, {"flow": flow}, SETTINGS).run(turn, AsTheyCome(asyncio.get_running_loop()))
    found = await database.workflow("one")
    assert found is not None
    assert (found.state, found.code, away.left) == (state, code, 0)
