"""Commands per second, ack-to-delivery and edit-to-prices, over real sockets, on both databases:
`python -m tests.bench.stack`.

Authors edit a quotation each, one command after the other's ack; a colleague who watches all of them notes when each
edit arrives. Prices are timed under normal load, some 20 edits a second. The clients share the machine with the
servers, so read the numbers as a floor.
"""

import asyncio
import contextlib
import statistics
from collections.abc import Sequence

import typer

from tests.bench.editing import Times, at_full_speed, editing
from tests.bench.prices import priced
from tests.bench.stacks import embedded_stack, scaled_stack
from tests.support.wait import until

_EVERY = 0.2
"""Seconds between an author's edits of what is priced."""
HEAD = (
    "| stack | commands/s | command p50 / p99 ms | ack to delivery p50 / p99 ms | delivered"
    " | edit to prices p50 / p99 ms | edit to `quotation.repriced` p50 / p99 ms |"
)


def main(authors: int = 20, seconds: float = 10.0) -> None:
    """Print a table of both ways to run."""
    typer.echo(HEAD)
    typer.echo("|---|---|---|---|---|---|---|")
    with embedded_stack() as platform:
        typer.echo(asyncio.run(row("SQLite, memory", platform.url, authors, seconds)))
    with scaled_stack() as scaled:
        typer.echo(asyncio.run(row("PostgreSQL, Redis", scaled.platform.url, authors, seconds)))


async def row(name: str, url: str, authors: int, seconds: float) -> str:
    """A row of the table, of the platform at that address."""
    times = await _measure(url, authors, seconds)
    found = await priced(url, min(authors, 4), max(4, int(seconds / _EVERY)), _EVERY)
    return f"{_row(name, times, seconds)} {_spread(found.in_the_edit)} | {_spread(found.repriced)} |"


async def _measure(url: str, authors: int, seconds: float) -> Times:
    times = Times()
    async with editing(url, authors, times) as made:
        await at_full_speed(made, seconds, times)
        # What hasn't come by then counts as undelivered in the table.
        with contextlib.suppress(AssertionError):
            await until(lambda: len(times.arrived) >= len(times.acked))
    return times


def _row(name: str, times: Times, seconds: float) -> str:
    rate = len(times.commands) / seconds
    share = f"{len(times.arrived)} of {len(times.acked)}"
    return f"| {name} | {rate:.0f} | {_spread(times.commands)} | {_spread(times.deliveries())} | {share} |"


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return "–"
    cuts = statistics.quantiles(values, n=100)
    return f"{cuts[49] * 1000:.1f} / {cuts[98] * 1000:.1f}"


if __name__ == "__main__":
    typer.run(main)
