"""Workflows at a clock that the test holds: their turns are run one after the other, and nothing is kept of steps."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

from backend.queues_source import QUEUES
from backend.services.deps import Deps
from backend.services.records import Executor
from workers.workflows.catalogue import FLOWS
from workers.workflows.engine import Steps
from workers.workflows.running import Running
from workers.workflows.settings import WorkflowSettings

T = TypeVar("T")
SETTINGS: Final = WorkflowSettings(
    url="",
    version="1",
    concurrency={},
    rates={},
    poll=1,
    lease=1,
    attempts=10,
    first_pause=1,
    longest_pause=10,
    drain=1,
)
ME: Final = Executor(id="me", version="1", queues=QUEUES)


class AsTheyCome(Steps):
    """Does steps here and now, and keeps nothing of them."""

    async def step(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        return await work()

    async def at_home(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        return await work()


async def run_turns(deps: Deps) -> int:
    """Runs the turns whose time has come, and those that follow at once; how many."""
    running, count = Running(deps, FLOWS, SETTINGS), 0
    while turns := await deps.db.take_turns(ME, QUEUES, deps.now(), 10):
        for turn in turns:
            await running.run(turn, AsTheyCome(asyncio.get_running_loop()))
        count += len(turns)
    return count
