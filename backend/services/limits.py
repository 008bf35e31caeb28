"""How often somebody may do something: token buckets, in memory, one set per process."""

from collections import OrderedDict
from collections.abc import Callable

import msgspec

from backend.domain.refusals import Refusal


class _Bucket(msgspec.Struct):
    tokens: float
    at: float


class Limiter:
    """A bucket per key that holds `burst` tokens and gains `rate` a second.

    At most `keys` buckets are kept; beyond them the one that was not used for longest is forgotten.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float], keys: int = 100_000) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._keys = keys
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str) -> None:
        """Takes one token.

        Raises:
            Refusal: `rate.limited`, with the seconds until there is one.
        """
        bucket = self._filled(key)
        if bucket.tokens < 1:
            wait = round((1 - bucket.tokens) / self._rate, 3)
            raise Refusal("rate.limited", "Too many attempts; wait a moment.", retry_after=wait)
        bucket.tokens -= 1

    def give_back(self, key: str) -> None:
        """Undoes a `take` that turned out not to count."""
        bucket = self._filled(key)
        bucket.tokens = min(self._burst, bucket.tokens + 1)

    def _filled(self, key: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(self._burst, now))
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket
