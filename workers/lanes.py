"""Reactions side by side: one quotation's events in their order, different quotations' at once."""

import asyncio
from collections.abc import Awaitable, Callable
from zlib import crc32

import structlog

from backend.services.records import OutboxRow, StoredEvent

React = Callable[[StoredEvent], Awaitable[None]]
_log = structlog.get_logger(__name__)


def quotation_of(row: OutboxRow) -> str:
    """The quotation that a row is about; empty if it is about none."""
    return next((event.quotation_id for event in row.events if event.quotation_id), "")


class Lanes:
    """`finished` is told each row whose events were all reacted to, `failed` each that has to be tried again."""

    def __init__(
        self,
        react: React,
        finished: Callable[[OutboxRow], None],
        failed: Callable[[OutboxRow], None],
        count: int,
    ) -> None:
        self._react = react
        self._finished = finished
        self._failed = failed
        self._queues: list[asyncio.Queue[OutboxRow]] = [asyncio.Queue() for _ in range(count)]

    def put(self, row: OutboxRow) -> None:
        self._queues[crc32(quotation_of(row).encode()) % len(self._queues)].put_nowait(row)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            for queue in self._queues:
                group.create_task(self._drive(queue))

    async def _drive(self, queue: asyncio.Queue[OutboxRow]) -> None:
        while True:
            row = await queue.get()
            try:
                for event in row.events:
                    await self._react(event)
            except Exception:
                _log.exception("a reaction failed, will try again", events=[stored.event.id for stored in row.events])
                self._failed(row)
            else:
                self._finished(row)
