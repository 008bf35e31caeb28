"""What an audience is told when what it may see of others changes."""

from typing import Any

from realtime.comings import changes, moves

ANA: dict[str, Any] = {"kind": "agent", "id": "ana", "name": "Ana"}
BRUNO: dict[str, Any] = {"kind": "agent", "id": "bruno", "name": "Bruno"}


def test_nothing_changed_is_nothing_told() -> None:
    """Not even an empty signal."""
    assert list(changes({"ana": ANA}, {"ana": ANA})) == []


def test_comings_and_goings_are_one_signal() -> None:
    """Sorted, with what the newcomers have in focus."""
    after = {"bruno": {**BRUNO, "focus": "title"}}
    assert list(changes({"ana": ANA}, after)) == [
        ("presence.changed", None, {"joined": [after["bruno"]], "left": ["ana"], "focus": {"bruno": "title"}})
    ]


def test_focus_and_typing_are_signals_of_their_own() -> None:
    """They say who; an end of focus is null, an end of typing false."""
    busy = {"ana": {**ANA, "focus": "title", "typing": True}}
    assert list(changes({"ana": ANA}, busy)) == [
        ("focus.changed", ANA, {"focus": "title"}),
        ("typing.changed", ANA, {"typing": True}),
    ]
    assert list(changes(busy, {"ana": ANA})) == [
        ("focus.changed", ANA, {"focus": None}),
        ("typing.changed", ANA, {"typing": False}),
    ]


def test_a_list_tells_of_each_of_its_rooms() -> None:
    """Of those in which somebody came or went; what they do there is none of the list's."""
    before = {"quotation:1": {"ana": ANA}, "quotation:2": {"bruno": BRUNO}}
    after = {"quotation:1": {"ana": ANA}, "quotation:3": {"bruno": BRUNO}}
    assert list(moves(before, after)) == [
        ("presence.changed", None, {"room": "quotation:2", "joined": [], "left": ["bruno"], "focus": {}}),
        ("presence.changed", None, {"room": "quotation:3", "joined": [BRUNO], "left": [], "focus": {}}),
    ]
    assert list(moves(after, after)) == []
