"""Bounds on a payload before anything is made of it: depth, number of values, and how decimals are written."""

import re
from typing import Any

from backend.domain.refusals import Invalid

MAX_DEPTH = 12
MAX_VALUES = 20_000
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


def guard(payload: Any) -> None:
    """Refuses what is too deep or too large, every float, and amounts or percentages that are no decimal strings.

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
        for name, child in value.items():
            _written_plainly(name, child)
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple)) else []


def _written_plainly(name: object, value: Any) -> None:
    """`Decimal` reads more than the protocol means: other scripts' digits, exponents, underscores, blanks."""
    if name != "amount" and not (isinstance(name, str) and name.endswith("percent")):
        return
    if isinstance(value, (dict, list, tuple)) or value is None:
        return
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise Invalid("Amounts and percentages are decimal strings such as 12.50.")
