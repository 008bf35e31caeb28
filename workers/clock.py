"""The clock-driven work: commits what time has made due, until cancelled."""

import asyncio

import structlog

from backend.services.clockwork import BATCH, tick
from backend.services.deps import Deps
from workers import metrics

log = structlog.get_logger()


async def run_clock(deps: Deps, *, poll: float) -> None:
    """Looks every `poll` seconds, at once again while there is more. An outage is logged once and waited out."""
    failing = False
    while True:
        try:
            looked_at = await tick(deps)
            metrics.DUE.inc(looked_at)
            busy = looked_at == BATCH
            failing = False
        except Exception:
            if not failing:
                log.exception("what is due could not be committed; trying on")
            failing, busy = True, False
        await asyncio.sleep(0 if busy else poll)
