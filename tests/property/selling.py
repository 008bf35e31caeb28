"""Worlds whose price is the same on one link of the chain, whatever lies below it, as one person sees them.

The families hold rates in USD whose price on the link is equal: net / (1 - margin), times (1 + markup).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from backend.domain.computation.tariff import GuideRate, ItemRate, Tariff
from tests.support.live import LiveObserver, live_stage
from tests.support.stage import Stage
from tests.support.worlds import MORE_READS, Observer, assert_same, fresh_stage, quietly, side_by_side


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
    st.sampled_from(
        ["revise", "award", "accept", "reject", "close", "rename", "more_rooms", "grant", "confirm", "rooming", "week"]
    ),
    max_size=7,
)
GUIDED = {"guides": [{"language": "en", "days": 2}], "items": [{"code": "permit"}]}
"""What costs the net rate each day, and as much again."""
BOOKED = ["award", "accept", "confirm", "rooming", "week"]


def _tariff(chain: Chain) -> Tariff:
    """Of which everything costs what a room does."""
    return Tariff(
        id=f"at-{chain.margin}",
        name=f"At {chain.margin}",
        currency="USD",
        valid_from=date(2027, 1, 1),
        guides=(GuideRate(language="en", day=Decimal(chain.net)),),
        items=(ItemRate(code="permit", name="Permit", category="permit", per="group", amount=Decimal(chain.net)),),
    )


async def compare(who: str, chains: Sequence[Chain], turns: Sequence[str]) -> None:
    """[P2] Plays a world for each chain and fails where that person could tell them apart."""

    async def world(chain: Chain) -> list[str]:
        async with fresh_stage() as stage:
            return await Selling(stage, Observer(stage, who), chain).run(turns)

    assert_same(await side_by_side(*map(world, chains)))


async def compare_live(who: str, chains: Sequence[Chain], turns: Sequence[str]) -> None:
    """[P2] As `compare`, with everybody on sockets and HTTP."""

    async def world(chain: Chain) -> list[str]:
        async with live_stage() as stage:
            return await Selling(stage, LiveObserver(stage, who), chain).run(turns)

    assert_same(await side_by_side(*map(world, chains)))


class Selling:
    """Ana's quotation with one hotel that bids at the chain's net rate, as somebody sees it through `seen`."""

    def __init__(self, stage: Stage, seen: Any, chain: Chain) -> None:
        self.stage = stage
        self.margin = Decimal(chain.margin)
        self.seen = seen
        self.chain = chain

    async def run(self, turns: Sequence[str]) -> list[str]:
        """What that person saw."""
        self.quotation = await self._draft()
        for who in ("ana", self.seen.who):
            await self.stage.enter(who, self.quotation)
        await self.stage.do("ana", "quotation.publish", quotation_id=self.quotation, hotel_ids=["plaza", "mirador"])
        self.offer = await self.stage.submit("plaza", self.quotation, self.chain.net, **self._own_affairs())
        await self.seen.look(self.quotation)
        for turn in turns:
            await quietly(self._take(turn))
            await self.seen.look(self.quotation)
        await self.seen.look(self.quotation, *MORE_READS)
        log: list[str] = self.seen.log
        return log

    async def _draft(self) -> str:
        """A quotation from the time when the platform's margin was the chain's."""
        now = self.stage.deps
        self.stage.deps = replace(now, margin_percent=self.margin)
        await self.stage.db.put_item(_tariff(self.chain), None)
        try:
            return await self.stage.draft(markup_percent=self.chain.markup, programme=GUIDED)
        finally:
            self.stage.deps = now

    def _take(self, turn: str) -> Awaitable[Any]:
        do: Callable[..., Awaitable[Any]] = self.stage.do
        on = {"quotation_id": self.quotation}
        match turn:
            case "revise":
                return self.stage.submit("plaza", self.quotation, self.chain.net, notes="as before", guaranteed=True)
            case "award":
                return self._as("ana", "quotation.award", **on, offer_id=self.offer)
            case "accept" | "reject":
                return self._as("clara", f"quotation.{turn}", **on)
            case "close":
                return self._as("ana", "quotation.close", **on)
            case "rename":
                return self._edit("title", "Cusco, renamed")
            case "more_rooms":
                return self._edit("rooms.double", 12)
            case "grant":
                return do("admin", "quotation.grant", **on, hotel_id="mirador", reason="a test")
            case "week":
                return self.stage.forward(days=7)
            case _:
                return self._on_booking(turn)

    def _edit(self, field: str, value: Any) -> Awaitable[Any]:
        changes = [{"field": field, "value": value}]
        return self.stage.do("bruno", "quotation.edit", quotation_id=self.quotation, base_version=1, changes=changes)

    async def _on_booking(self, turn: str) -> None:
        booking = (await self.stage.watch("admin", f"quotation:{self.quotation}")).view.get("booking")
        if booking is None:
            return
        on = {"booking_id": booking["id"]}
        if turn == "rooming":
            await self._as("clara", "booking.set_rooming", **on, guests=[{"name": "Clara", "diet": "vegan"}])
        else:
            await self.stage.do(
                "plaza-desk", "booking.confirm_line", **on, line_id=next(iter(booking.get("lines", ["none"])))
            )

    async def _as(self, who: str, command: str, **on: Any) -> Any:
        """An answer is to be compared when it is the watcher's own."""
        return await (self.seen.do(command, **on) if self.seen.who == who else self.stage.do(who, command, **on))

    def _own_affairs(self) -> dict[str, str]:
        """What the hotel and the admin alone may notice, different with each chain."""
        tenth = Decimal(self.chain.net) // 10
        return {"commission_percent": str(tenth), "internal_notes": f"we pay {tenth}"}
