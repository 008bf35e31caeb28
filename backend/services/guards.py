"""Bounds on a payload before anything is made of it: depth, number of values, and no floats."""

from typing import Any

from backend.domain.refusals import Invalid

MAX_DEPTH = 12
MAX_VALUES = 20_000


def guard(payload: Any) -> None:
    """Refuses what is too deep or too large, and every float: amounts and percentages are decimal strings.

    Raises:
        Invalid: with the bound that was broken.
    """
    level, seen = [payload], 0
    for _ in range(MAX_DEPTH):
        level = [child for value in level for child in _children(value)]
        seen += len(level)
        if seen > MAX_VALUES:
            raise Invalid("The payload has too many values.")
        if not level:
            return
    raise Invalid("The payload is nested too deeply.")


def _children(value: Any) -> list[Any]:
    if isinstance(value, float):
        raise Invalid("Numbers with a fraction are written as decimal strings.")
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []
