"""Workers that died: who is alive is in the database, and what the dead left is gone on with.

A turn that another worker of its version can go on with is resumed there: its steps that are done are not done again.
Where nobody has that version any more, after a deploy, the turn is given up and its workflow takes another, with the
code of today: what was done is found done, because steps are idempotent and decide by what is stored.
"""

from datetime import timedelta
from typing import Final

import structlog

from backend.services.deps import Deps
from backend.services.records import Executor, Failure
from workers import metrics
from workers.workflows.engine import Abandoned, Engine, name_of
from workers.workflows.settings import WorkflowSettings

_STRAYS: Final = 200
_KILLED: Final = Failure(code="worker.died", reason="The workers that ran it died, each time.", step="")
_log = structlog.get_logger(__name__)


class Leases:
    """Those of one worker. `settings.lease` is how long one that died is taken for alive."""

    def __init__(self, deps: Deps, engine: Engine, me: Executor, settings: WorkflowSettings) -> None:
        self._deps = deps
        self._engine = engine
        self._me = me
        self._settings = settings
        self._lease = timedelta(seconds=settings.lease)
        self._seen = deps.now()

    async def renew(self) -> bool:
        """Is seen. Whether it was all the time: who was not must not think others dead who could not be seen either."""
        await self._deps.db.beat(self._me)
        before, self._seen = self._seen, self._deps.now()
        return self._seen - before < self._lease

    async def recover(self) -> None:
        """Has what the dead left gone on with."""
        living = await self._deps.db.executors(self._lease)
        alive = {self._me.id, *(one.id for one in living)}
        served = {(one.version, queue) for one in (self._me, *living) for queue in one.queues}
        for abandoned in await self._engine.abandoned(alive, served):
            await self._take_over(abandoned, same=(abandoned.version, abandoned.queue) in served)
        await self._find_strays(alive)

    async def leave(self) -> None:
        """Is dead from now on: others need not wait."""
        await self._deps.db.leave(self._me.id)

    async def _take_over(self, one: Abandoned, *, same: bool) -> None:
        db, name = self._deps.db, one.name
        attempts = await db.take_over(one.workflow_id, one.number, self._lease)
        if attempts is None:
            await self._clear(one)
            return
        metrics.TAKEN_OVER.inc()
        _log.info("a turn is taken over", workflow=one.workflow_id, attempts=attempts, same_version=same)
        if attempts > self._settings.attempts:
            await self._engine.cancel(name)
            await db.bury(one.workflow_id, one.number, _KILLED, self._deps.now())
        elif same:
            await self._engine.resume(name, one.queue)
        else:
            await self._engine.cancel(name)
            await db.turn_again(one.workflow_id, one.number, self._deps.now())

    async def _clear(self, one: Abandoned) -> None:
        """The turn had ended already when its worker died, or somebody has just taken it over."""
        found = await self._deps.db.workflow(one.workflow_id)
        if found is None or found.state != "running" or found.turns != one.number:
            await self._engine.cancel(one.name)

    async def _find_strays(self, alive: set[str]) -> None:
        """Turns that somebody took and did not live to enqueue."""
        db = self._deps.db
        taken = {name_of(one): one for one in await db.strays(alive, _STRAYS)}
        if not taken:
            return
        missing = await self._engine.missing(taken.keys())
        for name in missing:
            await db.turn_again(taken[name].workflow_id, taken[name].number, self._deps.now())
        await db.adopt([one.workflow_id for name, one in taken.items() if name not in missing], self._me.id)
