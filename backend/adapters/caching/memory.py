"""A cache in this process: bounded in bytes, the least recently used goes first."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from prometheus_client import Counter, Gauge

from backend.services.caching import LIFE, Compute, Kind, group_of

ASKED = Counter("spirit_cache_asked", "Questions to a cache, by kind and outcome.", ("kind", "outcome"))
"""`hit`, `computed`, `waited` (for somebody who computed it), or `alone` (computed while the cache was away)."""
BYTES = Gauge("spirit_cache_bytes", "Bytes kept by this process's caches.")

_Name = tuple[Kind, str]


class _Kept(NamedTuple):
    value: bytes
    until: float


class MemoryCache:
    """Keeps `most_bytes` of values; one that is larger than a quarter of that is not kept."""

    def __init__(self, most_bytes: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most = most_bytes
        self._now = now
        self._size = 0
        self._kept: OrderedDict[_Name, _Kept] = OrderedDict()
        self._computing: dict[_Name, asyncio.Task[bytes]] = {}

    async def get(self, kind: Kind, key: str, compute: Compute) -> bytes:
        name = (kind, key)
        kept = self._kept.get(name)
        if kept and kept.until > self._now():
            self._kept.move_to_end(name)
            ASKED.labels(kind, "hit").inc()
            return kept.value
        running = self._computing.get(name)
        ASKED.labels(kind, "waited" if running else "computed").inc()
        # Whoever asked first may go away; the others still want it.
        return await asyncio.shield(running or self._begin(name, compute))

    async def forget(self, kind: Kind, group: str = "") -> None:
        def meant(name: _Name) -> bool:
            return name[0] == kind and (not group or group_of(name[1]) == group)

        for name in filter(meant, [*self._kept]):
            self._drop(name)
        for name in filter(meant, [*self._computing]):
            del self._computing[name]

    def _begin(self, name: _Name, compute: Compute) -> "asyncio.Task[bytes]":
        task = asyncio.ensure_future(compute())
        self._computing[name] = task
        task.add_done_callback(lambda done: self._computed(name, done))
        return task

    def _computed(self, name: _Name, task: "asyncio.Task[bytes]") -> None:
        wanted = self._computing.get(name) is task
        if wanted:
            del self._computing[name]
        if not task.cancelled() and task.exception() is None and wanted:
            self._keep(name, task.result())

    def _keep(self, name: _Name, value: bytes) -> None:
        self._drop(name)
        if len(value) > self._most // 4:
            return
        self._kept[name] = _Kept(value, self._now() + LIFE[name[0]].total_seconds())
        self._add(len(value))
        while self._size > self._most:
            self._drop(next(iter(self._kept)))

    def _drop(self, name: _Name) -> None:
        kept = self._kept.pop(name, None)
        if kept:
            self._add(-len(kept.value))

    def _add(self, size: int) -> None:
        self._size += size
        BYTES.inc(size)
