"""A user's bucket is one on all nodes, though nodes let a few commands go ahead of it. [S2.8]"""

import asyncio
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.refusals import Refusal
from backend.services import limits
from backend.services.limits import Limiter, SharedLimiter
from rooms.broker import Spending, Spent
from rooms.memory import Hub, MemoryBroker

NODES, RATE, BURST, AHEAD = 3, 2.0, 30.0, 3

Step = tuple[str, int]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(0, NODES - 1)),
        st.tuples(st.just("takes"), st.integers(0, NODES - 1)),
        st.tuples(st.just("answers"), st.integers(0, NODES - 1)),
        st.tuples(st.just("waits"), st.integers(1, 40)),
    ),
    max_size=60,
)


@pytest.fixture(autouse=True, scope="module")
def _by_the_clock_of_the_test() -> Iterator[None]:
    """Nothing waits for a moment to pass."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "TOLD_WITHIN", 0.0)
        patch.setattr(limits, "PATIENCE", 60.0)
        yield


class Slow:
    """The shared buckets as one node reaches them: what it asks arrives, in order, when the test says so."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._waiting: list[tuple[Sequence[Spending], asyncio.Future[Sequence[Spent]]]] = []

    async def spend(self, asked: Sequence[Spending]) -> Sequence[Spent]:
        answer: asyncio.Future[Sequence[Spent]] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        return await answer

    async def arrive(self) -> None:
        waiting, self._waiting = self._waiting, []
        for asked, answer in waiting:
            answer.set_result(await self._broker.spend(asked))


class Nodes:
    """One person's commands on several nodes; `passed` are the moments at which one was let through."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passed: list[float] = []
        self._hub = Hub(clock=self._clock)
        self._slow = [Slow(MemoryBroker(self._hub)) for _ in range(NODES)]
        self._limiters = [
            SharedLimiter("command", Limiter(RATE, BURST, self._clock), slow.spend, self._clock, ahead=AHEAD)
            for slow in self._slow
        ]
        self._takes: set[asyncio.Task[None]] = set()

    async def step(self, what: str, value: int) -> None:
        match what:
            case "take" | "takes":
                for _ in range(1 if what == "take" else 12):
                    self._takes.add(asyncio.create_task(self._take(self._limiters[value])))
            case "answers":
                await self._slow[value].arrive()
            case _:
                self.now += value / 4
        await turns()

    async def end(self) -> None:
        """Everything arrives and is answered."""
        while any(not take.done() for take in self._takes):
            for slow in self._slow:
                await slow.arrive()
            await turns()

    def _clock(self) -> float:
        return self.now

    async def _take(self, limiter: SharedLimiter) -> None:
        try:
            await limiter.take("ana")
        except Refusal:
            return
        self.passed.append(self.now)


async def turns() -> None:
    """So that whoever need not wait goes on."""
    for _ in range(8):
        await asyncio.sleep(0)


@settings(max_examples=200, deadline=None)
@given(steps)
def test_all_nodes_together_let_through_what_the_bucket_holds_and_a_few_for_each(taken: list[Step]) -> None:
    """In whatever span of time: what the bucket held, what it gained, and `ahead` for each node."""

    async def run() -> list[float]:
        nodes = Nodes()
        for what, value in taken:
            await nodes.step(what, value)
        await nodes.end()
        return nodes.passed

    passed = asyncio.run(run())
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            most = BURST + RATE * (passed[last] - passed[first]) + NODES * AHEAD
            assert last - first + 1 <= most + 1e-6


def test_what_passed_beyond_what_it_held_is_paid_for() -> None:
    """The few that the others let through, who know nothing of it yet; then nobody before the bucket has a token."""

    async def run() -> list[float]:
        nodes = Nodes()
        for _ in range(4):
            await nodes.step("takes", 0)
            await nodes.step("answers", 0)
        for node in range(NODES):
            await nodes.step("takes", node)
        await nodes.end()
        for _ in range(14):
            await nodes.step("waits", 1)
            await nodes.step("take", 0)
            await nodes.end()
        return nodes.passed

    passed = asyncio.run(run())
    spared = (NODES - 1) * AHEAD
    assert passed[: int(BURST) + spared] == [0.0] * (int(BURST) + spared)
    assert passed[int(BURST) + spared :] == [(spared + 1) / RATE]
