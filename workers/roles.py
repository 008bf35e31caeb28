"""What each kind of worker process does; the embedded mode does all of it in one."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any

from backend.bootstrap import Platform
from backend.services.reactions import react
from workers.clock import run_clock
from workers.relay import Relay, RelaySettings
from workers.sharing import Sharing


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


async def _relay_and_share(relay: Relay, sharing: Sharing) -> None:
    await sharing.look()
    async with asyncio.TaskGroup() as group:
        group.create_task(sharing.run())
        group.create_task(relay.run())
