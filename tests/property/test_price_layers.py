"""[P2] Each sees one link of the price chain: equal prices on it look the same, whatever lies below.

The families hold rates in USD whose price on the link is equal: net / (1 - margin), times (1 + markup).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stage import Stage
from tests.support.worlds import Observer, fresh_stage, quietly


class Chain(NamedTuple):
    """A net rate per room and night, the platform's margin and the agency's markup, in percent."""

    net: str
    margin: str
    markup: str


SAME_AGENCY_PRICE = (Chain("92.00", "8", "10"), Chain("90.00", "10", "10"), Chain("75.00", "25", "10"))
"""All 100.00 for the agency."""
SAME_SELLING_PRICE = (*SAME_AGENCY_PRICE, Chain("80.96", "8", "25"), Chain("66.00", "25", "25"))
"""All 110.00 for the client."""

turns = st.lists(
    st.sampled_from(["revise", "award", "accept", "reject", "close", "rename", "more_rooms", "grant", "week"]),
    max_size=8,
)


class Play:
    """Ana's quotation with one hotel that bids at the chain's net rate, seen by `who`."""

    def __init__(self, stage: Stage, who: str, chain: Chain) -> None:
        self.stage = stage
        self.seen = Observer(stage, who)
        self.chain = chain

    async def run(self, turns: Sequence[str]) -> list[str]:
        self.stage.deps = replace(self.stage.deps, margin_percent=Decimal(self.chain.margin))
        self.quotation = await self.stage.draft(markup_percent=self.chain.markup)
        await self.stage.do("ana", "quotation.publish", quotation_id=self.quotation, hotel_ids=["plaza", "mirador"])
        await self.seen.look(self.quotation)
        self.offer = await self.stage.submit("plaza", self.quotation, self.chain.net, commission_percent=self._tenth())
        await self.seen.look(self.quotation)
        for turn in turns:
            await quietly(self._take(turn))
            await self.seen.look(self.quotation)
        return self.seen.log

    async def _take(self, turn: str) -> None:
        on: dict[str, Any] = {"quotation_id": self.quotation}
        edits = {"rename": ("title", "Cusco, renamed"), "more_rooms": ("rooms.double", 12)}
        if turn == "revise":
            await self.stage.submit("plaza", self.quotation, self.chain.net, notes="as before", guaranteed=True)
        elif turn == "award":
            await self.stage.do("ana", "quotation.award", **on, offer_id=self.offer)
        elif turn in ("accept", "reject"):
            await self.seen_or_clara(f"quotation.{turn}", **on)
        elif turn == "close":
            await self.stage.do("ana", "quotation.close", **on)
        elif turn == "grant":
            await self.stage.do("admin", "quotation.grant", **on, hotel_id="mirador", reason="a test")
        elif turn == "week":
            await self.stage.forward(days=7)
        else:
            field, value = edits[turn]
            changes = [{"field": field, "value": value}]
            await self.stage.do("bruno", "quotation.edit", **on, base_version=1, changes=changes)

    async def seen_or_clara(self, command: str, **on: Any) -> None:
        """Clara's answer is hers to compare when she is the one who watches."""
        if self.seen.who == "clara":
            await self.seen.do(command, **on)
        else:
            await self.stage.do("clara", command, **on)

    def _tenth(self) -> str:
        """A commission that differs with the chain: nobody but the hotel and the admin may notice."""
        return str(Decimal(self.chain.net) // 10)


def _compare(who: str, chains: Sequence[Chain], turns: Sequence[str]) -> None:
    async def logs() -> list[list[str]]:
        kept = []
        for chain in chains:
            async with fresh_stage() as stage:
                kept.append(await Play(stage, who, chain).run(turns))
        return kept

    first, *others = asyncio.run(logs())
    for other in others:
        assert other == first


@settings(max_examples=25)
@given(chains=st.lists(st.sampled_from(SAME_SELLING_PRICE), min_size=2, max_size=2, unique=True), turns=turns)
def test_a_client_learns_the_selling_price_and_nothing_below_it(chains: list[Chain], turns: list[str]) -> None:
    """[P2] Rates, commission, margin and markup behind equal selling prices look the same."""
    _compare("clara", chains, turns)


@settings(max_examples=25)
@given(chains=st.lists(st.sampled_from(SAME_AGENCY_PRICE), min_size=2, max_size=2, unique=True), turns=turns)
def test_an_agent_learns_the_agency_price_and_nothing_below_it(chains: list[Chain], turns: list[str]) -> None:
    """[P2] Net rates, commission and the platform's margin behind equal agency prices look the same."""
    _compare("ana", chains, turns)


@settings(max_examples=15)
@given(turns=turns)
def test_an_agent_learns_nothing_of_another_agency(turns: list[str]) -> None:
    """[P2] Carla's world is the same whatever the Andes do, or whether they do anything."""

    async def logs() -> tuple[list[str], list[str]]:
        async with fresh_stage() as stage:
            busy = await Play(stage, "carla", SAME_AGENCY_PRICE[0]).run(turns)
        async with fresh_stage() as stage:
            idle = Observer(stage, "carla")
            for _ in range(len(turns) + 2):
                await idle.look("01a00000-0000-7000-8000-000000000000")
        return busy, idle.log

    busy, idle = asyncio.run(logs())
    assert busy == idle
