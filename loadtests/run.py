"""One run: the driver's processes, what they report, what the servers cost, second by second and phase by phase."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from loadtests.clients import Deployment
from loadtests.people import Population
from loadtests.processes import Child, any_of, processes_for
from loadtests.sampling import Cost, Sampler
from loadtests.stand import Stand
from loadtests.tally import Tally
from loadtests.worker import Status, Worker

SECOND = 1.0
SETTLING = 60.0
"""Seconds after which a worker that does not report is given up."""
QUIET_LINES = 5
"""Seconds between progress lines where they cannot be overwritten."""


@dataclass
class Phase:
    """A part of a run. `began` and `seconds` are relative to the run's; `notes` what the scenario found out.

    `calm` says that nobody should lose a connection in it.
    """

    name: str
    began: float
    calm: bool
    seconds: float = 0.0
    tally: Tally = field(default_factory=Tally)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    rss: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Total:
    """How all workers stand together."""

    online: int = 0
    away: int = 0
    pending: int = 0
    heartbeats: int = 0
    heads: Counter[tuple[bytes, int]] = field(default_factory=Counter)


class Run:
    """Workers under command. Worker 0 has the operator and the teams, the others the spectators."""

    def __init__(self, deployment: Deployment, groups: Callable[[], Mapping[str, list[int]]], stand: Stand | None):
        """`groups` tells the servers' processes to sample; `stand` is ours to kill nodes of, if any.

        `expected` is the seq of the announcements that everybody should reach.
        """
        self.people: Population = deployment.people
        self.stand = stand
        self.began = time.monotonic()
        self.total = Total()
        self.expected = 0
        self.whole = Tally()
        self.phases: list[Phase] = []
        self.rows: list[dict[str, Any]] = []
        self._groups = groups
        self._sampler = Sampler()
        local = all(node.host.startswith("127.") for node in deployment.nodes)
        spectators = processes_for(max(1, self.people.spectators))
        self.workers = [Child(Worker, deployment, sources(index, local)) for index in range(1 + spectators)]
        self._status: dict[int, Status] = {}
        self._second = Tally()
        self._next = time.monotonic() + SECOND

    def numbers(self) -> list[range]:
        """Whom each worker has."""
        rest = len(self.workers) - 1
        spectators = [range(self.people.active + index, self.people.size, rest) for index in range(rest)]
        return [range(self.people.active), *spectators]

    @contextmanager
    def phase(self, name: str, *, calm: bool = True) -> Iterator[Phase]:
        """What happens in the block counts for this phase."""
        begun = time.monotonic()
        phase = Phase(name, begun - self.began, calm)
        self.phases.append(phase)
        try:
            yield phase
        finally:
            self.settle()
            phase.seconds = time.monotonic() - begun

    def hold(self, seconds: float) -> None:
        """Lets time pass."""
        deadline = time.monotonic() + seconds
        self.until(lambda: time.monotonic() >= deadline, seconds + 1)

    def until(self, condition: Callable[[], bool], within: float) -> bool:
        """Whether the condition came to hold in time."""
        deadline = time.monotonic() + within
        while not condition():
            if time.monotonic() > deadline:
                return False
            self._listen(min(0.1, max(0.0, self._next - time.monotonic())))
        return True

    def settle(self) -> None:
        """Waits until all that the workers have counted up to now is in a row."""
        self._status.clear()
        for worker in self.workers:
            worker.tell("report")
        self.until(lambda: len(self._status) == len(self.workers), SETTLING)
        rows = len(self.rows)
        self.until(lambda: len(self.rows) > rows, SETTLING)

    def stop(self) -> None:
        """Ends the driver's processes."""
        for child in self.workers:
            child.stop()

    def _listen(self, within: float) -> None:
        for child in any_of(self.workers, within):
            for status in child.reports():
                self._status[child.pid] = status
                self._second.merge(status.tally)
        self.total = _sum(self._status.values())
        if time.monotonic() >= self._next:
            self._next += SECOND
            self._row()

    def _row(self) -> None:
        second, self._second = self._second, Tally()
        costs = self._sampler.sample({**self._groups(), "driver": [child.pid for child in self.workers]})
        self.whole.merge(second)
        if self.phases:
            _add(self.phases[-1], second, costs)
        delivery, connect = second.times.get("delivery"), second.times.get("connect")
        self.rows.append(
            {
                "t": round(time.monotonic() - self.began, 2),
                "online": self.total.online,
                "away": self.total.away,
                "connected": second.counts["connected"],
                "frames": second.counts["frames"],
                "delivery": delivery.figures() if delivery else None,
                "connect": connect.figures() if connect else None,
                "cpu": {name: round(cost.cpu, 3) for name, cost in costs.items()},
                "rss": {name: cost.rss for name, cost in costs.items()},
            }
        )
        self._say(costs)

    def _say(self, costs: Mapping[str, Cost]) -> None:
        row, phase = self.rows[-1], self.phases[-1].name if self.phases else "start"
        late = f", p99 {row['delivery']['p99']:.0f} ms" if row["delivery"] else ""
        nodes = costs.get("nodes", Cost(0.0, 0, 0))
        line = (
            f"{row['t']:6.0f} s  {phase}: {row['online']:,} of {self.people.size:,} online, {row['connected']:,} new, "
            f"{row['frames']:,} frames{late}; nodes {nodes.cpu:.0%} cpu, {nodes.rss / 1e6:.0f} MB"
        )
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{line}")
        elif len(self.rows) % QUIET_LINES == 1:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()


def sources(index: int, local: bool) -> tuple[str, ...]:
    """Where a worker's connections come from: four addresses of its own on this machine, or whatever the route says."""
    return tuple(f"127.0.{index + 1}.{host}" for host in range(1, 5)) if local else ("",)


def _add(phase: Phase, second: Tally, costs: Mapping[str, Cost]) -> None:
    phase.tally.merge(second)
    for name, cost in costs.items():
        phase.cpu.setdefault(name, []).append(cost.cpu)
        phase.rss[name] = max(phase.rss.get(name, 0), cost.rss)


def _sum(statuses: Any) -> Total:
    total = Total()
    for status in statuses:
        total.online += status.online
        total.away += status.away
        total.pending += status.pending
        total.heartbeats += status.heartbeats
        total.heads.update(status.heads)
    return total
