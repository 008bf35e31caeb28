"""Durable work, as the use cases begin it and operators look after it. Workers run it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backend.services.ports import Turns
from backend.services.records import QueueName, Workflow


@dataclass(frozen=True, slots=True)
class StoredWorkflows:
    """The port `Workflows`: what is begun or said is a row of the database, which workers look for when woken."""

    turns: Turns
    now: Callable[[], datetime]
    wake: Callable[[], None]

    async def begin(self, name: str, workflow_id: str, args: Mapping[str, Any], *, queue: QueueName = "normal") -> None:
        now = self.now()
        begun = Workflow(
            id=workflow_id,
            name=name,
            queue=queue,
            args=dict(args),
            state="waiting",
            turns=0,
            attempts=0,
            wake_at=now,
            progress={},
            code="",
            reason="",
            step="",
            begun_at=now,
            changed_at=now,
        )
        if await self.turns.begin_workflow(begun):
            self.wake()

    async def send(self, workflow_id: str, topic: str, once: str) -> None:
        if await self.turns.tell_workflow(workflow_id, f"{topic} {once}", self.now()):
            self.wake()
