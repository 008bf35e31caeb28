"""The wheel against a model, on a loop whose clock stands still until it is moved."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from realtime.engine.heartbeat import NOWHERE, Wheel

# How much later than it was asked to a timer of the loop's is called.
TICK = 1e-6
# Times are computed by multiplication and division with the step.
CLOSE_TO = 1e-9


@dataclass
class Handle:
    at: float
    call: Callable[[], None]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class Clock:
    """As much of a loop as a wheel uses."""

    now: float = 1_000.0
    handles: list[Handle] = field(default_factory=list)

    def time(self) -> float:
        return self.now

    def call_at(self, at: float, call: Callable[[], None]) -> Handle:
        self.handles.append(Handle(at, call))
        return self.handles[-1]

    @property
    def live(self) -> list[Handle]:
        return [handle for handle in self.handles if not handle.cancelled]

    def move(self, seconds: float, late: float = 0.0) -> None:
        """Lets time go by; timers are called `late` seconds after their time."""
        end = self.now + seconds
        while due := [handle for handle in self.live if handle.at + late <= end]:
            first = min(due, key=lambda handle: handle.at)
            self.handles.remove(first)
            self.now = max(self.now, first.at + late) + TICK
            first.call()
        self.now = max(end, self.now)


@dataclass(eq=False)
class Item:
    slot: int = NOWHERE
    then: "Callable[[Item, float], None] | None" = None


class WheelMachine(RuleBasedStateMachine):
    """Items are due not before their time and at most a step (and what the timers lag) after it, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.wheel: Wheel[Item] = Wheel(cast(Any, self.clock), 1.0, self.on_due)
        self.step = 0.02
        self.items = [Item() for _ in range(5)]
        self.due: dict[Item, float] = {}
        self.put_at: dict[Item, float] = {}
        self.late = 0.0

    def on_due(self, item: Item, now: float) -> None:
        assert now == self.clock.now
        at = self.due.pop(item)
        assert now >= at - CLOSE_TO, "early"
        assert now <= max(at, self.put_at[item]) + self.step + self.late + 10 * TICK, "more than a step late"
        then, item.then = item.then, None
        if then is not None:
            then(item, now)

    def put(self, item: Item, at: float) -> None:
        self.due[item] = at
        self.put_at[item] = self.clock.now
        self.wheel.put(item, at)

    def take(self, item: Item) -> None:
        self.due.pop(item, None)
        self.wheel.take(item)

    @rule(which=st.integers(0, 4), wait=st.floats(-0.1, 3))
    def put_one(self, which: int, wait: float) -> None:
        self.put(self.items[which], self.clock.now + wait)

    @rule(which=st.integers(0, 4))
    def take_one(self, which: int) -> None:
        self.take(self.items[which])

    @rule(which=st.integers(0, 4), other=st.integers(0, 4), wait=st.floats(-0.05, 0.2))
    def put_another_when_due(self, which: int, other: int, wait: float) -> None:
        """As a session does with itself at every beat."""
        self.items[which].then = lambda _, now: self.put(self.items[other], now + wait)

    @rule(which=st.integers(0, 4), other=st.integers(0, 4))
    def take_another_when_due(self, which: int, other: int) -> None:
        """As a session that ends another, which may be due in the same step."""
        self.items[which].then = lambda _, __: self.take(self.items[other])

    @rule(first=st.integers(0, 4), second=st.integers(0, 4), wait=st.floats(0, 0.1))
    def put_two_at_once(self, first: int, second: int, wait: float) -> None:
        for which in (first, second):
            self.put(self.items[which], self.clock.now + wait)

    @rule(seconds=st.floats(0, 1))
    def time_goes_by(self, seconds: float) -> None:
        self.clock.move(seconds)

    @rule(late=st.floats(0, 1), seconds=st.floats(0, 2))
    def the_loop_is_busy(self, late: float, seconds: float) -> None:
        """A timer that comes late brings everything that it missed."""
        self.late = late
        self.clock.move(seconds, late)
        self.clock.move(TICK)
        self.late = 0.0

    @precondition(lambda self: not self.due)
    @rule()
    def nothing_waits(self) -> None:
        """Without items there is soon no timer."""
        self.clock.move(2 * self.step)
        assert not self.clock.live

    @invariant()
    def one_timer_for_all(self) -> None:
        assert len(self.clock.live) <= 1
        assert bool(self.clock.live) >= bool(self.due)

    @invariant()
    def slots_say_who_is_due(self) -> None:
        assert {item for item in self.items if item.slot != NOWHERE} == set(self.due)

    def teardown(self) -> None:
        """All that waits comes; after `close` nothing does."""
        self.clock.move(4.0)
        assert not self.due
        self.wheel.put(self.items[0], self.clock.now + 1)
        self.wheel.close()
        self.clock.move(2.0)
        assert not self.clock.live


TestWheel = WheelMachine.TestCase
TestWheel.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_a_thousand_sessions_share_the_timers() -> None:
    """The number of timers is that of steps, not of items."""
    clock = Clock()
    came: list[float] = []
    wheel: Wheel[Item] = Wheel(cast(Any, clock), 25.0, lambda _, now: came.append(now))
    for number in range(1_000):
        wheel.put(Item(), clock.now + 25 + number / 1_000)
    made = 0
    while clock.live:
        made += 1
        clock.move(clock.live[0].at - clock.now + TICK)
    assert len(came) == 1_000
    assert made <= math.ceil(26 / 0.25) + 2
