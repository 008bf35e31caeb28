"""Worlds that differ only in what another agency does, as Carla of Rio sees hers and all else that she asks for.

Rio and the Andes ask the same hotels, which bid for both; the Andes' quotation may not even be there.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.support.live import LiveObserver, live_stage
from tests.support.stage import TERMS, Stage, offer
from tests.support.worlds import MORE_READS, Observer, assert_same, fresh_stage, quietly, side_by_side

Slot = tuple[str, Any]
"""Something of Rio's that happens in both worlds, or `("andes", (deeds, deeds))`: what happens in one and the other."""
Deed = tuple[str, Any]

RIO = {**TERMS, "client_id": None, "min_offers": 1}
HOTELS = ("plaza", "mirador")
OF_ONE = ("quotations/{quotation}/versions", "quotations/{quotation}/audit")

prices = st.integers(60, 140).map(lambda whole: f"{whole}.00")
fields = st.sampled_from(["title", "notes", "markup_percent", None])
at_a_field = st.tuples(st.sampled_from(["ana", "bruno", "plaza-desk"]), fields)
own: st.SearchStrategy[Slot] = st.one_of(
    st.tuples(st.just("submit"), st.tuples(st.sampled_from(HOTELS), prices)),
    st.tuples(st.just("focus"), st.sampled_from(["title", "rooms.double", None])),
    st.tuples(st.just("edit"), st.sampled_from([("title", "Rio's own"), ("rooms.double", 9), ("notes", "call")])),
    st.tuples(st.sampled_from(["close", "award", "cancel", "grant", "look"]), st.none()),
    st.tuples(st.just("forward"), st.sampled_from([0.1, 8.0])),
)
comings: st.SearchStrategy[Slot] = st.tuples(
    st.just("come"), st.sampled_from(["fresh", "since", "back", "inbox", "theirs"])
)
probes: st.SearchStrategy[Slot] = st.tuples(st.just("probe"), st.none())
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("submit"), st.tuples(st.sampled_from(HOTELS), prices)),
        st.tuples(st.just("focus"), at_a_field),
        st.tuples(st.just("edit"), st.sampled_from([("title", "The Andes' own"), ("adults", 30)])),
        st.tuples(st.sampled_from(["draft", "publish", "close", "award", "accept", "cancel", "grant"]), st.none()),
    ),
    max_size=4,
)
andes: st.SearchStrategy[Slot] = st.tuples(st.just("andes"), st.tuples(deeds, deeds))
scenarios = st.lists(st.one_of(own, andes, probes), max_size=10)
live_scenarios = st.lists(st.one_of(own, andes, probes, comings), max_size=8)

SOLD: list[Deed] = [
    ("draft", None),
    ("publish", None),
    ("focus", ("plaza-desk", "title")),
    ("submit", ("plaza", "70.00")),
    ("award", None),
    ("accept", None),
]
BUSY: list[Slot] = [
    ("andes", (SOLD[:4], [])),
    ("submit", ("plaza", "100.00")),
    ("probe", None),
    ("focus", "title"),
    ("andes", (SOLD[4:], SOLD[:1])),
    ("come", "since"),
    ("grant", None),
    ("award", None),
    ("come", "back"),
    ("probe", None),
    ("come", "theirs"),
    ("come", "inbox"),
]


async def compare(slots: Sequence[Slot]) -> None:
    """[P2] Plays both worlds and fails where Carla could tell them apart."""

    async def world(which: int) -> list[str]:
        async with fresh_stage() as stage:
            return await Rio(stage, which, Observer(stage, "carla")).run(slots)

    assert_same(await side_by_side(world(0), world(1)))


async def compare_live(slots: Sequence[Slot]) -> None:
    """[P2] As `compare`, with everybody on sockets and HTTP."""

    async def world(which: int) -> list[str]:
        async with live_stage() as stage:
            return await Rio(stage, which, LiveObserver(stage, "carla")).run(slots)

    assert_same(await side_by_side(world(0), world(1)))


