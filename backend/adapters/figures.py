"""A process's figures, taken from what it counts for Prometheus."""

import asyncio
import os
import socket
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime

from prometheus_client import REGISTRY, Gauge

from backend.adapters.usage import usage
from backend.services.ops import WORST, CommandFigures, Figures, Lagging, NodeFigures, RelayFigures, Role, WorkerFigures

Lags = Callable[[int], Sequence[tuple[str, int]]]
"""Gives so many channels at most, and how many frames each is behind."""
Samples = dict[str, list[tuple[dict[str, str], float]]]
"""By name: labels and value."""

TASKS = Gauge("spirit_tasks", "Unfinished tasks of this process's event loop.")

_NODE = {
    "connections": "spirit_connections",
    "rooms": "spirit_rooms",
    "channels": "spirit_channels",
    "behind": "spirit_channels_behind",
    "unsent_bytes": "spirit_unsent_bytes",
    "deliveries": "spirit_fanout_members_sum",
    "timed": "spirit_delivery_seconds_count",
    "repairs": "spirit_channel_repairs_total",
    "resets": "spirit_channel_resets_total",
    "slow_readers": "spirit_slow_readers_total",
    "signals_dropped": "spirit_signals_dropped_total",
    "malformed": "spirit_malformed_packets_total",
    "shed": "spirit_connections_shed_total",
    "requests": "spirit_rest_requests_total",
}
_RELAY = {
    "rows": "spirit_relay_rows_total",
    "frames": "spirit_relay_frames_total",
    "failures": "spirit_reaction_failures_total",
    "outages": "spirit_relay_outages_total",
}
_LAG = "spirit_relay_lag_seconds"
_DUE = "spirit_due_quotations_total"
_TURNS = "spirit_workflow_turns_total"
_TAKEN_OVER = "spirit_workflow_takeovers_total"
_COMMANDS = "spirit_commands_total"
_TIMED_SECONDS = "spirit_delivery_seconds_sum"
_COMMAND_SECONDS = "spirit_command_seconds_sum"
_REFUSALS = "spirit_refusals_total"
_TASKS = "spirit_tasks"
_NAMES = (
    *_NODE.values(),
    *_RELAY.values(),
    *(_LAG, _DUE, _TURNS, _TAKEN_OVER, _TIMED_SECONDS, _COMMANDS, _COMMAND_SECONDS, _REFUSALS, _TASKS),
)


def count_tasks() -> None:
    """Counts the running loop's tasks from now on, whenever somebody asks."""
    loop = asyncio.get_running_loop()
    TASKS.set_function(lambda: float(len(asyncio.all_tasks(loop))))


def figures(roles: Collection[Role], lags: Lags = lambda _: ()) -> Figures:
    """What this process, which plays these roles, has counted so far; `lags` knows a node's channels."""
    samples, taken = _read(_NAMES), usage()
    now = datetime.now(UTC)
    return Figures(
        at=now,
        started_at=datetime.fromtimestamp(taken.started_at or now.timestamp(), UTC),
        host=socket.gethostname(),
        pid=os.getpid(),
        tasks=int(_sum(samples, _TASKS)),
        open_files=taken.open_files,
        memory_bytes=taken.memory_bytes,
        cpu_seconds=taken.cpu_seconds,
        node=_node(samples, lags) if "node" in roles else None,
        relay=_relay(samples) if "relay" in roles else None,
        worker=_worker(samples) if "worker" in roles else None,
    )


def _read(names: Iterable[str]) -> Samples:
    found: Samples = defaultdict(list)
    for family in REGISTRY.restricted_registry(names).collect():
        for sample in family.samples:
            found[sample.name].append((sample.labels, sample.value))
    return found


def _sum(samples: Samples, name: str) -> float:
    return sum(value for _, value in samples.get(name, ()))


def _by(samples: Samples, name: str, label: str) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for labels, value in samples.get(name, ()):
        sums[labels[label]] += value
    return sums


def _node(samples: Samples, lags: Lags) -> NodeFigures:
    taken = _by(samples, _COMMAND_SECONDS, "command")
    refused: dict[str, float] = defaultdict(float)
    for labels, value in samples.get(_COMMANDS, ()):
        refused[labels["command"]] += value if labels["outcome"] != "ok" else 0.0
    commands = {
        name: CommandFigures(int(count), int(refused[name]), taken.get(name, 0.0))
        for name, count in _by(samples, _COMMANDS, "command").items()
    }
    return NodeFigures(
        **{field: int(_sum(samples, name)) for field, name in _NODE.items()},
        timed_seconds=_sum(samples, _TIMED_SECONDS),
        commands=commands,
        refusals={code: int(count) for code, count in _by(samples, _REFUSALS, "code").items()},
        lagging=tuple(Lagging(channel, frames) for channel, frames in lags(WORST)),
    )


def _worker(samples: Samples) -> WorkerFigures:
    turns = _by(samples, _TURNS, "outcome")
    return WorkerFigures(
        due=int(_sum(samples, _DUE)),
        turns=int(turns.get("ok", 0)),
        failed=int(turns.get("failed", 0)),
        dead=int(turns.get("dead", 0)),
        taken_over=int(_sum(samples, _TAKEN_OVER)),
    )


def _relay(samples: Samples) -> RelayFigures:
    return RelayFigures(lag=_sum(samples, _LAG), **{field: int(_sum(samples, name)) for field, name in _RELAY.items()})
