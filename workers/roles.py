"""What each kind of worker process does; the embedded mode does all of it in one."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from importlib import import_module
from typing import Any

from backend.bootstrap import Platform
from backend.queues_source import QUEUES
from backend.services.reactions import react
from backend.services.records import QueueName
from workers.clock import run_clock
from workers.relay import Relay, RelaySettings
from workers.sharing import Sharing

Work = Callable[[], Coroutine[Any, Any, None]]


def relay_of(built: Platform, sharing: Sharing | None = None) -> Relay:
    """Carries what was committed, or a share of it, to the broker. Make it before the broker starts."""
    settings = RelaySettings(batch=built.settings.relay_batch, poll=built.settings.relay_poll)
    parts = None if sharing is None else lambda: sharing.mine
    return Relay(built.deps.db, built.broker, partial(react, built.deps), settings, parts)


def shared_relay_of(built: Platform) -> Coroutine[Any, Any, None]:
    """One of several relays. Make it before the broker starts."""
    sharing = Sharing(built.broker, built.deps.new_id(), built.settings.relay_presence)
    return _relay_and_share(relay_of(built, sharing), sharing)


def clock_of(built: Platform) -> Coroutine[Any, Any, None]:
    """Does what time makes due."""
    return run_clock(built.deps, poll=built.settings.clock_poll)


def workflows_of(built: Platform, queues: tuple[QueueName, ...] = QUEUES) -> Work:
    """Runs workflows of these queues. Make it before the broker starts; nothing heavy is imported before it runs."""
    woken = asyncio.Event()
    built.broker.on_wake(woken.set)
    return partial(_run_workflows, built, queues, woken)


def worker_of(built: Platform, queues: tuple[QueueName, ...]) -> Coroutine[Any, Any, None]:
    """Does what time makes due, and runs workflows. Make it before the broker starts."""
    return _clock_and_workflows(built, workflows_of(built, queues))


async def _clock_and_workflows(built: Platform, workflows: Work) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(clock_of(built))
        group.create_task(workflows())


async def _run_workflows(built: Platform, queues: tuple[QueueName, ...], woken: asyncio.Event) -> None:
    """The import takes seconds, during which others of this process go on."""
    await asyncio.to_thread(import_module, "workers.workflows.worker")
    from workers.workflows.worker import Worker, settings_of

    await Worker(built, settings_of(built.settings), queues, woken).run()


async def _relay_and_share(relay: Relay, sharing: Sharing) -> None:
    await sharing.look()
    async with asyncio.TaskGroup() as group:
        group.create_task(sharing.run())
        group.create_task(relay.run())
