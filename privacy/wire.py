"""Values as they go on the wire: JSON builtins, decimals as strings, times as RFC 3339 in UTC.

What is not set is left out: no view has a null, an empty text or an empty collection.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from backend.domain.money import Money, minor_digits
from backend.domain.principals import Actor

_UNSET: Final[tuple[Any, ...]] = (None, "", [], {})


def plain(value: Any) -> Any:
    """`value` as JSON builtins; None when it is None.

    Raises:
        TypeError: the value is of a kind that has no place in a view.
    """
    convert = _CONVERT.get(type(value))
    if convert:
        return convert(value)
    if isinstance(value, msgspec.Struct):
        return members((name, getattr(value, name)) for name in value.__struct_fields__)
    raise TypeError(f"a view has no {type(value).__name__}")


def members(pairs: Any) -> dict[str, Any]:
    """The pairs as an object of plain values, without those that are not set."""
    converted = ((name, plain(value)) for name, value in pairs)
    return {name: value for name, value in converted if value not in _UNSET}


def decimal_text(value: Decimal) -> str:
    """Without an exponent and without trailing zeros, so that equal numbers read alike."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def time_text(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _money(value: Money) -> dict[str, str]:
    return {"amount": f"{value.amount:.{minor_digits(value.currency)}f}", "currency": value.currency}


def _actor(value: Actor) -> dict[str, str]:
    return {"kind": value.kind, "id": value.id, "name": value.name}


def _same(value: Any) -> Any:
    return value


def _items(values: Any) -> list[Any]:
    return [plain(value) for value in values]


_CONVERT: Final[dict[type, Callable[[Any], Any]]] = {
    type(None): _same,
    str: _same,
    int: _same,
    bool: _same,
    Decimal: decimal_text,
    datetime: time_text,
    date: date.isoformat,
    Money: _money,
    Actor: _actor,
    tuple: _items,
    list: _items,
    dict: lambda value: members(value.items()),
}
