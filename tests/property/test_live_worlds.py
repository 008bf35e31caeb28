"""[P2] The two worlds again, with the real server, over real sockets and HTTP."""

import asyncio

import pytest
from hypothesis import example, given, settings

from tests.property import agencies, selling
from tests.property.bidding import Slot, anchors, compare_live, live_scenarios
from tests.property.leaks import LEAKS
from tests.property.selling import BOOKED, SAME_AGENCY_PRICE, SAME_SELLING_PRICE, turns
from tests.property.test_planted_leaks import ANCHORS, REMINDED, STORY, UNANSWERED
from tests.support.worlds import ToldApart

COMINGS: list[Slot] = [
    ("submit", ("live", "100.00")),
    ("focus", "title"),
    ("secretly", ([("sol", "submit", "70.00"), ("sol", "focus", "rooms.0.net_rate")], [])),
    ("come", "since"),
    ("secretly", ([("admin", "grant", "mirador"), ("ana", "focus", "markup_percent")], [])),
    ("come", "back"),
    ("edit", ("rooms.double", 9)),
    ("come", "inbox"),
    ("award", "own"),
    ("come", "fresh"),
]
FROZEN: list[Slot] = [
    ("close", None),
    ("secretly", ([("sol", "focus", "rooms.0.net_rate")], [])),
]
"""The Plaza has not bid, so it hears nothing more from the closing on, whoever comes."""


@settings(max_examples=15)
@given(anchors=anchors, slots=live_scenarios)
@example(anchors=("80.00", "90.00"), slots=COMINGS)
@example(anchors=("80.00", "90.00"), slots=FROZEN)
def test_a_hotel_hears_nothing_of_its_rivals(anchors: tuple[str, str], slots: list[Slot]) -> None:
    """[P2.1] Acks, frames, signals, replays, snapshots, the inbox and HTTP, byte for byte."""
    asyncio.run(compare_live(anchors, slots))


@settings(max_examples=4)
@given(turns=turns)
@example(turns=BOOKED)
def test_a_client_hears_the_selling_price_and_nothing_below_it(turns: list[str]) -> None:
    """[P2.2]"""
    asyncio.run(selling.compare_live("clara", SAME_SELLING_PRICE[2:4], turns))


@settings(max_examples=4)
@given(turns=turns)
@example(turns=BOOKED)
def test_an_agent_hears_the_agency_price_and_nothing_below_it(turns: list[str]) -> None:
    """[P2.3]"""
    asyncio.run(selling.compare_live("ana", SAME_AGENCY_PRICE[:2], turns))


@settings(max_examples=4)
@given(slots=agencies.live_scenarios)
@example(slots=agencies.BUSY)
def test_an_agent_hears_nothing_of_another_agency(slots: list[agencies.Slot]) -> None:
    """[P2.4] Acks, frames, signals, replays, presence, the inbox, lists and refusals, with the same hotels."""
    asyncio.run(agencies.compare_live(slots))


@pytest.mark.parametrize("leak", ["L3", "L8", "L9"])
def test_a_leak_is_caught_on_the_wire(leak: str) -> None:
    """[P2] The signals and resets that nobody asks for are compared, too."""
    with LEAKS[leak](), pytest.raises(ToldApart):
        asyncio.run(compare_live(ANCHORS, STORY))


@pytest.mark.parametrize("leak", ["L10"])
def test_a_leak_between_agencies_is_caught_on_the_wire(leak: str) -> None:
    """[P2.4] What tells one agency how busy another is."""
    with LEAKS[leak](), pytest.raises(ToldApart):
        asyncio.run(agencies.compare_live(agencies.BUSY))


def test_without_a_leak_the_wire_is_the_same() -> None:
    """[P2]"""
    for story in (STORY, UNANSWERED, REMINDED):
        asyncio.run(compare_live(ANCHORS, story))
