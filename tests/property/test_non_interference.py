"""[P2] Two runs that differ only in what somebody may not know look the same to them, frame by frame."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stage import Stage, offer
from tests.support.worlds import Observer, fresh_stage, quietly

Deed = tuple[str, dict[str, Any]]
Slot = tuple[str, Any]

prices = st.integers(60, 140).map(lambda whole: f"{whole}.00")
edits = st.sampled_from(
    [
        ("title", "Cusco, renamed"),
        ("notes", "call first"),
        ("check_out", "2027-03-06"),
        ("rooms.double", 9),
        ("markup_percent", "14"),
        ("adults", 21),
        ("meal_plan", "HB"),
        ("privacy.hide_competitor_prices", True),
    ]
)
shared = st.one_of(
    st.tuples(st.just("edit"), edits),
    st.tuples(st.just("submit"), prices),
    st.tuples(st.sampled_from(["withdraw", "look", "close", "accept", "reject"]), st.none()),
    st.tuples(st.just("award"), st.sampled_from(["own", "rival"])),
    st.tuples(st.just("extend"), st.integers(8, 12)),
    st.tuples(st.just("cancel"), st.just("the group fell through")),
    st.tuples(st.just("forward"), st.sampled_from([0.1, 1.0, 8.0])),
    st.tuples(st.just("grant"), st.just("mirador")),
)
rivals = st.lists(
    st.one_of(
        st.tuples(st.just("sol"), st.just("submit"), prices),
        st.tuples(st.just("sol"), st.just("withdraw"), st.none()),
        st.tuples(st.just("mirador"), st.just("submit"), prices),
    ),
    max_size=3,
)
scenarios = st.lists(st.one_of(shared, st.tuples(st.just("rivals"), st.tuples(rivals, rivals))), max_size=14)
own_start = st.one_of(st.none(), prices)


class Play:
    """One world: ana's quotation, watched by the plaza; mirador always has an offer, sol may."""

    def __init__(self, stage: Stage, which: int) -> None:
        self.stage = stage
        self.which = which
        self.plaza = Observer(stage, "plaza-desk")
        self.quotation = ""
        self.offers: dict[str, str] = {}

    async def run(self, anchor: str, start: str | None, slots: Sequence[Slot]) -> list[str]:
        self.quotation = await self.stage.published("plaza", "mirador", "sol")
        await self._rival("mirador", "submit", anchor)
        if start:
            await self._slot("submit", start)
        for kind, value in (*slots, ("look", None)):
            await self._slot(kind, value)
            await self.plaza.look(self.quotation)
        return self.plaza.log

    async def _slot(self, kind: str, value: Any) -> None:
        if kind == "rivals":
            for hotel, deed, price in value[self.which]:
                await self._rival(hotel, deed, price)
        elif kind in ("submit", "withdraw"):
            await self._own(kind, value)
        elif kind == "forward":
            await self.stage.forward(days=value)
        elif kind != "look":
            await quietly(self._common(kind, value))

    async def _own(self, kind: str, price: str | None) -> None:
        extra = {"offer": offer(price)} if price else {}
        done = await self.plaza.do(f"offer.{kind}", quotation_id=self.quotation, **extra)
        if done:
            self.offers["own"] = done["offer"]["id"]

    async def _rival(self, hotel: str, deed: str, price: str | None) -> None:
        if deed == "withdraw":
            await quietly(self.stage.do(f"{hotel}-desk", "offer.withdraw", quotation_id=self.quotation))
            return
        done = await quietly(self.stage.submit(hotel, self.quotation, price or ""))
        if done and hotel == "mirador":
            self.offers["rival"] = done

    def _common(self, kind: str, value: Any) -> Awaitable[Any]:
        do: Callable[..., Awaitable[Any]] = self.stage.do
        on = {"quotation_id": self.quotation}
        match kind:
            case "edit":
                changes = [{"field": value[0], "value": value[1]}]
                return do("ana", "quotation.edit", **on, base_version=1, changes=changes)
            case "award":
                return do("ana", "quotation.award", **on, offer_id=self.offers.get(value, "none"))
            case "extend":
                deadline = f"2026-12-{value:02}T10:00:00Z"
                return do("ana", "quotation.extend", **on, deadline=deadline, reason="more time")
            case "grant":
                return do("admin", "quotation.grant", **on, hotel_id=value, reason="a test")
            case "accept" | "reject":
                return do("clara", f"quotation.{kind}", **on)
            case "cancel":
                return do("ana", "quotation.cancel", **on, reason=value)
            case _:
                return do("ana", f"quotation.{kind}", **on)


@settings(max_examples=80)
@given(anchors=st.tuples(prices, prices), start=own_start, slots=scenarios)
def test_a_hotel_learns_nothing_of_its_rivals(anchors: tuple[str, str], start: str | None, slots: list[Slot]) -> None:
    """[P2] [P4] Whatever the others offer, revise or withdraw, one hotel sees the same, but for its own result."""

    async def compare() -> None:
        logs = []
        for which in (0, 1):
            async with fresh_stage() as stage:
                logs.append(await Play(stage, which).run(anchors[which], start, slots))
        assert logs[0] == logs[1]

    asyncio.run(compare())
