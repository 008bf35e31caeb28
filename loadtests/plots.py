"""Line charts as SVG text, with nothing to fetch."""

from collections.abc import Mapping, Sequence
from html import escape

Series = Sequence[tuple[float, float]]
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#57606a", "#bf3989")
WIDTH, HEIGHT = 760, 240
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 34, 28
TICKS = 5


def chart(title: str, series: Mapping[str, Series], last: float, phases: Sequence[tuple[str, float]] = ()) -> str:
    """Lines over seconds from 0 to `last`; `phases` are names and the times at which they began."""
    values = [value for line in series.values() for _, value in line]
    if not values:
        return ""
    top = nice(max(values))

    def x(time: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * time / last

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    parts.append(f'<text x="0" y="13" class="title">{escape(title)}</text>')
    for tick in range(TICKS):
        value, time = top * tick / (TICKS - 1), last * tick / (TICKS - 1)
        parts.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{_number(value)}</text>')
        parts.append(f'<text x="{x(time):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{time:.0f} s</text>')
    for at, (name, began) in enumerate(phases):
        parts.append(f'<path class="phase" d="M{x(began):.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text class="phase" x="{x(began) + 3:.1f}" y="{TOP + 10 + 12 * (at % 3)}">{escape(name)}</text>')
    for at, (name, line) in enumerate(series.items()):
        colour = COLOURS[at % len(COLOURS)]
        path = " ".join(f"{x(time):.1f},{y(value):.1f}" for time, value in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts.append(f'<text x="{LEFT + 110 * at}" y="28" style="fill:{colour}">{escape(name)}</text>')
    return "".join((*parts, "</svg>"))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def nice(value: float) -> float:
    """The next of 1, 2, 4, 5, 8 times a power of ten."""
    if value <= 0:
        return 1.0
    size = 1.0
    while size < value:
        size *= 10
    while size / 10 >= value:
        size /= 10
    return next(step * size for step in (0.1, 0.2, 0.4, 0.5, 0.8, 1.0) if step * size >= value)
