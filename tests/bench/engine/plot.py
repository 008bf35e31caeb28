"""Bars as SVG, on a ground of their own so that they read the same in a light and a dark page."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

_COLUMNS = 2
_WIDTH, _GAP = 430, 24
_LABEL, _TITLE, _BAR = 130, 26, 20
_SPACE_FOR_VALUE = 60
_COLOURS = ("#0f766e", "#d97706", "#4f7f2a", "#9aa3ad")


class Bar(NamedTuple):
    """`least` to `most` is drawn as a thin line over the bar."""

    label: str
    value: float
    least: float
    most: float
    text: str


class Panel(NamedTuple):
    """Bars on one scale."""

    title: str
    bars: tuple[Bar, ...]


def plot(panels: Sequence[Panel]) -> str:
    """The panels in columns, each subject with the same colour in all of them."""
    labels = list(dict.fromkeys(bar.label for panel in panels for bar in panel.bars))
    colours = {label: _COLOURS[at % len(_COLOURS)] for at, label in enumerate(labels)}
    height = _TITLE + max((len(panel.bars) for panel in panels), default=0) * _BAR + _GAP
    lines = -(-len(panels) // _COLUMNS)
    width, total = _COLUMNS * (_WIDTH + _GAP) + _GAP, lines * height + _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {total}" font-family="sans-serif"'
        ' font-size="12" role="img">',
        f'<rect width="{width}" height="{total}" fill="#ffffff"/>',
    ]
    for at, panel in enumerate(panels):
        line, column = divmod(at, _COLUMNS)
        parts.append(f'<g transform="translate({_GAP + column * (_WIDTH + _GAP)} {_GAP + line * height})">')
        parts += _panel(panel, colours)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: Panel, colours: dict[str, str]) -> Iterator[str]:
    scale = (_WIDTH - _LABEL - _SPACE_FOR_VALUE) / (max((bar.most for bar in panel.bars), default=0.0) or 1.0)
    yield f'<text y="6" font-weight="bold" fill="#1f2937">{escape(panel.title)}</text>'
    for at, bar in enumerate(panel.bars):
        top = _TITLE - 8 + at * _BAR
        middle = top + _BAR / 2 - 2
        ends = [_LABEL + value * scale for value in (bar.least, bar.value, bar.most)]
        yield f'<text x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end" fill="#374151">{escape(bar.label)}</text>'
        yield (
            f'<rect x="{_LABEL}" y="{top}" width="{max(1.0, bar.value * scale):.1f}" height="{_BAR - 4}"'
            f' fill="{colours[bar.label]}"/>'
        )
        if bar.most > bar.least:
            yield (
                f'<line x1="{ends[0]:.1f}" x2="{ends[2]:.1f}" y1="{middle}" y2="{middle}" stroke="#111827"'
                ' stroke-width="1.5"/>'
            )
        yield f'<text x="{max(ends[1:]) + 6:.1f}" y="{middle + 4}" fill="#1f2937">{escape(bar.text)}</text>'
