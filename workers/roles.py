"""What each kind of worker process does; the embedded mode does all of it in one."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from backend.bootstrap import Platform
from backend.services.reactions import react
from workers.clock import run_clock
from workers.relay import Relay, RelaySettings


def relay_of(built: Platform) -> Relay:
    """Carries what was committed from the database to the broker. Make it before the broker starts."""
    settings = RelaySettings(batch=built.settings.relay_batch, poll=built.settings.relay_poll)
    return Relay(built.deps.db, built.broker, partial(react, built.deps), settings)


def clock_of(built: Platform) -> Coroutine[Any, Any, None]:
    """Does what time makes due."""
    return run_clock(built.deps, poll=built.settings.clock_poll)
