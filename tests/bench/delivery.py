"""From a commit to a client, step by step, on PostgreSQL and Redis: `python -m tests.bench.delivery`.

Authors edit at an even rate, all over one node; a colleague on the same node watches. A tap on Redis hears what the
relay appends. `command` is from when an edit was due to its ack, which comes after the commit; `to Redis` from the ack
to the tap, `to the client` from there to the colleague; `delivery` is the last two. All clients and servers share the
machine, so read the numbers as a ceiling.
"""

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import typer

from rooms.positions import Frame
from rooms.redis import RedisBroker
from tests.bench.editing import Author, Edit, Times, editing
from tests.bench.stacks import scaled_stack
from tests.support.wait import until

STEPS = ("command", "to Redis", "to the client", "delivery")


def main(seconds: float = 10.0, rates: list[int] = [20, 167]) -> None:  # noqa: B006 - typer's way of a default
    """Print a table, a row for each rate of edits; each makes three facts."""
    typer.echo(f"| edits/s | {' | '.join(f'{step} p50 / p99 ms' for step in STEPS)} | delivered |")
    typer.echo("|---" * (len(STEPS) + 2) + "|")
    with scaled_stack() as scaled:
        for rate in rates:
            typer.echo(asyncio.run(_row(scaled.platform.url, scaled.broker_url, rate, seconds)))


async def _row(url: str, broker_url: str, rate: int, seconds: float) -> str:
    times, tapped = Times(), dict[Edit, float]()
    async with editing(url, max(1, rate // 10), times) as authors, _tap(broker_url, authors, tapped):
        await _evenly(authors, rate, seconds, times)
        await until(lambda: len(times.arrived) == len(times.acked) == len(tapped), what="everything arrived")
    edits = times.acked.keys()
    columns = (
        times.commands,
        [tapped[edit] - times.acked[edit] for edit in edits],
        [times.arrived[edit] - tapped[edit] for edit in edits],
        times.deliveries(),
    )
    return f"| {rate} | {' | '.join(map(_spread, columns))} | {len(times.arrived)} of {len(times.acked)} |"


@asynccontextmanager
async def _tap(broker_url: str, authors: Sequence[Author], tapped: dict[Edit, float]) -> AsyncIterator[None]:
    def hear(channel: str, frame: Frame) -> None:
        quotation = channel.partition("/")[0].removeprefix("quotation:")
        tapped[quotation, json.loads(frame.body)["data"]["change"]["notes"]] = time.perf_counter()

    broker = RedisBroker(broker_url)
    broker.listen(hear, lambda *_: None, lambda: None)
    await broker.start()
    await broker.subscribe([f"quotation:{author.quotation}/admin" for author in authors])
    yield
    await broker.close()


async def _evenly(authors: Sequence[Author], rate: int, seconds: float, times: Times) -> None:
    """Edits at their time, each author's one after the other."""
    begin = time.perf_counter() + 0.1

    async def drive(number: int, author: Author) -> None:
        for due in range(number, int(rate * seconds), len(authors)):
            at = begin + due / rate
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            await author.edit(times, at)

    await asyncio.gather(*(drive(number, author) for number, author in enumerate(authors)))


def _spread(values: Sequence[float]) -> str:
    cuts = statistics.quantiles(values, n=100)
    return f"{cuts[49] * 1000:.1f} / {cuts[98] * 1000:.1f}"


if __name__ == "__main__":
    typer.run(main)
