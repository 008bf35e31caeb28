"""One turn, from its function to what the database is told of how it ended."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import structlog

from backend.services.deps import Deps
from backend.services.records import Failure, Turn
from workers import metrics
from workers.backoff import pause
from workers.workflows.engine import Steps
from workers.workflows.flows import Broken, Flow, Outcome, Over, Refused, Wait, Work, failure_of
from workers.workflows.outages import until_done
from workers.workflows.settings import WorkflowSettings

_LOOK: Final = 0.05
_log = structlog.get_logger(__name__)


class Running:
    """Runs turns of these workflows."""

    def __init__(self, deps: Deps, flows: Mapping[str, Flow], settings: WorkflowSettings) -> None:
        self._under_way = 0
        self._deps = deps
        self._flows = flows
        self._settings = settings

    async def run(self, turn: Turn, steps: Steps) -> None:
        """To its end, good or bad. Only what ends the engine ends it otherwise, and then it is gone on with later."""
        self._under_way += 1
        try:
            await self._run(turn, steps)
        finally:
            self._under_way -= 1

    async def idle(self) -> None:
        """Returns when no turn is under way."""
        while self._under_way:  # noqa: ASYNC110 - they run on another loop
            await asyncio.sleep(_LOOK)

    async def _run(self, turn: Turn, steps: Steps) -> None:
        """A turn of which the database cannot be told how it ended would be under way for ever: it is told later."""
        end = await self._ended(turn, steps)
        await steps.at_home(partial(until_done, end, "the end of a turn waits for the database"))

    async def _ended(self, turn: Turn, steps: Steps) -> Callable[[], Awaitable[None]]:
        """What is to be told of it."""
        flow = self._flows.get(turn.name)
        if flow is None:
            unknown = Failure(code="workflow.unknown", reason=f"There is no workflow {turn.name}.", step="")
            return partial(self._bury, turn, unknown)
        try:
            outcome: Any = await flow(Work(self._deps, turn, steps.step), **turn.args)
        except Refused as refused:
            return partial(self._bury, turn, refused.failure)
        except Broken as broken:
            return partial(self._fail, turn, broken.failure)
        except Exception as error:
            return partial(self._fail, turn, failure_of(error, ""))
        if not isinstance(outcome, Wait | Over):
            reason = f"{turn.name} does not say when its next turn is."
            return partial(self._fail, turn, Failure(code="TypeError", reason=reason, step=""))
        return partial(self._end, turn, outcome)

    async def _end(self, turn: Turn, outcome: Outcome) -> None:
        now = self._deps.now()
        match outcome:
            case Wait(until):
                await self._deps.db.park(turn, until, now)
            case Over():
                await self._deps.db.finish(turn, now)
        metrics.TURNS.labels(turn.name, "ok").inc()

    async def _fail(self, turn: Turn, failure: Failure) -> None:
        found = await self._deps.db.workflow(turn.workflow_id)
        attempts = (found.attempts if found else turn.attempts) + 1
        if attempts >= self._settings.attempts:
            return await self._bury(turn, failure)
        seconds = pause(attempts, self._settings.first_pause / 2, self._settings.longest_pause)
        now = self._deps.now()
        await self._deps.db.fail(turn, failure, now + timedelta(seconds=seconds), now)
        metrics.TURNS.labels(turn.name, "failed").inc()
        _log.warning("a turn failed, will try again", workflow=turn.workflow_id, code=failure.code, step=failure.step)
        return None

    async def _bury(self, turn: Turn, failure: Failure) -> None:
        await self._deps.db.fail(turn, failure, None, self._deps.now())
        metrics.TURNS.labels(turn.name, "dead").inc()
        _log.error("a workflow is a dead letter", workflow=turn.workflow_id, code=failure.code, step=failure.step)
