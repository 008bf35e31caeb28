"""Worlds that differ only in what the Plaza may not know: its rivals' doings, and what the agency keeps to itself.

Ana asks the Plaza, the Mirador and the Sol twice, about a trip that the Plaza bids on and another one. The Mirador
always has an offer for the first, so that an award to a rival is possible in both worlds; all else is free.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.live import LiveObserver, live_stage
from tests.support.stage import Stage, offer
from tests.support.worlds import MORE_READS, Observer, assert_same, fresh_stage, quietly, side_by_side

Slot = tuple[str, Any]
"""Something that happens in both worlds, or `("secretly", (deeds, deeds))`: what happens in the one and the other."""
Deed = tuple[str, str, Any]
"""Who does what, and with what, unknown to the Plaza."""

ELSEWHERE = {"title": "Another trip", "deadline": "2027-02-28T10:00:00Z"}
"""Its deadline is never reached: what befell both trips at one moment would have no order."""

prices = st.integers(60, 140).map(lambda whole: f"{whole}.00")
shared_edits = st.sampled_from(
    [
        ("title", "Cusco, renamed"),
        ("check_out", "2027-03-06"),
        ("rooms.double", 9),
        ("adults", 21),
        ("meal_plan", "HB"),
        ("privacy.hide_competitor_prices", True),
    ]
)
secret_edits = st.sampled_from(
    [
        ("notes", "call first"),
        ("internal_notes", "@bruno @plaza-desk they pay late"),
        ("markup_percent", "14"),
        ("min_offers", 1),
    ]
)
secret_fields = st.sampled_from(["markup_percent", "internal_notes", "min_offers", None])
doors = st.sampled_from(["live", "rest"])

shared: st.SearchStrategy[Slot] = st.one_of(
    st.tuples(st.just("edit"), shared_edits),
    st.tuples(st.just("submit"), st.tuples(doors, prices)),
    st.tuples(st.just("withdraw"), doors),
    st.tuples(st.just("line"), st.sampled_from(["confirm", "decline"])),
    st.tuples(st.sampled_from(["look", "close", "accept", "reject"]), st.none()),
    st.tuples(st.just("award"), st.one_of(st.just("own"), st.tuples(*[st.sampled_from(["mirador", "sol"])] * 2))),
    st.tuples(st.just("extend"), st.integers(8, 12)),
    st.tuples(st.just("cancel"), st.just("the group fell through")),
    st.tuples(st.just("forward"), st.sampled_from([0.1, 1.0, 6.5, 8.0])),
    st.tuples(st.just("focus"), st.sampled_from(["title", "rooms.double", None])),
)
deeds = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["mirador", "sol"]), st.just("submit"), prices),
        st.tuples(st.sampled_from(["mirador", "sol"]), st.just("elsewhere"), prices),
        st.tuples(st.sampled_from(["mirador", "sol"]), st.sampled_from(["confirm", "decline"]), st.none()),
        st.tuples(st.just("sol"), st.just("withdraw"), st.none()),
        st.tuples(st.sampled_from(["mirador", "sol"]), st.just("focus"), st.sampled_from(["rooms.0.net_rate", None])),
        st.tuples(st.just("ana"), st.sampled_from(["invite", "uninvite"]), st.just("sol")),
        st.tuples(st.just("ana"), st.just("edit"), secret_edits),
        st.tuples(st.just("ana"), st.just("focus"), secret_fields),
        st.tuples(st.just("admin"), st.sampled_from(["grant", "revoke"]), st.sampled_from(["mirador", "sol"])),
    ),
    max_size=3,
)
secret: st.SearchStrategy[Slot] = st.tuples(st.just("secretly"), st.tuples(deeds, deeds))
scenarios = st.lists(st.one_of(shared, secret), max_size=12)
comings: st.SearchStrategy[Slot] = st.tuples(st.just("come"), st.sampled_from(["fresh", "since", "back", "inbox"]))
live_scenarios = st.lists(st.one_of(shared, secret, comings), max_size=8)
anchors = st.tuples(prices, prices)


async def compare(anchors: tuple[str, str], slots: Sequence[Slot]) -> None:
    """[P2] Plays both worlds and fails where the Plaza could tell them apart."""

    async def world(which: int) -> list[str]:
        async with fresh_stage() as stage:
            return await Bidding(stage, which, Observer(stage, "plaza-desk")).run(anchors[which], slots)

    assert_same(await side_by_side(world(0), world(1)))


async def compare_live(anchors: tuple[str, str], slots: Sequence[Slot]) -> None:
    """[P2] As `compare`, with everybody on sockets and HTTP."""

    async def world(which: int) -> list[str]:
        async with live_stage() as stage:
            return await Bidding(stage, which, LiveObserver(stage, "plaza-desk")).run(anchors[which], slots)

    assert_same(await side_by_side(world(0), world(1)))


class Bidding:
    """One of the worlds, as the Plaza observes it through `plaza`."""

    def __init__(self, stage: Stage, which: int, plaza: Any) -> None:
        self.stage = stage
        self.which = which
        self.plaza = plaza
        self.offers: dict[str, str] = {}

    async def run(self, anchor: str, slots: Sequence[Slot]) -> list[str]:
        """What the Plaza saw."""
        self.quotation = await self.stage.published("plaza", "mirador", "sol")
        await self.plaza.look(self.quotation)
        self.elsewhere = await self.stage.published("plaza", "mirador", "sol", **ELSEWHERE)
        for who in ("ana", "bruno", "plaza-desk"):
            await self.stage.enter(who, self.quotation)
        await self._deed("mirador", "submit", anchor)
        await self.plaza.look(self.quotation)
        for kind, value in slots:
            await self._slot(kind, value)
            await self.plaza.look(self.quotation)
        await self.plaza.look(self.quotation, *MORE_READS)
        log: list[str] = self.plaza.log
        return log

    async def _slot(self, kind: str, value: Any) -> None:
        if kind == "secretly":
            for who, deed, extra in value[self.which]:
                await quietly(self._deed(who, deed, extra))
        elif kind in ("submit", "withdraw", "line"):
            await self._own(kind, value)
        elif kind == "forward":
            await self.stage.forward(days=value)
        elif kind == "come":
            await (self.plaza.read_inbox() if value == "inbox" else self.plaza.again(self.quotation, value))
        elif kind != "look":
            await quietly(self._common(kind, value))

    async def _own(self, kind: str, value: Any) -> None:
        """What the Plaza does itself, and so has the answer of."""
        if kind == "line":
            line = await self._line("plaza")
            await self.plaza.do(f"booking.{value}_line", booking_id=self.plaza.booking, line_id=line, reason="so")
            return
        if kind == "withdraw":
            done = await self._withdraw(value)
        else:
            done = await self._submit(*value)
        if done:
            self.offers["plaza"] = done["offer"].get("id", "none")

    async def _submit(self, door: str, price: str) -> Any:
        if door == "rest":
            return await self.plaza.post(f"quotations/{self.quotation}/offers", offer(price))
        return await self.plaza.do("offer.submit", quotation_id=self.quotation, offer=offer(price))

    async def _withdraw(self, door: str) -> Any:
        if door == "rest":
            return await self.plaza.post(f"quotations/{self.quotation}/offers/withdraw")
        return await self.plaza.do("offer.withdraw", quotation_id=self.quotation)

    async def _deed(self, who: str, deed: str, extra: Any) -> None:
        stage, on = self.stage, {"quotation_id": self.quotation}
        match deed:
            case "submit":
                self.offers[who] = await stage.submit(who, self.quotation, extra)
            case "elsewhere":
                await stage.submit(who, self.elsewhere, extra)
            case "withdraw":
                await stage.do(f"{who}-desk", "offer.withdraw", **on)
                self.offers.pop(who, None)
            case "confirm" | "decline":
                booking = await self._booking()
                on_line = {"booking_id": booking.get("id", "none"), "line_id": await self._line(who)}
                await stage.do(f"{who}-desk", f"booking.{deed}_line", **on_line, reason="so")
            case "focus":
                await stage.enter(who if who == "ana" else f"{who}-desk", self.quotation, extra)
            case "edit":
                await self._edit(extra)
            case "invite" | "uninvite":
                await stage.do("ana", f"quotation.{deed}", **on, hotel_ids=[extra])
            case _:
                await stage.do("admin", f"quotation.{deed}", **on, hotel_id=extra, reason="a test")

    def _common(self, kind: str, value: Any) -> Awaitable[Any]:
        do: Callable[..., Awaitable[Any]] = self.stage.do
        on = {"quotation_id": self.quotation}
        match kind:
            case "edit":
                return self._edit(value)
            case "focus":
                return self.stage.enter("bruno", self.quotation, value)
            case "award":
                return do("ana", "quotation.award", **on, offer_id=self._chosen(value))
            case "extend":
                deadline = f"2026-12-{value:02}T10:00:00Z"
                return do("ana", "quotation.extend", **on, deadline=deadline, reason="more time")
            case "accept" | "reject":
                return do("clara", f"quotation.{kind}", **on)
            case "cancel":
                return do("ana", "quotation.cancel", **on, reason=value)
            case _:
                return do("ana", f"quotation.{kind}", **on)

    def _edit(self, change: tuple[str, Any]) -> Awaitable[Any]:
        changes = [{"field": change[0], "value": change[1]}]
        return self.stage.do("ana", "quotation.edit", quotation_id=self.quotation, base_version=1, changes=changes)

    def _chosen(self, value: Any) -> str:
        """The Plaza's offer, or that of the world's own winner; the Mirador stands in for one who has none."""
        if value == "own":
            return self.offers.get("plaza", "none")
        return self.offers.get(value[self.which], self.offers["mirador"])

    async def _booking(self) -> dict[str, Any]:
        quotation = await self.stage.watch("ana", f"quotation:{self.quotation}")
        booking: dict[str, Any] = quotation.view.get("booking", {})
        return booking

    async def _line(self, hotel: str) -> str:
        lines = (await self._booking()).get("lines", {}).values()
        return next((str(line["id"]) for line in lines if line["hotel_id"] == hotel), "none")
