"""The fields of the terms by name: dotted paths such as `rooms.double`, their types, reading, writing, comparing."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import msgspec

from backend.domain.events import plain
from backend.domain.money import Money
from backend.domain.refusals import Invalid
from backend.domain.terms import Terms


def _walk(struct: type[msgspec.Struct], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(struct):
        path = f"{prefix}{field.name}"
        yield path, field.type
        for inner in (field.type, *get_args(field.type)):
            # Money is one value: its amount without its currency means nothing.
            if isinstance(inner, type) and issubclass(inner, msgspec.Struct) and inner is not Money:
                yield from _walk(inner, f"{path}.")


TYPES: Mapping[str, Any] = dict(_walk(Terms))
"""Every path that an edit may name, with the type of its value."""


def top(path: str) -> str:
    """The term that `path` is or lies in."""
    return path.partition(".")[0]


def overlap(one: str, other: str) -> bool:
    """Whether changing one changes the other: they are equal, or one lies in the other."""
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


def value_at(terms: Terms, path: str) -> Any:
    """The value at `path`; None inside a term that is not set."""
    value: Any = terms
    for name in path.split("."):
        value = getattr(value, name, None)
    return value


def plain_at(terms: Terms, path: str) -> Any:
    """The value at `path` as plain data."""
    return plain(value_at(terms, path))


def check(path: str, value: Any) -> None:
    """Refuses a path that is no term, and a value that is none of its type.

    Raises:
        Invalid: naming the field.
    """
    if path not in TYPES:
        raise invalid(path, "there is no such field")
    if _has_float(value):
        raise invalid(path, "decimals are written as strings")
    try:
        msgspec.convert(value, TYPES[path], strict=True)
    except msgspec.ValidationError as error:
        raise invalid(path, str(error)) from None


def with_values(terms: Terms, values: Mapping[str, Any]) -> Terms:
    """The terms with the checked `values` in place.

    Raises:
        Invalid: the values do not fit together or with the other terms.
    """
    tree = msgspec.to_builtins(terms)
    for path, value in values.items():
        _put(tree, path.split("."), value)
    try:
        return msgspec.convert(tree, Terms, strict=True)
    except msgspec.ValidationError as error:
        raise invalid(", ".join(values), str(error)) from None


def term_changes(before: Terms, after: Terms) -> dict[str, dict[str, Any]]:
    """What differs, by term, as `{"old", "new"}` in plain data; empty if nothing does."""
    return {
        name: {"old": plain_at(before, name), "new": plain_at(after, name)}
        for name in Terms.__struct_fields__
        if getattr(before, name) != getattr(after, name)
    }


def invalid(field: str, why: str) -> Invalid:
    return Invalid(f"{field}: {why}", data={"field": field})


def _put(tree: dict[str, Any], names: list[str], value: Any) -> None:
    for name in names[:-1]:
        tree[name] = tree[name] or {}
        tree = tree[name]
    tree[names[-1]] = value


def _has_float(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_float, value))
    return isinstance(value, float)
