"""Looking for a field in a view."""

from typing import Any


def has(view: Any, path: str) -> bool:
    """Whether the view has a field at `path`; `*` is any item of a collection."""
    return _has(view, path.split("."))


def _has(value: Any, path: list[str]) -> bool:
    if not path:
        return True
    if path[0] == "*":
        items = value.values() if isinstance(value, dict) else value
        return isinstance(value, dict | list) and any(_has(item, path[1:]) for item in items)
    return isinstance(value, dict) and path[0] in value and _has(value[path[0]], path[1:])
