"""A worker's part in the workflows: takes turns whose time has come, has them run, and looks after the dead."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from functools import partial
from typing import Final

from backend.bootstrap import Platform
from backend.config import Settings
from backend.services.records import Executor, QueueName, Turn
from workers.workflows.catalogue import FLOWS, begin_standing, version_of_code
from workers.workflows.engine import Engine, Steps
from workers.workflows.leases import Leases
from workers.workflows.outages import until_done
from workers.workflows.running import Running
from workers.workflows.settings import WorkflowSettings, workflow_settings

_AT_ONCE: Final = 50
_LEAST_PAUSE: Final = 0.02
_STOPPING: Final = 10.0


class Worker:
    """Runs turns of the queues until cancelled; then those under way have a while to end."""

    def __init__(
        self,
        built: Platform,
        settings: WorkflowSettings,
        queues: tuple[QueueName, ...],
        woken: asyncio.Event,
    ) -> None:
        """`woken` is set when something was committed."""
        self._deps = built.deps
        self._settings = settings
        self._woken = woken
        self._me = Executor(id=self._deps.new_id(), version=settings.version, queues=queues)
        self._running = Running(self._deps, FLOWS, settings)
        self._engine = Engine(settings.url, self._me, settings, self._run)
        self._leases = Leases(self._deps, self._engine, self._me, settings)
        self._stopping = False

    async def run(self) -> None:
        """While the database is away it waits, and says so once."""
        try:
            await until_done(self._start, "workflows wait for their database")
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hand_over())
                group.create_task(self._look_after())
        finally:
            await _shielded(self._stop())

    async def _start(self) -> None:
        await self._leases.renew()
        await self._engine.start()
        await begin_standing(self._deps)

    async def _run(self, turn: Turn, steps: Steps) -> None:
        """What begins while this worker stops waits for another that goes on with it."""
        if self._stopping:
            await asyncio.Event().wait()
        await self._running.run(turn, steps)

    async def _hand_over(self) -> None:
        while True:
            self._woken.clear()
            turns = await until_done(self._take, "workflows wait for the database")
            if turns:
                await until_done(partial(self._engine.enqueue, turns), "turns wait for their database")
            await asyncio.sleep(_LEAST_PAUSE)
            if len(turns) < _AT_ONCE:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._settings.poll):
                        await self._woken.wait()

    async def _take(self) -> tuple[Turn, ...]:
        return await self._deps.db.take_turns(self._me, self._me.queues, self._deps.now(), _AT_ONCE)

    async def _look_after(self) -> None:
        while True:
            if await until_done(self._leases.renew, "the worker's lease waits for the database"):
                await until_done(self._leases.recover, "the dead wait for the database")
            await asyncio.sleep(self._settings.lease / 3)

    async def _stop(self) -> None:
        self._stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.drain):
                await self._running.idle()
        await self._engine.stop()
        with suppress(Exception):  # its lease ends by itself
            await self._leases.leave()


def settings_of(settings: Settings) -> WorkflowSettings:
    """A worker's, with the version of this code."""
    return workflow_settings(settings, version_of_code())


async def _shielded(work: Awaitable[None]) -> None:
    """Finished within a while, also if whoever waits for it is cancelled again."""
    task = asyncio.ensure_future(work)
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(task), _STOPPING)
    await asyncio.wait((task,), timeout=_STOPPING)
