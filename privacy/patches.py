"""JSON Merge Patch (RFC 7396): what turns one view into another.

Views hold no nulls, so a null in a patch always means "gone". Lists are values: they are replaced whole.
"""

from collections.abc import Mapping
from typing import Any


def merge_patch(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The smallest patch from `before` to `after`; `{}` when they are equal.

    Neither has nulls as members, and no field is a number in one and a boolean in the other.
    """
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        if key not in before:
            patch[key] = value
            continue
        old = before[key]
        if old == value:
            continue
        both = isinstance(old, dict) and isinstance(value, dict)
        patch[key] = merge_patch(old, value) if both else value
    return patch


def apply_patch(target: Any, patch: Any) -> Any:
    """`target` with `patch` merged into it, as a new value; neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = apply_patch(merged.get(key), value)
    return merged
