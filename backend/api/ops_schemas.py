"""What the operations page is told, for the OpenAPI document."""

from datetime import datetime

import msgspec

from backend.services.ops import NodeFigures, RelayFigures, WorkerFigures


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


class OpsView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """While the broker does not answer, only the process that was asked is there."""

    at: datetime
    broker: bool
    outbox: OutboxView
    processes: tuple[ProcessView, ...]
