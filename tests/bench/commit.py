"""What a commit costs on each database, without the server around it: `python -m tests.bench.commit`.

One command is an edit under an idempotency key: a document of 4 KB, an event, a version, three frames. The disk is
synchronised for each. Runs on the databases alternate, since the machine's pace changes; medians of them are printed.
"""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import msgspec
import typer

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.domain.quotation import Quotation
from backend.services.ports import Database
from backend.services.records import Change, StoredEvent, Target
from rooms.memory import MemoryBroker
from rooms.positions import Frame
from tests.fixtures.postgres import postgres
from tests.support.commits import create, edit, key, mark_of, new_id, quotation, version
from tests.support.wait import until
from workers.relay import Relay

QUOTATIONS = 60
AT_ONCE = 30
PACE = 0.01

Figures = dict[str, float]


class Bench:
    """A database with quotations in it, whose edits go through a relay to a broker that notes when."""

    def __init__(self, database: Database, broker: MemoryBroker) -> None:
        self.database = database
        self.broker = broker
        self.committed: dict[tuple[str, int], float] = {}
        self.appended: list[float] = []
        self._quotations: list[Quotation] = []
        broker.listen(self._hear, lambda *_: None, lambda: None)

    async def fill(self) -> None:
        for _ in range(QUOTATIONS):
            made = quotation(reject_reason="x" * 4_000)
            self._quotations.append(await create(self.database, made, "admin", "agency:andes", f"hotel:{made.id}"))
        await self.broker.subscribe([f"quotation:{one.id}/agency" for one in self._quotations])

    async def command(self, number: int) -> None:
        """One edit, timed from its commit on."""
        quotation_id = self._quotations[number % QUOTATIONS].id
        channel = f"quotation:{quotation_id}/agency"
        decide = edit(f"quotation:{quotation_id}/admin", channel, f"quotation:{quotation_id}/hotel:1")
        after = 0

        def decided(before: Quotation | None) -> Change:
            nonlocal after
            change = decide(before)
            assert change.quotation
            after = change.quotation.version
            audiences = frozenset({"admin", "agency:andes", f"hotel:{quotation_id}"})
            return msgspec.structs.replace(change, versions=(version(after),), audiences=audiences)

        await self.database.commit(Target(quotation_id=quotation_id, key=key(new_id())), decided)
        self.committed[channel, after] = time.perf_counter()

    async def relayed(self) -> bool:
        return not await self.database.outbox(1)

    def _hear(self, channel: str, frame: Frame) -> None:
        mark = mark_of(frame.body)
        if isinstance(mark, int) and (at := self.committed.pop((channel, mark), None)):
            self.appended.append(time.perf_counter() - at)


async def _nothing(_: StoredEvent) -> None:
    pass


@asynccontextmanager
async def bench(url: str) -> AsyncIterator[Bench]:
    await migrate(url)
    database, broker = open_database(url), MemoryBroker()
    await database.start()
    await broker.start()
    made = Bench(database, broker)
    await made.fill()
    yield made
    await broker.close()
    await database.close()


@asynccontextmanager
async def relaying(made: Bench) -> AsyncIterator[None]:
    task = asyncio.create_task(Relay(made.database, made.broker, _nothing).run())
    yield
    await until(made.relayed, within=60)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def one_by_one(made: Bench, seconds: float) -> Figures:
    """How long a command takes when nothing else runs."""
    times = []
    end = time.perf_counter() + seconds
    for number in itertools.count():
        if time.perf_counter() > end:
            break
        start = time.perf_counter()
        await made.command(number)
        times.append((time.perf_counter() - start) * 1_000)
    return {"idle p50 ms": statistics.median(times), "idle p99 ms": statistics.quantiles(times, n=100)[98]}


async def many_at_once(made: Bench, seconds: float) -> Figures:
    """How many commands a second one process takes, the relay not running."""
    numbers, end = itertools.count(), time.perf_counter() + seconds

    async def drive() -> int:
        done = 0
        while time.perf_counter() < end:
            await made.command(next(numbers))
            done += 1
        return done

    start = time.perf_counter()
    done = sum(await asyncio.gather(*(drive() for _ in range(AT_ONCE))))
    return {f"commands/s of {AT_ONCE}": done / (time.perf_counter() - start)}


async def delivered(made: Bench, seconds: float) -> Figures:
    """From the end of a commit to the node's callback behind the broker, at a steady pace."""
    async with relaying(made):
        await until(made.relayed, within=60)
        made.appended.clear()
        for number in range(int(seconds / PACE)):
            await made.command(number)
            await made.broker.wake()
            await asyncio.sleep(PACE)
    times = [taken * 1_000 for taken in made.appended]
    return {"commit to append p50 ms": statistics.median(times), "p99 ms": statistics.quantiles(times, n=100)[98]}


MEASURES: tuple[Callable[[Bench, float], Awaitable[Figures]], ...] = (one_by_one, many_at_once, delivered)


async def run(urls: dict[str, str], rounds: int, seconds: float) -> dict[str, list[Figures]]:
    """The figures of each round by database."""
    results: dict[str, list[Figures]] = {name: [] for name in urls}
    async with bench(urls["SQLite"]) as sqlite, bench(urls["PostgreSQL"]) as server:
        for _ in range(rounds):
            for name, made in (("SQLite", sqlite), ("PostgreSQL", server)):
                figures: Figures = {}
                for measure in MEASURES:
                    figures |= await measure(made, seconds)
                results[name].append(figures)
    return results


def main(rounds: int = 3, seconds: float = 2.0) -> None:
    """Print a table, a row for each database."""
    synchronised = {"fsync": "on", "full_page_writes": "on"}
    with tempfile.TemporaryDirectory() as folder, postgres(**synchronised) as server, server.database() as name:
        urls = {"SQLite": f"sqlite:///{folder}/bench.db", "PostgreSQL": server.url(name)}
        results = asyncio.run(run(urls, rounds, seconds))
    columns = list(results["SQLite"][0])
    typer.echo(f"| database | {' | '.join(columns)} |")
    typer.echo("|---" * (len(columns) + 1) + "|")
    for database, figures in results.items():
        medians = (statistics.median(one[column] for one in figures) for column in columns)
        typer.echo(f"| {database} | {' | '.join(f'{median:,.2f}' for median in medians)} |")


if __name__ == "__main__":
    typer.run(main)
