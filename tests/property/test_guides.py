"""[P2] What a guide can observe, live and by REST, is the same whatever the trip costs and whoever was asked before."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from backend.domain.resources.guides import Spoken
from tests.property.selling import SAME_AGENCY_PRICE, Chain, Selling
from tests.support.resources import guide, put
from tests.support.stage import Stage
from tests.support.worlds import Observer, assert_same, fresh_stage, quietly, side_by_side

CHAINS = (*SAME_AGENCY_PRICE[:2], Chain("150.00", "25", "40"))
ENGLISH = (Spoken(language="en", level="native"),)


class Guided(Selling):
    """Gina is asked; Gil, whom she never hears of, is asked before her where he is `first`, and does not come."""

    def __init__(self, stage: Stage, chain: Chain, *, first: bool) -> None:
        super().__init__(stage, Observer(stage, "gina"), chain)
        self.first = first

    async def run_with(self, turns: list[str]) -> list[str]:
        await put(self.stage.db, guide("gina", user_id="gina", languages=ENGLISH, rating=Decimal(3)))
        if self.first:
            await put(self.stage.db, guide("gil", user_id="gil", languages=ENGLISH, rating=Decimal(5)))
        return await self.run(turns)

    async def _on_booking(self, turn: str) -> None:
        match turn:
            case "comes":
                await self._answer("gina", "confirm")
            case "stays":
                await self._answer("gina", "decline")
            case "call_off":
                await self._booked("ana", "booking.cancel", reason="flood")
            case _:
                await super()._on_booking(turn)
        if turn == "confirm" and self.first:
            await self.stage.settle()
            await self._answer("gil", "decline")

    async def _answer(self, who: str, verb: str) -> None:
        holds = (await self._seen()).get("holds", {}).values()
        own = next((hold["id"] for hold in holds if hold.get("user_id") == who), "none")
        await quietly(self._as(who, f"guide.{verb}", assignment_id=own, reason="so"))

    async def _booked(self, who: str, command: str, **payload: Any) -> None:
        await quietly(self._as(who, command, booking_id=(await self._seen()).get("id", "none"), **payload))

    async def _seen(self) -> dict[str, Any]:
        view = (await self.stage.watch("admin", f"quotation:{self.quotation}")).view
        booking: dict[str, Any] = view.get("booking", {})
        return booking


@pytest.mark.parametrize(
    "turns",
    [
        ["award", "accept", "rooming", "confirm", "comes", "call_off"],
        ["award", "accept", "confirm", "stays", "week"],
        ["award", "accept", "confirm", "week", "comes"],
        ["award", "reject", "comes"],
    ],
    ids=lambda turns: " ".join(turns[2:]),
)
def test_a_guide_learns_nothing_of_prices_and_of_other_guides(turns: list[str]) -> None:
    """[P2.13] [P2.7]"""

    async def world(chain: Chain, first: bool) -> list[str]:
        async with fresh_stage() as stage:
            return await Guided(stage, chain, first=first).run_with(turns)

    async def worlds() -> list[list[str]]:
        return await side_by_side(*(world(chain, bool(n % 2)) for n, chain in enumerate(CHAINS)))

    logs = asyncio.run(worlds())
    assert_same(logs)
    asked = "assignment" in "".join(logs[0]) or "guide.assigned" in "".join(logs[0])
    assert asked == ("confirm" in turns)
