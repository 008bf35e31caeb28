"""How often somebody may do something: token buckets. [S2]

A bucket belongs to one user and command, or, before login, to an address: nobody's command is limited because of what
somebody else does. [P2]
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from math import ceil
from typing import Final

import msgspec

from backend.domain.refusals import Refusal
from rooms.broker import BrokerUnavailable

Spend = Callable[[str, float, float, float], Awaitable[float]]
"""Takes so many tokens out of a bucket, by its key, rate and size, that all nodes share; the seconds to wait, or 0.

Raises BrokerUnavailable.
"""
PATIENCE: Final = 0.25
"""Seconds that a command waits for the shared bucket before this process's own one has to do."""
APART: Final = 1.0
"""Seconds after a failure in which nobody else waits for it."""
_ENOUGH: Final = 1 - 1e-6


class _Bucket(msgspec.Struct):
    tokens: float
    at: float


class Limiter:
    """A bucket per key that holds `burst` tokens and gains `rate` a second.

    At most `keys` buckets are kept; beyond them the one that was not used for longest is forgotten.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float], keys: int = 100_000) -> None:
        self.rate = rate
        self.burst = burst
        self._clock = clock
        self._keys = keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> None:
        """Takes one token.

        Raises:
            Refusal: `rate.limited`, with the seconds after which there is one.
        """
        bucket = self._filled(key)
        if bucket.tokens < _ENOUGH:
            raise limited((1 - bucket.tokens) / self.rate)
        bucket.tokens -= 1

    def count(self, key: str) -> None:
        """Takes a token that somebody else granted, if there is one."""
        bucket = self._filled(key)
        bucket.tokens = max(0.0, bucket.tokens - 1)

    def give_back(self, key: str) -> None:
        """Undoes a `take` that turned out not to count."""
        bucket = self._filled(key)
        bucket.tokens = min(self.burst, bucket.tokens + 1)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self.burst, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self.burst, bucket.tokens + (now - bucket.at) * self.rate)
        bucket.at = now
        return bucket


class SharedLimiter:
    """Buckets that all nodes share; while that cannot be, those of `local`.

    `name` keeps them apart from others'. Without `spend` there is nobody to share with.
    """

    def __init__(
        self, name: str, local: Limiter, spend: Spend | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._local = local
        self._spend = spend
        self._clock = clock
        self._apart_until = 0.0

    async def take(self, key: str) -> None:
        """Takes one token.

        Raises:
            Refusal: `rate.limited`; whoever waits `retry_after` seconds and was alone in it is not refused again.
        """
        wait = await self._shared(key, 1.0)
        if wait is None:
            self._local.take(key)
        elif wait:
            raise limited(wait)
        else:
            self._local.count(key)

    async def give_back(self, key: str) -> None:
        """Undoes a `take` that turned out not to count."""
        self._local.give_back(key)
        await self._shared(key, -1.0)

    async def _shared(self, key: str, cost: float) -> float | None:
        """Seconds to wait; None if only this process's own bucket can tell."""
        if self._spend is None or self._clock() < self._apart_until:
            return None
        # What is shared is read by others who need not know whose it is [P3].
        named = hashlib.blake2b(f"{self._name} {key}".encode(), digest_size=16).hexdigest()
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._spend(named, self._local.rate, self._local.burst, cost)
        except (BrokerUnavailable, TimeoutError):
            self._apart_until = self._clock() + APART
            return None


def limited(wait: float) -> Refusal:
    """`rate.limited`, with whole milliseconds after which it is over."""
    return Refusal("rate.limited", "Too many attempts; wait a moment.", retry_after=ceil(wait * 1_000) / 1_000)
