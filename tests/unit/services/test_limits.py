"""Rates are bounded, each bucket by itself. [S2]"""

import pytest

from backend.domain.refusals import Refusal
from backend.services.limits import Limiter


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
