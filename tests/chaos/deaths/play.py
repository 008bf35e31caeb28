"""Kills a worker at boundaries of the stories, and compares what comes of each with what comes of it undisturbed.

Many sagas are under way at once, each of which stands still at a boundary of its own. The worker is killed when all
of them do: for each it is as if the worker had died there.
"""

import asyncio
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import and_, or_, select, text

from backend.adapters.db import tables
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.sqlite import SqliteDatabase
from backend.services.ports import Database
from tests.chaos.deaths.stories import NAMES, Ending, Name, Stories
from tests.support.platform import Running, process
from tests.support.resources import violations
from tests.support.wait import until

Place = tuple[Name, str]
"""A boundary of a story."""

_SETTINGS: Final[Mapping[str, object]] = {
    "workflow_version": "deaths",
    "queue_poll": 0.05,
    "queue_concurrency": "high=1000,normal=1000,low=1,bulk=1",
    "worker_lease": 1.5,
    "workflow_pause": 0.05,
    "workflow_attempts": 3,
    "drain": 2,
    "jwt_secret": "a-secret-of-tests-that-is-long-enough",
}
_PATIENCE: Final = 240.0
_PACE: Final = 0.04
"""Looking costs as much as the workers need meanwhile."""
_VARYING: Final = ("turn#", "plan#", "look#", "print#", "now#", "remind#", "assign:")
_flows = tables.workflows.c
_UNFINISHED: Final = "SELECT count(*) FROM {} WHERE name = 'turn' AND status IN ('PENDING', 'ENQUEUED')"


@dataclass
class Theatre:
    """A database, its stories, and one worker at a time."""

    database: SqlDatabase
    stories: Stories
    folder: Path
    environment: Mapping[str, str]
    kept: ExitStack = field(default_factory=ExitStack)

    def worker(self, holds: Mapping[str, str]) -> Running:
        """The next one, in which workflows stand still at boundaries by their ids."""
        (self.folder / "passed").write_text("")
        (self.folder / "holds").write_text(json.dumps(holds))
        log = self.folder / "worker.log"
        return self.kept.enter_context(process("deaths", "run", environment=self.environment, log=log))

    def passed(self, how: str = "passed") -> list[tuple[str, str]]:
        """What the worker's workflows went through, or are `held` at: workflow and boundary."""
        lines = [line.split("\t") for line in (self.folder / "passed").read_text().splitlines()]
        return [(workflow, boundary) for workflow, boundary, what in lines if what == how]

    async def play_on(self) -> None:
        """Until there is nothing to do for anybody but those who stand still."""
        while True:
            await until(self._at_rest, within=_PATIENCE, what="everything is at rest")
            if not await self.stories.go_on():
                return

    async def unfinished(self) -> int:
        """How many turns the engine has not seen the end of."""
        if isinstance(self.database, SqliteDatabase):
            with closing(sqlite3.connect(self.folder / "workflows.db")) as file:
                return int(file.execute(_UNFINISHED.format("workflow_status")).fetchone()[0])
        rows = await self.database.rows(text(_UNFINISHED.format("dbos.workflow_status")))
        return int(rows[0].count)

    async def in_state(self, state: str) -> set[str]:
        """The workflows in it."""
        return {row.id for row in await self.database.rows(select(_flows.id).where(_flows.state == state))}

    async def _at_rest(self) -> bool:
        await asyncio.sleep(_PACE)
        due = and_(_flows.state == "waiting", _flows.wake_at <= datetime.now(UTC))
        busy = await self.database.rows(select(_flows.id).where(or_(_flows.state == "running", due)))
        return {row.id for row in busy} <= {workflow for workflow, _ in self.passed("held")}


@contextmanager
def theatre(database: Database, urls: tuple[str, str], folder: Path, most: int) -> Iterator[Theatre]:
    """`urls` are the database's and the broker's, `most` how many sagas there will be at once."""
    assert isinstance(database, SqlDatabase)
    named = {**_SETTINGS, "database_url": urls[0], "broker_url": urls[1], "data": folder}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SPIRIT_")}
    settings = {f"SPIRIT_{name.upper()}": str(value) for name, value in named.items()}
    places = {"PASSED": str(folder / "passed"), "HOLDS": str(folder / "holds")}
    one = Theatre(database, Stories(database, most), folder, {**inherited, **settings, **places})
    with one.kept:
        yield one


async def undisturbed(theatre: Theatre) -> tuple[dict[Name, list[str]], dict[Name, Ending]]:
    """Plays each story once: the boundaries in their order, and the ending."""
    sagas = [await theatre.stories.begin(name) for name in NAMES]
    await theatre.stories.set_off(sagas)
    worker = theatre.worker({})
    await theatre.play_on()
    passed = theatre.passed()
    worker.terminate()
    worker.wait(_PATIENCE)
    boundaries = {
        saga.story: [boundary for workflow, boundary in passed if workflow == saga.workflow_id] for saga in sagas
    }
    endings = {saga.story: await theatre.stories.ending(saga) for saga in sagas}
    await theatre.stories.clear()
    return boundaries, endings


def enumerated(boundaries: Mapping[Name, Sequence[str]]) -> list[Place]:
    """Every boundary once: of a story that begins like "kept", those after which it is another."""
    kept = boundaries["kept"]
    unwanted = boundaries["unwanted"]
    after = unwanted.index("ask_hotel:#1 kept")
    return [
        *(("kept", boundary) for boundary in kept),
        *(("called off", boundary) for boundary in boundaries["called off"] if boundary not in kept),
        *(("unwanted", boundary) for boundary in unwanted[after + 1 :]),
        *(("quotation", boundary) for boundary in boundaries["quotation"]),
    ]


async def killed(
    theatre: Theatre, places: Sequence[Place], endings: Mapping[Name, Ending]
) -> tuple[list[str], list[Place]]:
    """Kills the worker at all of these places at once, and has another go on: what does not hold, and where nobody was.

    How often a workflow looks and finds nothing to do, or finds a guide or a vehicle taken by another, is not the same
    in each play.
    """
    sagas = [await theatre.stories.begin(story) for story, _ in places]
    at = {saga.workflow_id: boundary for saga, (_, boundary) in zip(sagas, places, strict=True)}
    await theatre.stories.set_off(sagas)
    worker = theatre.worker(at)
    await theatre.play_on()
    held = dict(theatre.passed("held")).keys()
    missed = [place for saga, place in zip(sagas, places, strict=True) if saga.workflow_id not in held]
    wrong = [f"nobody was at {place}" for place in missed if not place[1].startswith(_VARYING)]
    worker.kill()
    worker.wait(_PATIENCE)
    heir = theatre.worker({})
    await theatre.play_on()
    for saga in sagas:
        ending = await theatre.stories.ending(saga)
        wrong += [
            f"{saga.story} died at {at[saga.workflow_id]}: {what}" for what in _differs(ending, endings[saga.story])
        ]
    wrong += [f"{workflow} is a dead letter" for workflow in await theatre.in_state("dead")]
    wrong += await violations(theatre.database)

    async def nothing_left() -> bool:
        return not await theatre.unfinished()

    await until(nothing_left, within=_PATIENCE, what="no turn is left behind")
    heir.kill()
    heir.wait(_PATIENCE)
    await theatre.stories.clear()
    return wrong, missed


def _differs(ending: Ending, expected: Ending) -> list[str]:
    return [
        f"{name} {getattr(ending, name)}, not {getattr(expected, name)}"
        for name in Ending.__dataclass_fields__
        if getattr(ending, name) != getattr(expected, name)
    ]
