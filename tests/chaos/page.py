"""docs/CHAOS.md: what long runs did, a section for each."""

import statistics
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from tests.chaos.run import Outcome
from tests.support.platform import ROOT

PAGE: Final = ROOT / "docs" / "CHAOS.md"
RUNS: Final = "## Long runs\n"


@dataclass
class Total:
    """The sum of many runs."""

    broker: str
    failed: list[int] = field(default_factory=list)
    passed: int = 0
    seconds: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    away: list[float] = field(default_factory=list)

    def take(self, outcome: Outcome) -> None:
        """Adds a run in which everything held."""
        self.passed += 1
        self.seconds += outcome.seconds
        self.faults.update(outcome.faults)
        self.counts.update(outcome.counts)
        self.away += outcome.away

    def told(self) -> str:
        """For people, in Markdown."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        runs = self.passed + len(self.failed)
        yield f"{runs} seeds on {self.broker}: {self.passed} passed, failed: {self.failed or 'none'}."
        if self.passed:
            yield f"{self.seconds / self.passed:.1f} s a seed."
            yield ""
            yield from _table("done", self.counts)
            yield ""
            yield from _table("broken", self.faults)
        if self.away:
            ordered = sorted(self.away)
            high = ordered[int(len(ordered) * 0.99)]
            yield ""
            yield (
                f"{len(ordered)} times a client lost its connection; until it was in all of its rooms again it took"
                f" {statistics.median(ordered):.2f} s (median), {high:.1f} s (p99), {ordered[-1]:.1f} s (most)."
            )


def add(total: Total) -> None:
    """Puts the sum before those of older runs."""
    head, _, older = PAGE.read_text().partition(RUNS)
    title = f"### {datetime.now(UTC):%Y-%m-%d}, commit {_commit()}"
    PAGE.write_text(f"{head}{RUNS}\n{title}\n{total.told()}\n{older}")


def _table(title: str, counted: Mapping[str, int]) -> Iterator[str]:
    yield f"| {title} | times |"
    yield "|---|---|"
    for name, count in sorted(counted.items()):
        yield f"| {name} | {count:,} |"


def _commit() -> str:
    shown = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return shown.stdout.strip()
