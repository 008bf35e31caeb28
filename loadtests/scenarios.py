"""What is done to a deployment. Each scenario is one or two phases of a run and notes what it found."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from loadtests.run import Run

QUIET = 2.0
"""Seconds without anything to do, after which whatever is still missing is lost."""

LONG_ONES = 10
"""Long announcements that slow readers ask for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much of everything. Times are in seconds, sizes in bytes, rates per second."""

    sockets: int = 1_000
    ramp: float = 10.0
    patience: float = 120.0
    hold: float = 30.0
    announcements: int = 10
    every: float = 2.0
    size: int = 300
    quotations: int | None = None
    work: float = 30.0
    pause: float = 2.0
    restart_after: float = 2.0
    slow: int = 100
    slow_for: float = 20.0
    slow_over: float = 10.0
    slow_joins: int = 60
    slow_size: int = 9_000
    churn: float = 20.0
    churn_for: float = 30.0

    def figures(self) -> dict[str, float | int | None]:
        return asdict(self)


def ramp(run: Run, plan: Plan) -> None:
    """Everybody connects, at an even rate over `ramp` seconds."""
    with run.phase("ramp", calm=False) as phase:
        rate = plan.sockets / plan.ramp
        begin = time.monotonic() + 0.5
        for worker, numbers in zip(run.workers, run.numbers(), strict=True):
            if numbers:
                worker.tell("come", numbers, rate * len(numbers) / plan.sockets, begin)
        done = run.until(lambda: run.total.online == plan.sockets and not run.total.away, plan.ramp + plan.patience)
        phase.notes |= {"all connected": done, "seconds": round(time.monotonic() - begin, 2)}
        phase.notes["per second asked"] = round(rate)
        run.expected = max((seq for _, seq in run.total.heads), default=0)


def hold(run: Run, plan: Plan) -> None:
    """Nothing but heartbeats, for `hold` seconds."""
    with run.phase("hold") as phase:
        before = run.total.heartbeats
        run.hold(plan.hold)
        phase.notes |= {"heartbeats": run.total.heartbeats - before}


def announce(run: Run, plan: Plan) -> None:
    """Announcements to everybody, one `every` so many seconds."""
    with run.phase("announcements") as phase:
        _publish(run, plan.announcements, plan.every, plan.size)
        phase.notes["reached everybody"] = _reaches_all(run, plan.announcements * plan.every + plan.patience)


def quotations(run: Run, plan: Plan) -> None:
    """All teams work at their quotations for `work` seconds, a command every `pause` seconds each."""
    with run.phase("quotations") as phase:
        run.workers[0].tell("quote", range(run.people.quotations), plan.pause)
        run.hold(plan.work)
        run.workers[0].tell("calm")
        phase.notes["all answered"] = run.until(lambda: not run.total.pending, plan.patience)
        phase.notes["commands per second"] = round(_acks(run) / plan.work, 1)
        run.hold(QUIET)
    with run.phase("check"):
        run.workers[0].tell("check")
        run.settle()
        run.until(lambda: not run.total.pending, plan.patience)


def storm(run: Run, plan: Plan) -> None:
    """A node is killed, and started again after `restart_after` seconds; announcements go on meanwhile.

    Not the first node, unless it is the only one: the operator, who publishes them, is on that.
    """
    stand = run.stand
    if stand is None:
        raise ValueError("only a node of our own stand can be killed")
    with run.phase("storm", calm=False) as phase:
        begun = time.monotonic()
        _publish(run, plan.announcements, plan.every / 4, plan.size)
        stand.kill(-1)
        run.hold(plan.restart_after)
        stand.start(-1)
        reached = _reaches_all(run, plan.patience)
        phase.notes |= {"all back with all": reached, "seconds": round(time.monotonic() - begun, 2)}


def slow(run: Run, plan: Plan) -> None:
    """`slow` spectators ask for much and read nothing for `slow_for` seconds; then they read again.

    What they ask for are the last announcements, which are long, `slow_joins` times. They begin one after the other
    over `slow_over` seconds: answering is work, which a phase of its own tells from what it costs that nobody reads.
    """
    with run.phase("long announcements"):
        _publish(run, LONG_ONES, 0.2, plan.slow_size)
        _reaches_all(run, plan.patience)
    with run.phase("readers become slow", calm=False) as phase:
        share = -(-plan.slow // (len(run.workers) - 1))
        for worker in run.workers[1:]:
            worker.tell("stop_reading", share, plan.slow_joins, LONG_ONES, plan.slow_over)
        phase.notes["slow"] = share * (len(run.workers) - 1)
        _announce_for(run, plan, plan.slow_over)
    with run.phase("slow readers", calm=False):
        _announce_for(run, plan, plan.slow_for)
    with run.phase("slow readers are back", calm=False) as phase:
        for worker in run.workers[1:]:
            worker.tell("read_again")
        phase.notes["all back with all"] = _reaches_all(run, plan.patience)


def churn(run: Run, plan: Plan) -> None:
    """`churn` people a second leave a room for a while or lose their connection, while announcements go on."""
    with run.phase("churn", calm=False) as phase:
        until = time.monotonic() + plan.churn_for
        for worker, numbers in zip(run.workers, run.numbers(), strict=True):
            worker.tell("churn", plan.churn * len(numbers) / plan.sockets, until)
        _announce_for(run, plan, plan.churn_for)
        run.hold(4)
        phase.notes["all back with all"] = _reaches_all(run, plan.patience)


SCENARIOS: dict[str, Callable[[Run, Plan], None]] = {
    "hold": hold,
    "announce": announce,
    "quotations": quotations,
    "storm": storm,
    "slow": slow,
    "churn": churn,
}


def _publish(run: Run, count: int, every: float, size: int) -> None:
    run.workers[0].tell("announce", count, every, size, time.monotonic() + 0.2)
    run.expected += count


def _announce_for(run: Run, plan: Plan, seconds: float) -> None:
    """Announcements, as often as ever, for so many seconds."""
    _publish(run, max(1, int(seconds / plan.every)), plan.every, plan.size)
    run.hold(seconds)


def _reaches_all(run: Run, within: float) -> bool:
    """Waits until everybody is online, has all announcements, and nothing is under way."""

    def reached() -> bool:
        total = run.total
        everybody = total.online == run.people.size and not total.away and not total.pending
        return everybody and all(seq >= run.expected for _, seq in total.heads) and total.heads.total() == total.online

    return run.until(reached, within)


def _acks(run: Run) -> int:
    times = run.phases[-1].tally.times
    return sum(histogram.count for name, histogram in times.items() if name.startswith("command "))
