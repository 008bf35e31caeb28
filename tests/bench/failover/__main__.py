"""A table, a row for each disaster: `python -m tests.bench.failover`. Fails if anything is lost or comes twice."""

import asyncio
import os
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated

import typer

from tests.bench.failover.stand import NODES, RELAYS, Stand, standing
from tests.bench.failover.trial import Figures, Load, crowded, trial
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer

Disaster = Callable[[Stand, int, str], None]
"""Breaks something, by the number of the round and one of the rooms."""


def nothing(*_: object) -> None:
    pass


ON_A_CLUSTER: Mapping[str, Disaster] = {
    "nothing": nothing,
    "a master of the Redis Cluster is killed": lambda stand, _, room: stand.kill_master(room),
    "one of two relays is killed": lambda stand, turn, _: stand.relays[turn % RELAYS].kill(),
    "one of three nodes is killed": lambda stand, turn, _: stand.nodes[turn % NODES].kill(),
    "PostgreSQL crashes and recovers": lambda stand, *_: stand.postgres.crash(),
}
ON_ONE_SERVER: Mapping[str, Disaster] = {
    "a single Redis is restarted, empty": lambda stand, *_: stand.restart_redis(),
}


def main(
    rounds: Annotated[int, typer.Option(envvar="BENCH_ROUNDS", help="How often each disaster happens.")] = 3,
    watchers: int = Load.watchers,
    seconds: Annotated[float, typer.Option(help="Of load after each.")] = Load.seconds,
    only: Annotated[str, typer.Option(help="Disasters with this in their name.")] = "",
) -> None:
    """Medians over the rounds, the least and the most of silences; sums of what was lost, came twice or began anew."""
    busy = os.getloadavg()[0]
    load = Load(watchers=watchers, seconds=seconds)
    found: dict[str, list[Figures]] = {}
    for broker, disasters in ((RedisCluster(), ON_A_CLUSTER), (RedisServer(), ON_ONE_SERVER)):
        chosen = {name: disaster for name, disaster in disasters.items() if only in name}
        if chosen:
            with standing(broker) as stand:
                found |= asyncio.run(measured(stand, load, chosen, rounds))
    typer.echo(f"{os.cpu_count()} cores, load average before: {busy:.1f}.\n\n{table(found)}")
    if any(one.lost or one.twice for figures in found.values() for one in figures):
        raise typer.Exit(1)


async def measured(
    stand: Stand, load: Load, disasters: Mapping[str, Disaster], rounds: int
) -> dict[str, list[Figures]]:
    """The disasters by turns, over the same people."""
    found: dict[str, list[Figures]] = {name: [] for name in disasters}
    async with crowded(stand, load) as crowd:
        for turn in range(rounds):
            room = crowd.authors[turn % len(crowd.authors)].room
            for name, disaster in disasters.items():
                figures = await trial(stand, crowd, load, partial(disaster, stand, turn, room))
                typer.echo(f"round {turn + 1}, {name}: {figures.silence:.2f} s", err=True)
                found[name].append(figures)
    return found


def table(found: Mapping[str, Sequence[Figures]]) -> str:
    """Markdown: a row for each disaster."""
    head = "| what happens | longest silence s | from due to arrival p50 / p99 ms | lost | twice | resets |"
    return "\n".join([head, "|---|---|---|---|---|---|", *(_row(name, figures) for name, figures in found.items())])


def _row(name: str, figures: Sequence[Figures]) -> str:
    silences = [one.silence for one in figures]
    p50, p99 = (statistics.median(one.percentile(part) for one in figures) * 1000 for part in (50, 99))
    silence = f"**{statistics.median(silences):.2f}** ({min(silences):.2f} – {max(silences):.2f})"
    counts = (sum(column) for column in zip(*((one.lost, one.twice, one.resets) for one in figures), strict=True))
    return f"| {name} | {silence} | {p50:,.0f} / {p99:,.0f} | {' | '.join(map(str, counts))} |"


if __name__ == "__main__":
    typer.run(main)
