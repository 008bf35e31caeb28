"""How a worker runs workflows."""

import msgspec

from backend.config import Settings
from backend.queues_source import Rate
from backend.services.records import QueueName

_HURRY = 1.0
"""Somebody at a terminal waits for the end."""


class WorkflowSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds. `concurrency` is how many turns of a queue run here at once, `rates` how many of some begin in
    a while on all workers; `poll` the longest that a lost wake-up delays; `lease` how long a worker that died is taken
    for alive; `attempts` how often a workflow may fail in a row; `first_pause` doubles with each up to the longest;
    `drain` is how long turns under way have to end when the worker stops.
    """

    url: str
    version: str
    concurrency: dict[QueueName, int]
    rates: dict[QueueName, Rate]
    poll: float
    lease: float
    attempts: int
    first_pause: float
    longest_pause: float
    drain: float


def workflow_settings(settings: Settings, version: str) -> WorkflowSettings:
    """From the platform's; `version` is that of the code, unless one is set."""
    own_file = settings.database_url.startswith("sqlite:")
    return WorkflowSettings(
        url=f"sqlite:///{settings.data}/workflows.db" if own_file else settings.database_url,
        version=settings.workflow_version or version,
        concurrency=settings.queue_concurrency,
        rates=settings.queue_rates,
        poll=settings.queue_poll,
        lease=settings.worker_lease,
        attempts=settings.workflow_attempts,
        first_pause=settings.workflow_pause,
        longest_pause=settings.workflow_longest_pause,
        drain=min(settings.drain, _HURRY) if settings.embedded else settings.drain,
    )
