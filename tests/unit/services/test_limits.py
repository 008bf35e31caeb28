"""Rates are bounded, each bucket by itself. [S2]"""

import asyncio

import pytest

from backend.domain.refusals import Refusal
from backend.services.limits import APART, Limiter, SharedLimiter
from rooms.broker import BrokerUnavailable


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
    """What nodes share, which may be away or not answer; `asked` are the keys."""

    def __init__(self) -> None:
        self.wait = 0.0
        self.away = False
        self.silent = False
        self.asked: list[str] = []

    async def spend(self, key: str, rate: float, burst: float, cost: float) -> float:
        self.asked.append(key)
        if self.silent:
            await asyncio.Event().wait()
        if self.away:
            raise BrokerUnavailable
        return self.wait


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
    """It has kept count meanwhile; and not everybody waits to find out that it is away."""
    shared, clock = Shared(), Clock()
    limiter = SharedLimiter("command", Limiter(1, 3, clock), shared.spend, clock)
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
