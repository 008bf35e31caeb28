"""[P2] Each sees one link of the price chain, and of other agencies nothing at all."""

import asyncio

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.property.selling import (
    BOOKED,
    SAME_AGENCY_PRICE,
    SAME_SELLING_PRICE,
    Chain,
    Selling,
    compare,
    turns,
)
from tests.support.stage import TERMS, Stage
from tests.support.worlds import MORE_READS, Observer, assert_same, fresh_stage, quietly, side_by_side


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


@settings(max_examples=8)
@given(turns=turns)
@example(turns=BOOKED)
def test_an_agent_learns_nothing_of_another_agency(turns: list[str]) -> None:
    """[P2.4] Carla's own quotation, with the same hotel, looks the same whatever the Andes do, if anything."""

    async def world(busy: bool) -> list[str]:
        async with fresh_stage() as stage:
            return await _carla(stage, turns if busy else None)

    async def both() -> list[list[str]]:
        return await side_by_side(world(True), world(False))

    assert_same(asyncio.run(both()))


async def _carla(stage: Stage, of_the_andes: list[str] | None) -> list[str]:
    """What Carla sees of her own; between her steps the Andes may take theirs."""
    carla = Observer(stage, "carla")
    own = str((await carla.do("quotation.create", **{**TERMS, "client_id": None}))["quotation"]["id"])
    await _andes(stage, of_the_andes)
    await carla.do("quotation.publish", quotation_id=own, hotel_ids=["plaza"])
    offered = await stage.submit("plaza", own, "80.00")
    await carla.look(own)
    await _andes(stage, of_the_andes)
    await carla.do("quotation.award", quotation_id=own, offer_id=offered)
    await carla.look(own, *MORE_READS)
    return carla.log


async def _andes(stage: Stage, turns: list[str] | None) -> None:
    if turns is not None:
        unbothered = [turn for turn in turns if turn != "week"]
        await quietly(Selling(stage, Observer(stage, "ana"), SAME_AGENCY_PRICE[0]).run(unbothered))
