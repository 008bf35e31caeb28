"""A process's figures are what it counts for Prometheus, and nothing else."""

import asyncio
import os
from datetime import UTC, datetime

from backend.adapters.figures import count_tasks, figures
from backend.services.ops import WORST, CommandFigures, Lagging, NodeFigures, RelayFigures
from realtime import metrics
from workers import metrics as of_workers


def _node() -> NodeFigures:
    node = figures(("node",)).node
    assert node is not None
    return node


def _relay() -> RelayFigures:
    relay = figures(("relay",)).relay
    assert relay is not None
    return relay


def test_a_process_tells_of_its_own_roles_alone() -> None:
    told = figures(("relay",))
    assert told.node is None
    assert told.worker is None
    assert told.relay is not None
    assert told.pid == os.getpid()
    assert told.memory_bytes > 1_000_000
    assert told.started_at < told.at <= datetime.now(UTC)


def test_what_a_node_counts_is_told() -> None:
    before = _node()
    metrics.CONNECTIONS.set(7)
    metrics.ROOMS.set(4)
    metrics.CHANNELS.set(5)
    metrics.BEHIND.set(2)
    metrics.FANOUT.observe(30)
    metrics.SLOW_READERS.inc()
    metrics.SHED.inc(2)
    metrics.DELIVERY_SECONDS.observe(0.5)
    metrics.REPAIRS.labels("gap").inc(2)
    metrics.REPAIRS.labels("comparison").inc(3)
    after = _node()
    assert (after.connections, after.rooms, after.channels, after.behind) == (7, 4, 5, 2)
    assert after.deliveries - before.deliveries == 30
    assert after.slow_readers - before.slow_readers == 1
    assert after.shed - before.shed == 2
    assert (after.timed - before.timed, after.timed_seconds - before.timed_seconds) == (1, 0.5)
    assert after.repairs - before.repairs == 5


def test_commands_and_refusals_are_told_by_name_and_code() -> None:
    for outcome in ("ok", "ok", "figures.refused"):
        metrics.COMMANDS.labels("figures.try", outcome).inc()
        metrics.COMMAND_SECONDS.labels("figures.try").observe(0.25)
    metrics.REFUSALS.labels("figures.refused").inc()
    node = _node()
    assert node.commands["figures.try"] == CommandFigures(count=3, refused=1, seconds=0.75)
    assert node.refusals["figures.refused"] == 1


def test_what_a_relay_and_a_worker_count_is_told() -> None:
    before = _relay()
    of_workers.ROWS.inc(3)
    of_workers.FRAMES.inc(9)
    of_workers.LAG.set(1.5)
    after = _relay()
    assert (after.rows - before.rows, after.frames - before.frames, after.lag) == (3, 9, 1.5)
    looked_at = figures(("worker",)).worker
    of_workers.DUE.inc(2)
    again = figures(("worker",)).worker
    assert looked_at is not None
    assert again is not None
    assert again.due - looked_at.due == 2


def test_a_node_names_its_worst_channels() -> None:
    """Not more of them than can be read; a process that is no node names none."""
    asked: list[int] = []

    def lags(most: int) -> list[tuple[str, int]]:
        asked.append(most)
        return [("quotation:1/agency", 7), ("quotation:2/agency", 3)]

    node = figures(("node",), lags).node
    assert node is not None
    assert node.lagging == (Lagging("quotation:1/agency", 7), Lagging("quotation:2/agency", 3))
    assert figures(("relay",), lags).node is None
    assert asked == [WORST]


async def test_a_process_tells_its_tasks_and_files() -> None:
    count_tasks()
    before = figures(("relay",))
    waiting = [asyncio.create_task(asyncio.sleep(60)) for _ in range(5)]
    file = os.open(os.devnull, os.O_RDONLY)
    after = figures(("relay",))
    os.close(file)
    assert (after.tasks, after.open_files) == (before.tasks + 5, before.open_files + 1)
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert figures(("relay",)).tasks == before.tasks
