"""Forgets workflows that have long been over, and what was kept of their turns."""

from datetime import timedelta
from typing import Final

from workers.workflows.cron import following
from workers.workflows.engine import forget_turns
from workers.workflows.flows import Wait, Work

EVERY: Final = "17 * * * *"
_WORKFLOWS_KEPT: Final = timedelta(days=7)
_TURNS_KEPT: Final = timedelta(days=1)


async def housekeeping(work: Work) -> Wait:
    """Once an hour."""
    now = await work.now()

    async def forget() -> dict[str, int]:
        workflows = await work.deps.db.forget_workflows(now - _WORKFLOWS_KEPT)
        return {"workflows": workflows, "turns": await forget_turns(now - _TURNS_KEPT)}

    await work.step("forget", forget)
    return Wait(until=following(EVERY, now))
