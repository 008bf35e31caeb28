"""How often somebody may do something: token buckets. [S2]

A bucket belongs to one user and command, or, before login, to an address: nobody's command is limited because of what
somebody else does. [P2]
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import ceil, inf
from typing import Final

import msgspec

from backend.domain.refusals import Refusal
from rooms.broker import BrokerUnavailable, Spending, Spent

Spend = Callable[[Sequence[Spending]], Awaitable[Sequence[Spent]]]
"""Takes tokens out of buckets that all nodes share. Raises BrokerUnavailable."""
PATIENCE: Final = 0.25
"""Seconds that a command waits for the shared bucket before this process's own one has to do."""
APART: Final = 1.0
"""Seconds after a failure in which nobody else waits for it."""
TOLD_WITHIN: Final = 0.01
"""Seconds after which the shared buckets are told what was taken ahead of them."""
MOST_AHEAD: Final = 8
"""Tokens of one bucket at most that a process takes before it is told of any, or a tenth of what it holds."""
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

    def tokens(self, key: str) -> float:
        """How many there are."""
        return self._filled(key).tokens

    def correct(self, key: str, tokens: float) -> None:
        """There are so many, as somebody knows who knows better."""
        self._filled(key).tokens = min(self.burst, tokens)

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


def ahead_of(burst: float) -> int:
    """How many tokens a process may take ahead of a bucket of that size."""
    return min(MOST_AHEAD, int(burst / 10))


class SharedLimiter:
    """Buckets that all nodes share; while that cannot be, those of `local`, which are what is known of them otherwise.

    Where there is plenty, `ahead` tokens of a bucket may be taken at once and told later. The bucket may owe them then:
    all nodes together let through at most `ahead` more for each node than it gives, and nothing until that is paid.
    `name` keeps them apart from others'. Without `spend` there is nobody to share with.
    """

    def __init__(
        self,
        name: str,
        local: Limiter,
        spend: Spend | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        ahead: int = 0,
    ) -> None:
        self._name = name
        self._local = local
        self._spend = spend or _nobody
        self._clock = clock
        self._most_ahead = ahead
        self._apart_until = 0.0 if spend else inf
        # Tokens taken ahead: those of which nobody was told, and all whose answer is not there yet.
        self._untold: dict[str, int] = {}
        self._ahead: dict[str, int] = {}
        self._telling: set[asyncio.Task[None]] = set()

    async def take(self, key: str) -> None:
        """Takes one token.

        Raises:
            Refusal: `rate.limited`; whoever waits `retry_after` seconds and was alone in it is not refused again.
        """
        if not self._shares():
            self._local.take(key)
        elif self._may_go_ahead(key):
            self._go_ahead(key)
        elif (spent := await self._ask(key, 1.0)) is None:
            self._local.take(key)
        elif spent.wait:
            raise limited(spent.wait)

    async def give_back(self, key: str) -> None:
        """Undoes a `take` that turned out not to count."""
        self._local.give_back(key)
        if self._shares():
            await self._ask(key, 0.0, -1)

    def _shares(self) -> bool:
        return self._clock() >= self._apart_until

    def _may_go_ahead(self, key: str) -> bool:
        """Not where the bucket is nearly empty: there it says itself who has the last tokens."""
        return self._ahead.get(key, 0) < self._most_ahead and self._local.tokens(key) >= self._most_ahead + 1

    def _go_ahead(self, key: str) -> None:
        self._local.take(key)
        if not self._untold:
            asyncio.get_running_loop().call_later(TOLD_WITHIN, self._tell)
        self._untold[key] = self._untold.get(key, 0) + 1
        self._ahead[key] = self._ahead.get(key, 0) + 1

    def _tell(self) -> None:
        if self._untold:
            untold, self._untold = self._untold, {}
            task = asyncio.create_task(self._told(untold))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _told(self, untold: Mapping[str, int]) -> None:
        await self._shared([self._spending(key, 0.0, owed) for key, owed in untold.items()], untold)

    async def _ask(self, key: str, cost: float, back: int = 0) -> Spent | None:
        """What is untold goes with it, so that the answer is true; None if only this process's own bucket can tell."""
        owed = self._untold.pop(key, 0)
        answers = await self._shared([self._spending(key, cost, owed + back)], {key: owed})
        return answers[0] if answers else None

    async def _shared(self, asked: Sequence[Spending], told: Mapping[str, int]) -> Sequence[Spent] | None:
        """The answers, by which the process's own buckets are put right; None if there are none."""
        try:
            async with asyncio.timeout(PATIENCE):
                spent = await self._spend(asked)
        except (BrokerUnavailable, TimeoutError):
            self._apart_until = self._clock() + APART
            return None
        finally:
            for key, owed in told.items():
                self._forget(key, owed)
        for key, answer in zip(told, spent, strict=True):
            self._local.correct(key, answer.left - self._ahead.get(key, 0))
        return spent

    def _spending(self, key: str, cost: float, owed: int) -> Spending:
        # What is shared is read by others who need not know whose it is [P3].
        named = hashlib.blake2b(f"{self._name} {key}".encode(), digest_size=16).hexdigest()
        return Spending(named, self._local.rate, self._local.burst, cost, owed)

    def _forget(self, key: str, owed: int) -> None:
        left = self._ahead.get(key, 0) - owed
        if left > 0:
            self._ahead[key] = left
        else:
            self._ahead.pop(key, None)


async def _nobody(_: Sequence[Spending]) -> Sequence[Spent]:
    raise BrokerUnavailable


def limited(wait: float) -> Refusal:
    """`rate.limited`, with whole milliseconds after which it is over."""
    return Refusal("rate.limited", "Too many attempts; wait a moment.", retry_after=ceil(wait * 1_000) / 1_000)
