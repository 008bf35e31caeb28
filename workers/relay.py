"""The relay: carries what was committed from the outbox to the broker and to the reactions.

Take rows by id, append their frames, hand their events to the reactions, delete the rows. It may die between any two
of these: what was not deleted is taken again, appends find their frames there, reactions are idempotent. [D2]
"""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import structlog

from backend.services.records import OutboxRow
from rooms.broker import Broker
from workers import metrics
from workers.appending import Appending, Commits
from workers.backoff import pause
from workers.lanes import Lanes, React

_log = structlog.get_logger(__name__)


class RelaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """Times in seconds. `poll` is the longest that a lost wake-up delays; back-off doubles up to its longest.

    `patience` is how long an append may take before those of other servers go on without it; `most_waiting` how many
    rows it may keep waiting before no more are taken.
    """

    batch: int = 200
    poll: float = 0.5
    lanes: int = 8
    patience: float = 0.05
    most_waiting: int = 2_000
    first_backoff: float = 0.05
    longest_backoff: float = 0.5
    longest_retry: float = 300.0


class Relay:
    """Several of them at once share the work if each carries `parts` of its own; overlaps do no harm.

    For metrics: `rows` and `frames` relayed so far, `failures` of reactions, `outages`, and `lag`, the seconds that
    the oldest row had waited when it was last looked at, about once per `poll`.
    """

    def __init__(
        self,
        database: Commits,
        broker: Broker,
        react: React,
        settings: RelaySettings | None = None,
        parts: Callable[[], Collection[int]] | None = None,
    ) -> None:
        """Make it before the broker starts: it listens for wake-ups."""
        self.rows = self.frames = self.failures = self.outages = 0
        self.lag = 0.0
        self._database = database
        self._settings = settings or RelaySettings()
        self._appending = Appending(database, broker, self._hand_over, self._late, self._settings.patience)
        self._parts = parts
        self._lanes = Lanes(react, self._finished, self._failed, self._settings.lanes)
        self._held: set[int] = set()
        self._done: list[int] = []
        self._tries: dict[int, int] = {}
        self._measured = 0.0
        self._partly_away = False
        self._woken = asyncio.Event()
        broker.on_wake(self._woken.set)

    async def run(self) -> None:
        """Until cancelled. While the database or the broker is away it waits, and says so once."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._lanes.run())
                group.create_task(self._carry())
        finally:
            await self._appending.close()

    async def _carry(self) -> None:
        failed = 0
        while True:
            try:
                await self._round()
            except Exception as error:
                failed += 1
                if failed == 1:
                    self._away("the relay waits for the database and the broker", error)
                await asyncio.sleep(pause(failed, self._settings.first_backoff, self._settings.longest_backoff))
            else:
                if failed:
                    _log.info("the relay goes on", tries=failed)
                failed = 0

    async def _round(self) -> None:
        await self._forget_done()
        begun = await self._appending.append(await self._new_rows())
        self._count()
        await self._measure()
        if not begun:
            await self._wait()
        elif self._appending.waiting > self._settings.batch:
            # Each look at the outbox reads them again.
            await asyncio.sleep(self._settings.patience)

    async def _new_rows(self) -> Sequence[OutboxRow]:
        """Rows that are not held yet; they are from now on."""
        if self._appending.waiting >= self._settings.most_waiting:
            return ()
        taken = await self._database.outbox(self._settings.batch + len(self._held), self._parts and self._parts())
        rows = [row for row in taken if row.id not in self._held]
        self._held.update(row.id for row in rows)
        return rows

    def _count(self) -> None:
        metrics.FRAMES.inc(self._appending.frames - self.frames)
        self.frames = self._appending.frames

    def _hand_over(self, row: OutboxRow) -> None:
        self.rows += 1
        metrics.ROWS.inc()
        self._lanes.put(row)

    def _late(self, error: BaseException | None) -> None:
        """An append that was slow has ended."""
        if error is not None and not self._partly_away:
            self._away("the relay waits for a part of the broker", error)
        self._partly_away = error is not None
        self._woken.set()

    def _away(self, what: str, error: BaseException) -> None:
        self.outages += 1
        metrics.OUTAGES.inc()
        _log.warning(what, error=repr(error))

    def _finished(self, row: OutboxRow) -> None:
        self._done.append(row.id)
        self._tries.pop(row.id, None)
        self._woken.set()

    def _failed(self, row: OutboxRow) -> None:
        """Lets the row go after a while, to be taken once more like any other."""
        self.failures += 1
        metrics.FAILURES.inc()
        tries = self._tries[row.id] = self._tries.get(row.id, 0) + 1
        delay = pause(tries, self._settings.first_backoff, self._settings.longest_retry)
        asyncio.get_running_loop().call_later(delay, self._held.discard, row.id)

    async def _forget_done(self) -> None:
        """A row is held until it is gone from the outbox, so that it is not taken twice."""
        if done := self._done[:]:
            await self._database.forget(done)
            del self._done[: len(done)]
            self._held.difference_update(done)

    async def _measure(self) -> None:
        now = time.monotonic()
        if now - self._measured >= self._settings.poll:
            self._measured = now
            self.lag = await self._database.outbox_age(datetime.now(UTC))
            metrics.LAG.set(self.lag)

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settings.poll):
                await self._woken.wait()
        self._woken.clear()
