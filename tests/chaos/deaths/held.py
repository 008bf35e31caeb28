"""A worker that stands still where it is told to, so that it can be killed there.

A *boundary* is a moment of a step or of a turn of a workflow. Of a step (`ask_hotel:#1 begun`): `begun`, before its
effect; `wrote#1`, after the first thing of it that was stored, and so on; `done`, after all of it, but before the
engine has kept that it is done; `kept`. Of a turn (`turn#2 taken`): `taken` from the table, but known to nobody else;
`started`; `ending`, before the table knows how it ended; `ended`, before the engine does. Steps and turns are numbered
in their order, and named without the ids that are in their names.

`PASSED` names a file that gets a line for each boundary: the workflow's id, the boundary, and whether it is `held`
there, as the file `HOLDS` says, which has boundaries by the ids of workflows in JSON.
"""

import asyncio
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Sequence
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final, TypeVar

from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.postgres import PostgresDatabase
from backend.adapters.db.sqlite import SqliteDatabase
from backend.services.records import Turn
from workers.__main__ import app
from workers.workflows.engine import Engine, Steps
from workers.workflows.running import Running

__all__ = ["app"]
T = TypeVar("T")
_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_numbers: defaultdict[str, Counter[str]] = defaultdict(Counter)
_step: ContextVar[tuple[str, str] | None] = ContextVar("_step", default=None)
"""The workflow and the step in which something is done."""
_run, _enqueue = Running.run, Engine.enqueue


class _Watched(Steps):
    """The steps of a turn, with their boundaries."""

    def __init__(self, steps: Steps, turn: Turn) -> None:
        self._steps = steps
        self._workflow = turn.workflow_id
        self._turn = f"turn#{turn.number}"

    async def step(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        short = _ID.sub("", name)
        _numbers[self._workflow][short] += 1
        step = f"{short}#{_numbers[self._workflow][short]}"

        async def watched() -> Any:
            await _pass(self._workflow, f"{step} begun")
            _step.set((self._workflow, step))
            value = await work()
            _step.set(None)
            await _pass(self._workflow, f"{step} done")
            return value

        value = await self._steps.step(name, watched)
        await _pass(self._workflow, f"{step} kept")
        return value

    async def at_home(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Turns end by it."""
        await _pass(self._workflow, f"{self._turn} ending")
        value = await self._steps.at_home(work)
        await _pass(self._workflow, f"{self._turn} ended")
        return value


async def _watched_run(running: Running, turn: Turn, steps: Steps) -> None:
    await _pass(turn.workflow_id, f"turn#{turn.number} started")
    await _run(running, turn, _Watched(steps, turn))


async def _watched_enqueue(engine: Engine, turns: Sequence[Turn]) -> None:
    """What is held is enqueued by nobody; the others go on."""
    await _enqueue(engine, [turn for turn in turns if not _held(turn.workflow_id, f"turn#{turn.number} taken")])


def _watch(kind: type[SqlDatabase], name: str) -> None:
    """What a method stores in a step is a boundary of that step."""
    method = getattr(kind, name)

    @wraps(method)
    async def watched(self: SqlDatabase, *given: Any) -> Any:
        done = await method(self, *given)
        if found := _step.get():
            workflow, step = found
            _numbers[workflow][f"{step} wrote"] += 1
            await _pass(workflow, f"{step} wrote#{_numbers[workflow][f'{step} wrote']}")
        return done

    setattr(kind, name, watched)


async def _pass(workflow_id: str, boundary: str) -> None:
    if _held(workflow_id, boundary):
        await asyncio.Event().wait()


def _held(workflow_id: str, boundary: str) -> bool:
    """Tells that it is there; whether it has to stay."""
    held = _holds().get(workflow_id) == boundary
    with Path(os.environ["PASSED"]).open("a") as passed:
        passed.write(f"{workflow_id}\t{boundary}\t{'held' if held else 'passed'}\n")
    return held


@cache
def _holds() -> dict[str, str]:
    holds: dict[str, str] = json.loads(Path(os.environ["HOLDS"]).read_text()) if "HOLDS" in os.environ else {}
    return holds


Running.run, Engine.enqueue = _watched_run, _watched_enqueue  # type: ignore[method-assign]  # what this module is for
_watch(PostgresDatabase, "commit")
_watch(SqliteDatabase, "commit")
for _name in ("claim", "release", "put_local_payment", "end_local_payment"):
    _watch(SqlDatabase, _name)

if __name__ == "__main__":
    app()
