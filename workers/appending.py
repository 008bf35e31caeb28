"""Appending what rows of the outbox carry: channels of one server together, those of different servers side by side.

While a server is away its channels wait, and with them the rows that have some of these; all other channels go on. A
channel's frames are appended in their order, one call after the other.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Protocol

import msgspec

from backend.services.ports import Outbox, Snapshots
from backend.services.records import OutboxRow
from rooms.broker import Broker
from rooms.positions import Frame
from workers.filling import append_filling
from workers.lanes import quotation_of

Batch = Mapping[str, Sequence[Frame]]


class Commits(Outbox, Snapshots, Protocol):
    """What the relay needs of the database."""


class _Waiting:
    """A row, and its channels that are not appended yet."""

    __slots__ = ("left", "row")

    def __init__(self, row: OutboxRow) -> None:
        self.row = row
        self.left = {part.channel for part in row.channels}

    def only(self, channels: set[str]) -> OutboxRow:
        """The row with these of its channels alone."""
        if len(channels) == len(self.row.channels):
            return self.row
        parts = tuple(part for part in self.row.channels if part.channel in channels)
        return msgspec.structs.replace(self.row, channels=parts)


class Appending:
    """`appended` is told each row of which everything is appended, those about one quotation in their order.

    What takes longer than `patience` seconds is no longer waited for; `late` is told when it has ended, and why if it
    failed. `frames` counts those that were appended.
    """

    def __init__(
        self,
        database: Commits,
        broker: Broker,
        appended: Callable[[OutboxRow], None],
        late: Callable[[BaseException | None], None],
        patience: float,
    ) -> None:
        self.frames = 0
        self._database = database
        self._broker = broker
        self._appended = appended
        self._late = late
        self._patience = patience
        self._rows: dict[Hashable, deque[_Waiting]] = {}
        self._under_way: dict[Hashable, asyncio.Task[None]] = {}
        self._busy: set[str] = set()

    @property
    def waiting(self) -> int:
        """Rows that are not appended yet."""
        return sum(map(len, self._rows.values()))

    async def append(self, rows: Sequence[OutboxRow]) -> bool:
        """Append rows, and those from before whose servers may be there again. Whether there was anything to begin.

        Raises BrokerUnavailable, NotAppended and what the database raises: some may be appended; the rest is kept, and
        begun again with the next call.
        """
        for row in rows:
            self._rows.setdefault(quotation_of(row) or row.id, deque()).append(_Waiting(row))
        due = self._due()
        frames = await self._database.outbox_frames([one.only(channels) for one, channels in due]) if due else {}
        for one, channels in due:
            # Another relay has forgotten those of which nothing is found.
            one.left -= channels - frames.keys()
        self._release()
        behind = [one for one, _ in due]
        await self._wait_for([self._begin(*group, behind) for group in self._by_shard(frames).items()])
        return bool(due)

    async def close(self) -> None:
        """Give up whatever is under way."""
        tasks = tuple(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _due(self) -> list[tuple[_Waiting, set[str]]]:
        """The rows of which something can be begun, and what."""
        found = ((one, set(filter(self._is_free, one.left))) for one in chain.from_iterable(self._rows.values()))
        return [(one, channels) for one, channels in found if channels]

    def _is_free(self, channel: str) -> bool:
        if not self._under_way:
            return True
        return channel not in self._busy and self._broker.shard_of(channel) not in self._under_way

    def _by_shard(self, frames: Batch) -> dict[Hashable, dict[str, Sequence[Frame]]]:
        found: dict[Hashable, dict[str, Sequence[Frame]]] = {}
        for channel, some in frames.items():
            found.setdefault(self._broker.shard_of(channel), {})[channel] = some
        return found

    def _begin(self, shard: Hashable, batch: Batch, rows: Sequence[_Waiting]) -> "asyncio.Task[None]":
        task = asyncio.create_task(append_filling(self._database, self._broker, batch))
        self._under_way[shard] = task
        self._busy.update(batch)
        task.add_done_callback(partial(self._ended, shard, batch, rows))
        return task

    def _ended(self, shard: Hashable, batch: Batch, rows: Sequence[_Waiting], task: "asyncio.Task[None]") -> None:
        del self._under_way[shard]
        self._busy.difference_update(batch)
        if task.cancelled() or task.exception():
            return
        self.frames += sum(map(len, batch.values()))
        for one in rows:
            one.left.difference_update(batch)
        self._release()

    def _release(self) -> None:
        for key, rows in tuple(self._rows.items()):
            while rows and not rows[0].left:
                self._appended(rows.popleft().row)
            if not rows:
                del self._rows[key]

    async def _wait_for(self, tasks: "Collection[asyncio.Task[None]]") -> None:
        if not tasks:
            return
        done, slow = await asyncio.wait(tasks, timeout=self._patience)
        for task in slow:
            task.add_done_callback(self._slow_ended)
        for task in done:
            task.result()

    def _slow_ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled():
            self._late(task.exception())
