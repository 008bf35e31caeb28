"""The page's section about the servers: tables of medians, spread and ratios."""

import statistics
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.bench.engine.measures import Size
from tests.bench.engine.plot import Bar, Panel, plot
from tests.bench.engine.results import Results
from tests.bench.engine.subjects import Can
from tests.bench.page import put

PLOT = "benchmarks.svg"
OURS = "ours"
FULLY_BUSY = 95.0
"""Percent of its core at which the generator, not the server, may have been the limit."""


class Row(NamedTuple):
    """A figure in the table. `more`: more of it is better. `of`: who has it."""

    title: str
    figure: str
    more: bool = True
    of: Can = Can.FAN_OUT


def rows(size: Size) -> list[Row]:
    """All that the tables show, in their order."""
    rooms = [f"{members:,}" for members in size.rooms]
    found = [Row(f"unbatched, room of {room}: deliveries/s", f"unbatched {room}") for room in rooms]
    found += [Row(f"overload, room of {room}: deliveries/s", f"overload {room}") for room in rooms]
    for kind in ("unbatched", "overload"):
        found += [
            Row(f"{kind}, room of {room}: CPU µs a delivery", f"{kind} {room}: CPU µs a delivery", more=False)
            for room in rooms
        ]
    for rate in size.rates:
        for cut in ("p50", "p99"):
            title = f"{rate} messages/s to a room of {rooms[0]}: {cut} ms"
            found.append(Row(title, f"ms {cut} at {rate}/s", more=False))
    return [
        *found,
        Row("connections/s, token verified", "connections/s", of=Can.TOKENS),
        Row("CPU µs a connection", "CPU µs a connection", more=False, of=Can.TOKENS),
        Row("KB a connection, idle", "KB idle", more=False, of=Can.CONNECTIONS),
        Row("KB a connection, authenticated and in three rooms", "KB authenticated", more=False, of=Can.TOKENS),
        Row(f"{size.idle:,} idle connections: % of a core", "idle: CPU %", more=False, of=Can.TOKENS),
        Row("commands/s with ack", "commands/s", of=Can.COMMANDS),
        Row("CPU µs a command", "CPU µs a command", more=False, of=Can.COMMANDS),
    ]


def write(results: Results, page: Path) -> None:
    """Puts the section into the page and draws the plot beside it."""
    put("engine", section(results), page)
    (page.parent / PLOT).write_text(plot(panels(results)))


def section(results: Results) -> str:
    """The section, in Markdown."""
    made_on = ", ".join(f"{name} {value}" for name, value in results.machine.items())
    rounds = max((len(values) for one in results.figures.values() for values in one.values()), default=0)
    lines = [
        f"Rounds: {rounds}. Made on: {made_on}.",
        "",
        *(f"- {line}" for line in (*results.missing, *results.failed)),
        "",
        f"![Bars of the medians below, with their spread]({PLOT})",
        "",
        *_medians(results),
        "",
        "How many times better ours is (a rate divided by the other's, or the other's cost divided by ours):",
        "of the medians, and the least and the most of single rounds.",
        "",
        *_ratios(results),
        "",
        *_joined(results),
        "",
        *_limits(results),
        "",
        *_redaction(results),
    ]
    return "\n".join(lines)


def panels(results: Results) -> list[Panel]:
    """What is drawn: the figures with the largest differences."""
    titles = {row.figure: row.title + ("" if row.more else " (less is better)") for row in rows(results.size)}
    rooms = [f"{members:,}" for members in results.size.rooms]
    shown = [f"unbatched {room}" for room in rooms] + [f"overload {room}" for room in rooms]
    shown += ["connections/s", "commands/s", "KB authenticated", "idle: CPU %"]
    return [Panel(titles[figure], tuple(_bars(results, figure))) for figure in shown]


def number(value: float) -> str:
    """Three digits that matter: 1.23, 12.3, 123, 1,230, 123k, 1.23M."""
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:.2f}M"
    if abs(value) >= 100_000:
        return f"{value / 1_000:,.0f}k"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _bars(results: Results, figure: str) -> Iterator[Bar]:
    for subject in results.subjects:
        values = results.values(subject, figure)
        if values:
            median = statistics.median(values)
            yield Bar(subject, median, min(values), max(values), number(median))


