"""What people are told when what they may see of others changes: the difference of two views of presence. Pure."""

from collections.abc import Iterable
from typing import Any

View = dict[str, dict[str, Any]]
Told = tuple[str, dict[str, Any] | None, dict[str, Any]]
"""A signal's name, by whom it is, and its data."""


def changes(before: View, after: View) -> Iterable[Told]:
    """The signals that lead an audience of a room from one view of it to another."""
    joined = [person for key, person in sorted(after.items()) if key not in before]
    left = sorted(before.keys() - after.keys())
    if joined or left:
        focus = {person["id"]: person["focus"] for person in joined if "focus" in person}
        yield "presence.changed", None, {"joined": joined, "left": left, "focus": focus}
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        by = {"kind": new["kind"], "id": new["id"], "name": new["name"]}
        if old.get("focus") != new.get("focus"):
            yield "focus.changed", by, {"focus": new.get("focus")}
        if old.get("typing") != new.get("typing"):
            yield "typing.changed", by, {"typing": new.get("typing", False)}


def moves(before: View, after: View) -> Iterable[Told]:
    """The signals that lead who watches a list from one view of who is in which of its rooms to another."""
    for room in sorted(before.keys() | after.keys()):
        old, new = before.get(room, {}), after.get(room, {})
        joined = [new[key] for key in sorted(new.keys() - old.keys())]
        left = sorted(old.keys() - new.keys())
        if joined or left:
            yield "presence.changed", None, {"room": room, "joined": joined, "left": left, "focus": {}}
