"""[P2] Each sees one link of the price chain, and of other agencies nothing at all."""

import asyncio

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.property import agencies
from tests.property.selling import BOOKED, SAME_AGENCY_PRICE, SAME_SELLING_PRICE, Chain, compare, turns


def _two(chains: tuple[Chain, ...]) -> "st.SearchStrategy[list[Chain]]":
    return st.lists(st.sampled_from(chains), min_size=2, max_size=2, unique=True)


@settings(max_examples=20)
@given(chains=_two(SAME_SELLING_PRICE), turns=turns)
@example(chains=list(SAME_SELLING_PRICE), turns=BOOKED)
def test_a_client_learns_the_selling_price_and_nothing_below_it(chains: list[Chain], turns: list[str]) -> None:
    """[P2.2] Rates, commission, margin and markup behind equal selling prices look the same."""
    asyncio.run(compare("clara", chains, turns))


@settings(max_examples=20)
@given(chains=_two(SAME_AGENCY_PRICE), turns=turns)
@example(chains=list(SAME_AGENCY_PRICE), turns=BOOKED)
def test_an_agent_learns_the_agency_price_and_nothing_below_it(chains: list[Chain], turns: list[str]) -> None:
    """[P2.3] Net rates, commission and the platform's margin behind equal agency prices look the same."""
    asyncio.run(compare("ana", chains, turns))


@settings(max_examples=15)
@given(slots=agencies.scenarios)
@example(slots=[slot for slot in agencies.BUSY if slot[0] != "come"])
def test_an_agent_learns_nothing_of_another_agency(slots: list[agencies.Slot]) -> None:
    """[P2.4] Carla's own quotation, with the same hotels, looks the same whatever the Andes do, if anything."""
    asyncio.run(agencies.compare(slots))