def _medians(results: Results) -> Iterator[str]:
    """Medians, each with the least and the most of all rounds."""
    yield from _head("", results.subjects)
    for row in rows(results.size):
        yield from _cells(results, row.title, row.figure)


def _cells(results: Results, title: str, figure: str) -> Iterator[str]:
    """A line with everybody's median, unless nobody has one."""
    values = [results.values(subject, figure) for subject in results.subjects]
    if any(values):
        yield _line(title, [_median(one) for one in values])


def _median(values: Sequence[float]) -> str:
    if not values:
        return "–"
    median = number(statistics.median(values))
    return median if len(values) == 1 else f"**{median}** ({number(min(values))} – {number(max(values))})"


def _ratios(results: Results) -> Iterator[str]:
    """Of the medians, and of each round for its spread."""
    others = [subject for subject in results.subjects if subject != OURS]
    yield from _head("", [f"to {subject}" for subject in others])
    for row in rows(results.size):
        ours, theirs = results.values(OURS, row.figure), [results.values(other, row.figure) for other in others]
        if ours and any(theirs):
            yield _line(row.title, [_ratio(ours, one, row.more) for one in theirs])
    for room in (f"{members:,}" for members in results.size.rooms):
        over, under = (results.values(OURS, f"{kind} {room}") for kind in ("overload", "unbatched"))
        if over and under:
            yield ""
            yield f"Ours under overload to ours unbatched, room of {room}: {_ratio(over, under, more=True)}"


def _ratio(ours: Sequence[float], other: Sequence[float], more: bool) -> str:
    if not other or not min(*ours, *other) > 0:
        return "–"
    above, below = (ours, other) if more else (other, ours)
    ratio = number(statistics.median(above) / statistics.median(below))
    each = [one / two for one, two in zip(above, below, strict=False)]
    return ratio if len(each) == 1 else f"**{ratio}** ({number(min(each))} – {number(max(each))})"


def _joined(results: Results) -> Iterator[str]:
    """How many messages came in one TCP segment: whether a server joined its writes."""
    yield "Messages that arrived in one TCP segment (1 means that each had a write of its own):"
    yield ""
    yield from _head("", results.subjects)
    for room in (f"{members:,}" for members in results.size.rooms):
        for kind in ("unbatched", "overload"):
            yield from _cells(results, f"{kind}, room of {room}", f"{kind} {room}: messages a segment")


def _limits(results: Results) -> Iterator[str]:
    """What else may have been the limit: the generator, or others' work on the server's core."""
    busy, waited = _worst(results, ": generator %"), _worst(results, ": kept waiting %")
    limits = [f"{name} ({percent:.0f}%)" for name, percent in busy.items() if percent >= FULLY_BUSY]
    if limits:
        yield f"The generator had no more to give, so the server may do better: {', '.join(limits)}."
    else:
        yield f"The generator used at most {max(busy.values(), default=0.0):.0f}% of its core."
    yield f"Others' work kept a server from its core for at most {max(waited.values(), default=0.0):.0f}% of the time."


def _worst(results: Results, end: str) -> dict[str, float]:
    """Medians by subject and measure."""
    return {
        f"{subject}, {figure.removesuffix(end)}": statistics.median(values)
        for subject, figures in results.figures.items()
        for figure, values in figures.items()
        if figure.endswith(end)
    }


def _redaction(results: Results) -> Iterator[str]:
    if not results.redaction:
        return
    columns = list(next(iter(results.redaction.values())))
    yield "### Redaction's share"
    yield "What `privacy` takes of a command (views before and after, patches and the ack's view, for eight audiences)"
    yield "and the command from its call to its commit, one at a time:"
    yield ""
    yield from _head("command, database", columns)
    for command, figures in results.redaction.items():
        yield _line(command, (number(figures[column]) for column in columns))


def _head(first: str, columns: Sequence[str]) -> Iterator[str]:
    yield _line(first, columns)
    yield "|---" * (len(columns) + 1) + "|"


def _line(first: str, cells: Iterable[str]) -> str:
    return f"| {first} | {' | '.join(cells)} |"
