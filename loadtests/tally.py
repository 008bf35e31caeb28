"""Counting and timing, cheap to add to and to send between processes."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_STEPS = 1 / math.log(1.03)
_SHORTEST = 1e-6


class Histogram:
    """Durations in seconds, in buckets 3% wide. Percentiles are their bucket's upper edge: at most 3% too high."""

    __slots__ = ("buckets", "count", "largest", "total")

    def __init__(self) -> None:
        self.buckets: dict[int, int] = {}
        self.count = 0
        self.total = 0.0
        self.largest = 0.0

    def add(self, seconds: float) -> None:
        bucket = math.floor(math.log(max(seconds, _SHORTEST)) * _STEPS)
        self.buckets[bucket] = self.buckets.get(bucket, 0) + 1
        self.count += 1
        self.total += seconds
        if seconds > self.largest:
            self.largest = seconds

    def merge(self, other: "Histogram") -> None:
        for bucket, count in other.buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count
        self.count += other.count
        self.total += other.total
        self.largest = max(self.largest, other.largest)

    def at(self, share: float) -> float:
        """The duration that this share of all (0..1) does not exceed; 0 if there is none."""
        wanted, seen = share * self.count, 0
        for bucket in sorted(self.buckets):
            seen += self.buckets[bucket]
            if seen >= wanted:
                return min(math.exp((bucket + 1) / _STEPS), self.largest)
        return self.largest

    def figures(self) -> dict[str, float]:
        """What a report says of it: `count`, and the rest in milliseconds."""
        mean = self.total / self.count if self.count else 0.0
        named = {"mean": mean, "p50": self.at(0.5), "p90": self.at(0.9), "p99": self.at(0.99), "p999": self.at(0.999)}
        milliseconds = {name: round(value * 1000, 3) for name, value in {**named, "max": self.largest}.items()}
        return {"count": self.count, **milliseconds}


@dataclass
class Tally:
    """What happened since the last one: `counts` and `times` by name, and announcements by id: those `published`, and
    to how many clients each was `delivered`."""

    counts: Counter[str] = field(default_factory=Counter)
    times: dict[str, Histogram] = field(default_factory=dict)
    published: list[bytes] = field(default_factory=list)
    delivered: Counter[bytes] = field(default_factory=Counter)

    def time(self, name: str, seconds: float) -> None:
        histogram = self.times.get(name)
        if histogram is None:
            histogram = self.times[name] = Histogram()
        histogram.add(seconds)

    def merge(self, other: "Tally") -> None:
        self.counts.update(other.counts)
        self.published += other.published
        self.delivered.update(other.delivered)
        for name, histogram in other.times.items():
            self.times.setdefault(name, Histogram()).merge(histogram)

    def counted(self, prefix: str) -> dict[str, int]:
        """The counts whose names begin so, without the prefix."""
        return {name.removeprefix(prefix): many for name, many in self.counts.items() if name.startswith(prefix)}


def merged(tallies: Iterable[Tally]) -> Tally:
    """All in one."""
    whole = Tally()
    for tally in tallies:
        whole.merge(tally)
    return whole
