"""How fast relays carry what waits to Redis: `python -m tests.bench.relays`.

Commands over real sockets fill the outbox while no relay runs. Then the relays, a process each, empty it with nothing
else to do, reactions included. Counted once the first rows are gone, so that no start is in it; medians of the rounds.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import typer

from backend.adapters.db import open_database
from tests.bench.editing import Times, at_full_speed, editing
from tests.bench.stacks import Scaled, scaled_stack
from tests.support.platform import process
from tests.support.wait import until


def main(rounds: int = 3, authors: int = 20, seconds: float = 8.0) -> None:
    """Print a table, a row for each number of relays."""
    figures: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    with scaled_stack() as scaled:
        assert scaled.platform.relay
        scaled.platform.relay.terminate()
        scaled.platform.relay.wait()
        for _ in range(rounds):
            for relays, measured in figures.items():
                asyncio.run(_fill(scaled.platform.url, authors, seconds))
                measured.append(asyncio.run(_emptied(scaled, relays)))
    typer.echo("| relays | commands/s carried | frames/s |")
    typer.echo("|---|---|---|")
    for relays, measured in figures.items():
        rows, frames = (statistics.median(column) for column in zip(*measured, strict=True))
        typer.echo(f"| {relays} | {rows:,.0f} | {frames:,.0f} |")


async def _fill(url: str, authors: int, seconds: float) -> None:
    async with editing(url, authors) as made:
        await at_full_speed(made, seconds, Times())


async def _emptied(scaled: Scaled, relays: int) -> tuple[float, float]:
    """Rows and frames per second."""
    frames_of_row = await _frames_of_row(scaled.database_url)
    connection = await asyncpg.connect(scaled.database_url.replace("+asyncpg", ""))

    async def waiting() -> int:
        return int(await connection.fetchval("SELECT count(*) FROM outbox"))

    try:
        with ExitStack() as stack, TemporaryDirectory() as logs:
            at_first = await waiting()
            for number in range(relays):
                log = Path(logs) / f"relay-{number}.log"
                stack.enter_context(process("workers", "relay", environment=scaled.platform.environment, log=log))
            left = await _fewer(waiting, at_first)
            begun = time.perf_counter()
            await _fewer(waiting, 1)
            rate = left / (time.perf_counter() - begun)
        return rate, rate * frames_of_row
    finally:
        await connection.close()


async def _fewer(waiting: Callable[[], Awaitable[int]], rows: int) -> int:
    """Waits until fewer rows wait; how many those are."""

    async def reached() -> tuple[int] | None:
        left = await waiting()
        return (left,) if left < rows else None

    found = await until(reached, within=120, what="the outbox gets shorter")
    assert found
    return found[0]


async def _frames_of_row(database_url: str) -> float:
    database = open_database(database_url)
    await database.start()
    rows = await database.outbox(1_000)
    await database.close()
    return statistics.mean(sum(part.last - part.first + 1 for part in row.channels) for row in rows)


if __name__ == "__main__":
    typer.run(main)
