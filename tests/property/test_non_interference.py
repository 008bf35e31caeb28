"""[P2] Two worlds that differ only in what a hotel may not know look the same to it, live and by REST."""

import asyncio

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.property.bidding import Slot, anchors, compare, prices, scenarios
from tests.support.stage import Stage
from tests.support.worlds import MORE_READS, Observer, assert_same, fresh_stage, side_by_side

BOOKED: list[Slot] = [
    ("submit", ("live", "100.00")),
    ("secretly", ([("sol", "submit", "70.00")], [("ana", "uninvite", "sol")])),
    ("award", "own"),
    ("accept", None),
    ("line", "confirm"),
]
LOST: list[Slot] = [
    ("submit", ("rest", "100.00")),
    ("secretly", ([("sol", "submit", "70.00")], [])),
    ("award", ("sol", "mirador")),
    ("accept", None),
    ("secretly", ([("sol", "decline", None)], [("mirador", "confirm", None)])),
    ("cancel", "the group fell through"),
]


@settings(max_examples=30)
@given(anchors=anchors, slots=scenarios)
@example(anchors=("80.00", "90.00"), slots=BOOKED)
@example(anchors=("80.00", "90.00"), slots=LOST)
def test_a_hotel_learns_nothing_of_its_rivals(anchors: tuple[str, str], slots: list[Slot]) -> None:
    """[P2] [P4] Whatever the others offer, revise, withdraw, win, lose or look at: it sees its own result alone."""
    asyncio.run(compare(anchors, slots))


@settings(max_examples=10)
@given(bids=st.lists(prices, min_size=2, max_size=4), own=prices)
def test_disclosed_totals_are_anonymous(bids: list[str], own: str) -> None:
    """[P2.8] Where the sorted totals are disclosed, the same ones look the same whoever asked for them."""

    async def world(first: str, second: str) -> list[str]:
        async with fresh_stage() as stage:
            return await _disclosed(stage, (first, second), bids, own)

    async def both() -> list[list[str]]:
        return await side_by_side(world("mirador", "sol"), world("sol", "mirador"))

    assert_same(asyncio.run(both()))


async def _disclosed(stage: Stage, rivals: tuple[str, str], bids: list[str], own: str) -> list[str]:
    disclosing = {"hide_competitor_prices": False, "reveal_prices_after_deadline": True}
    quotation = await stage.published("plaza", "mirador", "sol", privacy=disclosing)
    plaza = Observer(stage, "plaza-desk")
    for turn, bid in enumerate(bids):
        await stage.submit(rivals[turn % 2], quotation, bid)
        await plaza.look(quotation)
    await stage.submit("plaza", quotation, own)
    await stage.forward(days=8)
    await plaza.look(quotation, *MORE_READS)
    return plaza.log