class Rio:
    """One of the worlds, as Carla observes it."""

    def __init__(self, stage: Stage, which: int, carla: Any) -> None:
        self.stage = stage
        self.which = which
        self.carla = carla
        self.andes = Andes(stage)
        self.offers: dict[str, str] = {}
        self.heard_of = ""

    async def run(self, slots: Sequence[Slot]) -> list[str]:
        """What Carla saw."""
        created = await self.carla.do("quotation.create", **RIO)
        self.quotation = str(created["quotation"]["id"])
        for who in ("carla", "plaza-desk"):
            await quietly(self.stage.enter(who, self.quotation))
        await self.carla.do("quotation.publish", quotation_id=self.quotation, hotel_ids=list(HOTELS))
        await self.stage.enter("plaza-desk", self.quotation)
        for kind, value in slots:
            await self.carla.look(self.quotation)
            await self._slot(kind, value)
        await self.carla.look(self.quotation, *MORE_READS)
        log: list[str] = self.carla.log
        return log

    async def _slot(self, kind: str, value: Any) -> None:
        if kind == "andes":
            for deed, extra in value[self.which]:
                await quietly(self.andes.do(deed, extra))
        elif kind == "forward":
            await self.stage.forward(days=value)
        elif kind == "come":
            await self._come(value)
        elif kind == "probe":
            await self._probe()
        elif kind != "look":
            await quietly(self._own(kind, value))

    async def _own(self, kind: str, value: Any) -> None:
        """What Carla, a hotel or an admin does to her quotation."""
        on = {"quotation_id": self.quotation}
        match kind:
            case "submit":
                hotel, price = value
                self.offers[hotel] = await self.stage.submit(hotel, self.quotation, price)
            case "focus":
                await self.stage.enter("plaza-desk", self.quotation, value)
            case "edit":
                await self.carla.do("quotation.edit", **on, base_version=1, changes=[change(value)])
            case "award":
                await self.carla.do("quotation.award", **on, offer_id=next(iter(self.offers.values()), "none"))
            case "cancel":
                await self.carla.do("quotation.cancel", **on, reason="the group fell through")
            case "grant":
                await self.stage.do("admin", "quotation.grant", **on, hotel_id="mirador", reason="a test")
            case _:
                await self.carla.do(f"quotation.{kind}", **on)

    async def _come(self, how: str) -> None:
        if how == "inbox":
            await self.carla.read_inbox()
        elif how == "theirs":
            await self.carla.again(self._theirs(), "fresh")
        else:
            await self.carla.again(self.quotation, how)

    def _theirs(self) -> str:
        """The Andes' quotation, or one that is not there: she is answered alike, and has heard of no other."""
        self.heard_of = self.heard_of or self.andes.quotation or self.stage.new_id()
        return self.heard_of

    async def _probe(self) -> None:
        """She asks for what is not hers."""
        theirs = self._theirs()
        on = {"quotation_id": theirs}
        await self.carla.look(theirs, *OF_ONE)
        await self.carla.do("quotation.edit", **on, base_version=1, changes=[change(("title", "Mine now"))])
        await self.carla.do("quotation.award", **on, offer_id=self.andes.offer or self.stage.new_id())
        await self.carla.post(f"quotations/{theirs}/close")
        await self.carla.post(f"quotations/{theirs}/offers", offer())


class Andes:
    """What the other agency does, with its client, the hotels and an admin."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.quotation = ""
        self.offer = ""

    def do(self, deed: str, extra: Any) -> Awaitable[Any]:
        do: Callable[..., Awaitable[Any]] = self.stage.do
        on = {"quotation_id": self.quotation or "none"}
        match deed:
            case "draft":
                return self._draft()
            case "publish":
                return do("ana", "quotation.publish", **on, hotel_ids=list(HOTELS))
            case "submit":
                return self._submit(*extra)
            case "focus":
                who, field = extra
                return self.stage.enter(who, self.quotation or "none", field)
            case "edit":
                return do("bruno", "quotation.edit", **on, base_version=1, changes=[change(extra)])
            case "award":
                return do("ana", "quotation.award", **on, offer_id=self.offer or "none")
            case "accept":
                return do("clara", "quotation.accept", **on)
            case "cancel":
                return do("ana", "quotation.cancel", **on, reason="the group fell through")
            case "grant":
                return do("admin", "quotation.grant", **on, hotel_id="mirador", reason="a test")
            case _:
                return do("ana", f"quotation.{deed}", **on)

    async def _draft(self) -> None:
        self.quotation = await self.stage.draft()

    async def _submit(self, hotel: str, price: str) -> None:
        self.offer = await self.stage.submit(hotel, self.quotation or "none", price)


def change(edit: tuple[str, Any]) -> dict[str, Any]:
    return {"field": edit[0], "value": edit[1]}
