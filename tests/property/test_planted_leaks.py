"""The two-world comparison catches leaks of many kinds: each is planted, and the worlds can be told apart."""

import asyncio
from pathlib import Path

import pytest

from tests.property.bidding import Slot, compare
from tests.property.leaks import LEAKS
from tests.support.worlds import ToldApart

ANCHORS = ("80.00", "80.00")
A_BUSY_RIVAL = [
    ("sol", "submit", "70.00"),
    ("ana", "focus", "markup_percent"),
    ("admin", "grant", "mirador"),
    *(("sol", "elsewhere", price) for price in ("90.00", "85.00", "80.00")),
    *(("mirador", "elsewhere", price) for price in ("90.00", "85.00", "80.00")),
]
STORY: list[Slot] = [
    ("submit", ("live", "100.00")),
    ("secretly", (A_BUSY_RIVAL, [])),
    ("submit", ("rest", "95.00")),
    ("award", ("mirador", "mirador")),
    ("submit", ("live", "90.00")),
    ("accept", None),
    ("secretly", ([("mirador", "confirm", None)], [])),
]
"""What the Plaza sees of one busy rival, or of none."""


UNANSWERED: list[Slot] = [
    ("secretly", ([("mirador", "withdraw", None)], [])),
    ("close", None),
]
"""The Plaza has not bid; its rivals' bids decide whether there is anything to choose from."""
REMINDED: list[Slot] = [
    ("secretly", ([("sol", "submit", "70.00")], [])),
    ("forward", 6.5),
]
"""The deadline comes near, and somebody else has bid already or not."""
STORIES = {"L6": UNANSWERED, "L11": REMINDED}


@pytest.mark.parametrize("story", [STORY, UNANSWERED, REMINDED])
def test_without_a_leak_the_worlds_look_the_same(story: list[Slot]) -> None:
    """[P2]"""
    asyncio.run(compare(ANCHORS, story))


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_caught(leak: str) -> None:
    """[P2]"""
    with LEAKS[leak](), pytest.raises(ToldApart):
        asyncio.run(compare(ANCHORS, STORIES.get(leak, STORY)))


def test_the_list_of_leaks_is_in_the_specification() -> None:
    """[P2] Every planted leak with its place and what catches it."""
    rows = (Path(__file__).parents[2] / "docs" / "SPEC.md").read_text().splitlines()
    listed = {row.split("|")[1].strip(): row for row in rows if row.startswith("| L")}
    assert listed.keys() == LEAKS.keys()
    for leak, plant in LEAKS.items():
        assert f"`{plant.__name__}`" in listed[leak]
