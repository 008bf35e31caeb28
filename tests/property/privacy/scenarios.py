"""Whole lives of a quotation, drawn at random and played through the domain's rules."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from backend.domain import awarding, booking, granting, guiding, repricing, rfq
from backend.domain.bookings import Guest
from backend.domain.computation.tariff import Costing, GuideRate, ItemRate, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.offering import submit, withdraw
from backend.domain.offers import CancellationStage, Foc, OfferContent, OptionalService, RoomRate, Tax
from backend.domain.quotation import Party
from backend.domain.refusals import Refusal
from backend.domain.terms import PrivacySettings
from privacy.facts import Fact
from tests.support.domain import (
    ADMIN,
    ANA,
    CLIENT,
    CLIENT_ACTOR,
    DEADLINE,
    HOTELS,
    NOW,
    World,
    guide,
    hotel,
    staff,
    usd,
)
from tests.support.sagas import assignment_of, carry_on, pay
from tests.unit.privacy.worlds import facts_of, whole_terms

Deed = tuple[Any, ...]
LUNA = hotel("luna")
BY_ID = {one.id: one for one in (*HOTELS, LUNA)}
OTHER_CLIENT = Party(id="other", name="Other Client", email="other@andes.demo")

hotel_ids = st.sampled_from([one.id for one in HOTELS])
rates = st.sampled_from([50, 100, 125, 150])
settings = st.builds(
    PrivacySettings,
    hide_competitor_prices=st.booleans(),
    show_own_rank=st.booleans(),
    reveal_prices_after_deadline=st.booleans(),
)
edits = st.sampled_from(
    [
        ("title", "Renamed"),
        ("destination", ""),
        ("notes", ""),
        ("markup_percent", "14"),
        ("budget", None),
        ("adults", 24),
        ("check_out", "2027-03-06"),
        ("rooms.double", 7),
        ("children_ages", []),
        ("weights.price", "5"),
        ("deposit.percent", "40"),
        ("privacy.show_own_rank", False),
        ("privacy.hide_competitor_prices", True),
        ("programme", None),
        ("programme.transport", [{"vehicle": "bus", "km": 100}]),
        ("programme.bands", [5, 20]),
        ("band_markups", [{"band": "20-24", "percent": "50"}]),
    ]
)
agency_deeds: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("edit"), edits),
    st.tuples(
        st.sampled_from(["close", "cancel", "reject", "accept", "rooming", "pay", "publish", "extend", "call_off"])
    ),
    st.tuples(st.just("forward"), st.sampled_from([0.5, 5.0, 9.0])),
)
own_deeds: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("offer"), st.just("plaza"), rates),
    st.tuples(st.sampled_from(["withdraw", "award", "confirm", "decline"]), st.just("plaza")),
)
guide_deeds: st.SearchStrategy[Deed] = st.tuples(st.sampled_from(["comes", "stays"]), st.sampled_from(["gina", "gil"]))
deeds: st.SearchStrategy[Deed] = st.one_of(
    agency_deeds,
    guide_deeds,
    st.tuples(st.just("offer"), hotel_ids, rates),
    st.tuples(
        st.sampled_from(["withdraw", "award", "uninvite", "invite", "grant", "revoke", "confirm", "decline"]), hotel_ids
    ),
    st.tuples(st.just("invite"), st.just("luna")),
    st.tuples(st.just("margin"), st.sampled_from(["0", "20", "50"])),
    st.tuples(st.just("reprice"), st.sampled_from([1, 2])),
    st.tuples(st.just("client"), st.sampled_from([CLIENT, OTHER_CLIENT, None])),
)


@dataclass
class Play:
    """A world in which deeds are done; those that the rules refuse change nothing.

    `net` is the share of the drawn rates that the hotels and the tariff ask for, `guides` are the logins of those who
    are asked.
    """

    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    terms: dict[str, Any] = field(default_factory=dict)
    margin: str = "8"
    net: Decimal = Decimal(1)
    private: str = ""
    guides: tuple[str, ...] = ("gina", "gil")
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = World(asked=whole_terms(privacy=self.privacy, **self.terms), guides=self.guides)
        self.world.edit(1, by=ADMIN, margin_percent=self.margin)
        self._reprice(1)

    def play(self, deeds: Sequence[Deed]) -> "Play":
        for name, *given in deeds:
            try:
                getattr(self, f"_{name}")(*given)
            except (Refusal, LookupError):
                continue
            carry_on(self.world)
        return self

    def content(self, rate: int) -> OfferContent:
        """Offers at `rate`, all of whose amounts go with `net`."""
        return OfferContent(
            rooms=(
                RoomRate(type="double", net_rate=usd(str(rate * self.net)), quantity=10),
                RoomRate(type="triple", net_rate=usd(str(25 * self.net)), per="person_night", quantity=2),
            ),
            single_supplement=usd(str(25 * self.net)),
            triple_reduction=usd(str(25 * self.net)),
            foc=Foc(per=8),
            taxes=(Tax(name="VAT", included=False, percent=Decimal(10)),),
            optional_services=(OptionalService(name="spa", price=usd(str(75 * self.net))),),
            commission_percent=Decimal(len(self.private)),
            cancellation=(CancellationStage(days_before=120, penalty_percent=Decimal(40)),),
            internal_notes=self.private,
        )

    def heard_by(self, audience: str) -> list[Fact]:
        """All that one audience was told, in any room."""
        return [fact for fact in self._told() if fact.audience == audience]

    def heard_in(self, room: str) -> list[Fact]:
        """All that was told in a person's own room."""
        return [fact for fact in self._told() if fact.room == room]

    def _told(self) -> list[Fact]:
        steps = [facts_of(None, self.world.steps[0])]
        steps += [facts_of(one.after, two) for one, two in pairwise(self.world.steps)]
        return [fact for told in steps for fact in told]

    def _edit(self, change: tuple[str, Any]) -> None:
        self.world.edit(self.world.q.version, **{change[0].replace(".", "__"): change[1]})

    def _margin(self, percent: str) -> None:
        self.world.edit(self.world.q.version, by=ADMIN, margin_percent=percent)

    def _reprice(self, times: int) -> None:
        """Costs that many times the drawn ones, in a currency of which `net` of the quotation's is one."""

        def cost(amount: int) -> Decimal:
            return Decimal(amount * times)

        tariff = Tariff(
            id=f"tariff-{self.private}",
            name=self.private or "-",
            currency="PEN",
            valid_from=NOW.date(),
            vehicles=(
                VehicleRate(code="coach", name="Coach", seats=40, day=cost(400), km=cost(1)),
                VehicleRate(code="bus", name="Bus", seats=15, day=cost(200), km=cost(1)),
            ),
            fuel_percent=Decimal(25),
            guides=(GuideRate(language="en", day=cost(100), overtime_hour=cost(25), lodged=True),),
            staff_night=cost(50),
            staff_day=cost(25),
            items=(ItemRate(code="lunch", name="Lunch", category="meal", amount=cost(50), child=cost(25)),),
            taxes=(SalesTax(name="VAT", percent=Decimal(20)),),
        )
        rate = Rate(base="PEN", quote="USD", rate=self.net, on=NOW.date())
        self.world.do(repricing.reprice, Costing(tariff=tariff, rate=rate, on=NOW.date()))

    def _client(self, client: Party | None) -> None:
        self.world.edit(self.world.q.version, client=client, client_id=client.id if client else None)

    def _publish(self) -> None:
        self.world.publish()

    def _extend(self) -> None:
        deadline = self.world.q.terms.deadline or DEADLINE
        self.world.do(rfq.extend, deadline + timedelta(days=1), "A holiday.", ANA)

    def _offer(self, hotel_id: str, rate: int) -> None:
        self.world.do(submit, self.content(rate), staff(BY_ID[hotel_id]))

    def _withdraw(self, hotel_id: str) -> None:
        self.world.do(withdraw, staff(BY_ID[hotel_id]))

    def _invite(self, hotel_id: str) -> None:
        self.world.do(rfq.invite, [BY_ID[hotel_id]], ANA)

    def _uninvite(self, hotel_id: str) -> None:
        self.world.do(rfq.uninvite, [hotel_id], ANA)

    def _grant(self, hotel_id: str) -> None:
        self.world.do(granting.grant, hotel_id, "A dispute.", ADMIN)

    def _revoke(self, hotel_id: str) -> None:
        self.world.do(granting.revoke, hotel_id, "Over.", ADMIN)

    def _close(self) -> None:
        self.world.do(rfq.close, ANA)

    def _cancel(self) -> None:
        self.world.do(rfq.cancel, "Called off.", ANA)

    def _award(self, hotel_id: str) -> None:
        self.world.award(BY_ID[hotel_id])

    def _accept(self) -> None:
        self.world.accept()

    def _reject(self) -> None:
        self.world.do(awarding.reject, "Too dear.", CLIENT_ACTOR)

    def _rooming(self) -> None:
        self.world.do(booking.set_rooming, [Guest(name="Ada", diet="vegan")], ANA)

    def _call_off(self) -> None:
        self.world.do(booking.cancel, "Flood.", ANA)

    def _pay(self) -> None:
        pay(self.world)

    def _confirm(self, hotel_id: str) -> None:
        self.world.do(booking.confirm_line, self._line(), staff(BY_ID[hotel_id]))

    def _decline(self, hotel_id: str) -> None:
        self.world.do(booking.decline_line, self._line(), "Full.", staff(BY_ID[hotel_id]))

    def _comes(self, user_id: str) -> None:
        self.world.do(guiding.confirm, self._assignment(user_id), guide(user_id))

    def _stays(self, user_id: str) -> None:
        self.world.do(guiding.decline, self._assignment(user_id), "ill", guide(user_id))

    def _assignment(self, user_id: str) -> str:
        if self.world.q.booking is None:
            raise LookupError("no booking")
        return assignment_of(self.world, user_id).id

    def _forward(self, days: float) -> None:
        self.world.clock.forward(days=days)
        self.world.settle()

    def _line(self) -> str:
        current = self.world.q.booking
        if current is None or not current.live_lines:
            raise LookupError("no line")
        return current.live_lines[0].id


def without_ids(value: Any) -> str:
    """As JSON, with ids replaced by the order in which they first appear: they are random, and tell nothing."""
    numbers: dict[str, str] = {}
    text = json.dumps(value, sort_keys=True)
    return re.sub(r"(?:id-|D-)?\d{8}", lambda found: numbers.setdefault(found[0][-8:], f"#{len(numbers)}"), text)
