"""Rates are bounded, each bucket by itself. [S2]"""

import asyncio
from collections.abc import Sequence

import pytest

from backend.domain.refusals import Refusal
from backend.services.limits import APART, Limiter, SharedLimiter, ahead_of
from rooms.broker import BrokerUnavailable, Spending, Spent
from tests.support.wait import until


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limiter = Limiter(rate=2, burst=3, clock=clock)
    for _ in range(3):
        limiter.take("ana")
    with pytest.raises(Refusal) as refused:
        limiter.take("ana")
    assert refused.value.code == "rate.limited"
    assert refused.value.retry_after == 0.5
    clock.now = 0.5
    limiter.take("ana")


def test_one_users_bucket_is_not_anothers() -> None:
    limiter = Limiter(rate=1, burst=1, clock=Clock())
    limiter.take("ana")
    limiter.take("bruno")


def test_what_is_given_back_does_not_count_and_does_not_add() -> None:
    limiter = Limiter(rate=1, burst=1, clock=Clock())
    limiter.give_back("ana")
    limiter.take("ana")
    limiter.give_back("ana")
    limiter.take("ana")
    with pytest.raises(Refusal):
        limiter.take("ana")


def test_memory_is_bounded() -> None:
    limiter = Limiter(rate=1, burst=1, clock=Clock(), keys=2)
    for key in ("a", "b", "c"):
        limiter.take(key)
    with pytest.raises(Refusal):
        limiter.take("c")
    limiter.take("a")


@pytest.mark.parametrize("rate", [0.3, 3.0, 7.0, 20.0])
def test_who_waits_as_long_as_told_is_not_refused_again(rate: float) -> None:
    clock = Clock()
    limiter = Limiter(rate=rate, burst=1, clock=clock)
    limiter.take("ana")
    for _ in range(100):
        with pytest.raises(Refusal) as refused:
            limiter.take("ana")
        clock.now += refused.value.retry_after or 0
        limiter.take("ana")


class Shared:
    """What nodes share, which may be away or not answer; `asked` are the keys, `owed` what was taken ahead of it."""

    def __init__(self) -> None:
        self.wait = 0.0
        self.left = 0.0
        self.away = False
        self.silent = False
        self.asked: list[str] = []
        self.owed = 0.0

    async def spend(self, asked: Sequence[Spending]) -> Sequence[Spent]:
        self.asked += [one.key for one in asked]
        if self.silent:
            await asyncio.Event().wait()
        if self.away:
            raise BrokerUnavailable
        self.owed += sum(one.owed for one in asked)
        return [Spent(self.wait, self.left)] * len(asked)


async def test_what_is_shared_decides() -> None:
    shared, clock = Shared(), Clock()
    limiter = SharedLimiter("command", Limiter(1, 1, clock), shared.spend, clock)
    for _ in range(5):
        await limiter.take("ana room.join")
    shared.wait = 0.1234567
    with pytest.raises(Refusal) as refused:
        await limiter.take("ana room.join")
    assert refused.value.retry_after == 0.124
    assert len(set(shared.asked)) == 1
    assert "ana" not in shared.asked[0]


@pytest.mark.parametrize("how", ["away", "silent"])
async def test_without_it_a_process_goes_by_its_own(how: str) -> None:
    """By what it heard last; and not everybody waits to find out that it is away."""
    shared, clock = Shared(), Clock()
    limiter = SharedLimiter("command", Limiter(1, 3, clock), shared.spend, clock)
    shared.left = 2.0
    await limiter.take("ana")
    setattr(shared, how, True)
    for _ in range(2):
        await limiter.take("ana")
    with pytest.raises(Refusal) as refused:
        await limiter.take("ana")
    assert refused.value.retry_after == 1.0
    assert len(shared.asked) == 2
    setattr(shared, how, False)
    clock.now += APART
    await limiter.take("ana")
    assert len(shared.asked) == 3


async def test_where_there_is_plenty_nobody_waits_and_it_is_told_afterwards() -> None:
    """What one bucket is told, is told together."""
    shared, clock = Shared(), Clock()
    limiter = SharedLimiter("command", Limiter(1, 30, clock), shared.spend, clock, ahead=3)
    shared.silent = True
    for key in ("ana", "bruno", "ana", "ana"):
        await limiter.take(key)
    assert shared.asked == []
    shared.silent, shared.left = False, 20.0
    await until(lambda: shared.owed == 4.0, what="the buckets were told")
    assert len(shared.asked) == len(set(shared.asked)) == 2


async def test_no_more_than_so_many_are_taken_ahead() -> None:
    """The next asks, and says what was taken."""
    shared, clock = Shared(), Clock()
    limiter = SharedLimiter("command", Limiter(1, 30, clock), shared.spend, clock, ahead=3)
    shared.left = 26.0
    for _ in range(4):
        await limiter.take("ana")
    assert (len(shared.asked), shared.owed) == (1, 3.0)


async def test_where_there_is_little_everybody_asks() -> None:
    """So `retry_after` is true, and those who wait for it get what they were told."""
    shared, clock = Shared(), Clock()
    limiter = SharedLimiter("command", Limiter(1, 30, clock), shared.spend, clock, ahead=3)
    for _ in range(4):
        await limiter.take("ana")
    shared.left = 3.5
    await limiter.take("ana")
    asked = len(shared.asked)
    await limiter.take("ana")
    assert len(shared.asked) == asked + 1
    shared.wait, shared.left = 2.0, -1.0
    with pytest.raises(Refusal) as refused:
        await limiter.take("ana")
    assert refused.value.retry_after == 2.0


def test_a_small_bucket_is_never_overdrawn() -> None:
    assert [ahead_of(burst) for burst in (1, 9, 10, 60, 1_000_000)] == [0, 0, 1, 6, 8]
