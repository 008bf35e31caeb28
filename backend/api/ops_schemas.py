"""What the operations page is told, for the OpenAPI document."""

from datetime import datetime
from typing import Any

import msgspec

from backend.services.ops import NodeFigures, RelayFigures, WorkerFigures
from backend.services.records import Workflow


class OutboxView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What waits for the relay: rows, and the seconds that the oldest has waited."""

    waiting: int
    oldest: float


class ProcessView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A process with its figures of `age` seconds ago; what it does not do is null."""

    id: str
    alive: bool
    age: float
    at: datetime
    started_at: datetime
    host: str
    pid: int
    tasks: int
    open_files: int
    memory_bytes: int
    cpu_seconds: float
    node: NodeFigures | None
    relay: RelayFigures | None
    worker: WorkerFigures | None


class QueueView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many workflows of a queue wait, have a turn under way, and were given up."""

    waiting: int
    running: int
    dead: int


class UnderWayView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workflow with a turn under way: the how manieth, `since` when, after how many failures, and how far it is."""

    id: str
    name: str
    turns: int
    attempts: int
    progress: dict[str, Any]
    since: datetime


class WorkflowsView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By queue, but for those with nothing in them; and those whose turns have been under way the longest."""

    queues: dict[str, QueueView]
    running: tuple[UnderWayView, ...]


class WorkflowView(Workflow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A workflow as it stands; see `backend.services.records.Workflow`."""


class DeadLetterList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Workflows that were given up, the last one first."""

    items: tuple[WorkflowView, ...]


class OpsView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """While the broker does not answer, only the process that was asked is there."""

    at: datetime
    broker: bool
    workflows: WorkflowsView
    outbox: OutboxView
    processes: tuple[ProcessView, ...]
