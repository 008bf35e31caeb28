"""What a run has proved: counts that have to be right, and targets of time and size that are only told."""

from typing import Any, NamedTuple

from loadtests.run import Phase, Run


class Finding(NamedTuple):
    """`what` was looked at, whether it `holds`, and what was `found`."""

    what: str
    holds: bool
    found: str


WRONG = {
    "gaps": "frames that never came",
    "duplicates": "frames that came twice",
    "strange": "frames of a room or epoch that one was not in",
    "went back": "positions that went back",
}


def counts(run: Run) -> list[Finding]:
    """What is wrong if it doesn't hold, on any machine. [D1][D2][D3]"""
    found = [Finding(what, not run.whole.counts[name], f"{run.whole.counts[name]:,}") for name, what in WRONG.items()]
    size, online = run.people.size, run.total.online
    lost = sum(sum(phase.tally.counted("lost ").values()) for phase in run.phases if phase.calm)
    missed = sum(phase.tally.counts["replayed"] for phase in run.phases if phase.calm)
    receivers = [run.whole.delivered[one] for one in run.whole.published]
    each = f"{min(receivers):,} to {max(receivers):,}" if receivers else "none published"
    return [
        Finding("connected at the end", online == size, f"{online:,} of {size:,}"),
        Finding("connections lost in calm phases", lost == 0, f"{lost:,}"),
        *found,
        Finding("frames that a calm phase had missed", missed == 0, f"{missed:,}"),
        Finding("receivers of each announcement", all(many == size for many in receivers), each),
        *(Finding(f"{phase.name}: {what}", bool(done), str(done)) for phase, what, done in _conditions(run)),
    ]


def targets(run: Run) -> list[Finding]:
    """What the issue of 50,000 sockets asks of this project's machine."""
    named = {phase.name: phase for phase in run.phases}
    found: list[Finding] = []
    if ramp := named.get("ramp"):
        found.append(_at_most("all connected, seconds", ramp.notes["seconds"], 60))
    if hold := named.get("hold"):
        found.append(_at_most("nodes' memory while idle, MB", round(hold.rss.get("nodes", 0) / 1e6), 400))
        found.append(_at_most("nodes' CPU while idle, % of a core", round(100 * mean(hold.cpu.get("nodes", []))), 10))
    if (announced := named.get("announcements")) and "delivery" in announced.tally.times:
        p99 = announced.tally.times["delivery"].at(0.99)
        found.append(_at_most("announcement to everybody, p99 in seconds", round(p99, 3), 2))
    if storm := named.get("storm"):
        found.append(_at_most("everybody back with everything, seconds", storm.notes["seconds"], 60))
    return found


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _conditions(run: Run) -> list[tuple[Phase, str, Any]]:
    return [(phase, what, done) for phase in run.phases for what, done in phase.notes.items() if isinstance(done, bool)]


def _at_most(what: str, value: float, limit: float) -> Finding:
    return Finding(f"{what}, at most {limit:g}", value <= limit, f"{value:g}")
