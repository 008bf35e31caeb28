"""The one module that knows DBOS: each turn of a workflow is one of its workflows, and a step is kept once it is done.

DBOS has threads and a loop of its own; whatever a step does is done on the loop of the platform. A turn that ends
badly has said so to the database, so that for DBOS it has ended well like any other.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos import DBOSPortableJSONSerializer as PlainJson
from sqlalchemy import make_url

from backend.services.records import Executor, QueueName, Stray, Turn
from workers.workflows.settings import WorkflowSettings

T = TypeVar("T")
_TURN: Final = "turn"
_CONNECTIONS: Final = 5
_MOST: Final = 1_000
_PATIENCE: Final[dict[QueueName, int]] = {"high": 1, "normal": 1, "low": 4, "bulk": 4}
"""How much longer than the shortest time passes between looks at a queue: each look costs some milliseconds, also when
nothing is there."""


class Abandoned(NamedTuple):
    """A turn that nobody runs, or will: its executor is gone, or nobody serves its queue with its version."""

    name: str
    workflow_id: str
    number: int
    queue: QueueName
    version: str


class Steps:
    """What a turn's code is given to do something that is not done again, once it was."""

    def __init__(self, home: asyncio.AbstractEventLoop) -> None:
        self._home = home

    async def step(self, name: str, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """What `work` returns, which is plain JSON; what it returned before if it was done. It must not raise."""
        return await DBOS.run_step_async({"name": name}, partial(self.at_home, work))

    async def at_home(self, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Does something on the platform's loop, as often as the turn comes by."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work(), self._home))


Run = Callable[[Turn, Steps], Awaitable[None]]
"""Runs a turn, and tells the database how it ended."""


class Engine:
    """DBOS in this process, of which there can be one. All methods may be called from one loop, at any time."""

    def __init__(
        self,
        url: str,
        executor: Executor,
        settings: WorkflowSettings,
        run: Run,
    ) -> None:
        self._url = url
        self._executor = executor
        self._settings = settings
        self._run = run
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="engine")

    async def start(self) -> None:
        """Makes or updates its tables, and begins to run turns. Raises whatever DBOS does if its database is away."""
        steps = Steps(asyncio.get_running_loop())

        async def turn(plain: dict[str, Any]) -> None:
            await self._run(msgspec.convert(plain, Turn), steps)

        await self._do(self._launch, turn)

    async def stop(self) -> None:
        """Ends at once; turns under way are left for others."""
        await self._do(partial(DBOS.destroy, destroy_registry=True))
        self._thread.shutdown(wait=False)

    async def enqueue(self, turns: Sequence[Turn]) -> None:
        """Has turns run by some worker of this version; one that is there already is left as it is."""
        await self._do(self._enqueue, turns)

    async def abandoned(
        self, alive: Collection[str], served: Collection[tuple[str, QueueName]]
    ) -> tuple[Abandoned, ...]:
        """Turns whose executor is not among those alive, or whose version nobody runs for their queue."""
        return await self._do(self._abandoned, alive, served)

    async def missing(self, names: Collection[str]) -> frozenset[str]:
        """Those of the turns, by `name_of`, that were never enqueued."""
        return await self._do(self._missing, names)

    async def resume(self, name: str, queue: QueueName) -> None:
        """Has a turn gone on with: steps that are done are not done again."""
        await self._do(partial(DBOS.resume_workflows, [name], queue_name=queue))

    async def cancel(self, name: str) -> None:
        """Nobody runs the turn any more."""
        await self._do(DBOS.cancel_workflows, [name])

    async def _do(self, work: Callable[..., T], *given: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, partial(work, *given))

    def _launch(self, turn: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]) -> None:
        config = DBOSConfig(
            name="spirit",
            system_database_url=_prepared(self._url),
            application_version=self._executor.version,
            executor_id=self._executor.id,
            serializer=PlainJson(),
            sys_db_pool_size=_CONNECTIONS,
            use_listen_notify=False,
            enable_otlp=False,
            log_level="ERROR",
        )
        try:
            DBOS(config=config)
            self._turn = DBOS.workflow(name=_TURN)(turn)
            DBOS.listen_queues(self._executor.queues)
            DBOS.launch()
            for name in self._executor.queues:
                self._register(name)
        except BaseException:
            DBOS.destroy(destroy_registry=True)
            raise

    def _register(self, name: QueueName) -> None:
        rate = self._settings.rates.get(name)
        DBOS.register_queue(
            name,
            worker_concurrency=self._settings.concurrency[name],
            limiter={"limit": rate.most, "period": rate.seconds} if rate else None,
            polling_interval_sec=self._settings.poll * _PATIENCE[name],
            on_conflict="always_update",
        )

    def _enqueue(self, turns: Sequence[Turn]) -> None:
        for turn in turns:
            with SetWorkflowID(name_of(turn)):
                DBOS.enqueue_workflow(turn.queue, self._turn, msgspec.to_builtins(turn))

    def _abandoned(self, alive: Collection[str], served: Collection[tuple[str, QueueName]]) -> tuple[Abandoned, ...]:
        found = [one for one in _listed(status="PENDING") if one.executor_id not in alive]
        found += [one for one in _listed(status="ENQUEUED") if (one.app_version, one.queue_name) not in served]
        return tuple(_abandoned(one) for one in found)

    def _missing(self, names: Collection[str]) -> frozenset[str]:
        there = {one.workflow_id for one in _listed(workflow_ids=list(names))} if names else set()
        return frozenset(names) - there


async def forget_turns(before: datetime) -> int:
    """Drops what the engine of this process keeps of turns that were over before that time; how many they were."""
    return await asyncio.to_thread(_forget, before)


def name_of(turn: Turn | Stray) -> str:
    """What DBOS calls a turn."""
    return f"{turn.workflow_id}#{turn.begun}#{turn.number}"


def _forget(before: datetime) -> int:
    forgotten = 0
    while old := _listed(status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before.isoformat()):
        DBOS.delete_workflows([one.workflow_id for one in old])
        forgotten += len(old)
    return forgotten


def _abandoned(one: Any) -> Abandoned:
    workflow_id, _, number = one.workflow_id.rsplit("#", 2)
    return Abandoned(one.workflow_id, workflow_id, int(number), one.queue_name, one.app_version or "")


def _listed(**chosen: Any) -> list[Any]:
    """The oldest first."""
    return list(DBOS.list_workflows(name=_TURN, limit=_MOST, load_input=False, load_output=False, **chosen))


def _prepared(url: str) -> str:
    """The URL as DBOS wants it. A file keeps a log ahead of its writes from now on: readers wait for nobody."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(str(parsed.database))) as file:
            file.execute("PRAGMA journal_mode = WAL")
        return url
    return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
