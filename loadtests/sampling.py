"""What processes cost, read from /proc: CPU time and resident memory."""

import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Cost(NamedTuple):
    """`cpu` is the share of one core since the last sample (1.0 is a whole core), `rss` bytes, `processes` how many."""

    cpu: float
    rss: int
    processes: int


class Sampler:
    """Samples groups of processes, each with its children. Children's shared pages count once for each."""

    def __init__(self) -> None:
        self._before: dict[int, float] = {}
        self._at = time.monotonic()

    def sample(self, groups: Mapping[str, Iterable[int]]) -> dict[str, Cost]:
        """The cost of each group since the last call. A process that is gone costs nothing."""
        now, children = time.monotonic(), _children()
        elapsed, before = max(now - self._at, 1e-3), self._before
        self._at, self._before = now, {}
        costs: dict[str, Cost] = {}
        for name, pids in groups.items():
            used, rss, found = 0.0, 0, 0
            for pid in _families(pids, children):
                read = _read(pid)
                if read is None:
                    continue
                seconds, size = read
                self._before[pid] = seconds
                used += max(0.0, seconds - before.get(pid, seconds))
                rss, found = rss + size, found + 1
            costs[name] = Cost(used / elapsed, rss, found)
        return costs


def _families(pids: Iterable[int], children: Mapping[int, list[int]]) -> list[int]:
    found = list(pids)
    for pid in found:
        found += children.get(pid, ())
    return found


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := _stat(int(entry))):
            found.setdefault(int(fields[1]), []).append(int(entry))
    return found


def _read(pid: int) -> tuple[float, int] | None:
    """Seconds of CPU so far, and resident bytes."""
    fields = _stat(pid)
    if fields is None:
        return None
    return (int(fields[11]) + int(fields[12])) / _TICKS, int(fields[21]) * _PAGE


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/pid/stat behind the name, which may hold anything."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2 :].split()
