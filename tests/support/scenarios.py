"""Hypothesis strategies of terms and offers, and whole scenarios: acts on one quotation, played on a `World`.

An act is plain data, so that the same scenario can be played in two worlds, or with somebody's acts changed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from backend.domain import awarding, booking, editing, granting, rfq
from backend.domain.bookings import Guest
from backend.domain.events import Steps
from backend.domain.money import Money
from backend.domain.offering import submit, withdraw
from backend.domain.offers import CancellationStage, Foc, OfferContent, RoomRate, Tax
from backend.domain.quotation import Hotel
from backend.domain.ranking import competing
from backend.domain.refusals import Refusal
from backend.domain.terms import Deposit, PrivacySettings, Rooms, Terms
from tests.support.domain import ADMIN, ANA, BRUNO, CLIENT, CLIENT_ACTOR, HOTELS, World, staff, terms
from tests.support.sagas import carry_on, pay

HOTEL_ACTS: Final = ("submit", "withdraw")
LINE_ACTS: Final = ("confirm_line", "decline_line")


@dataclass(frozen=True)
class Act:
    """`kind` names a command or `wait`; `who` acts or is concerned; `value` is what the command takes."""

    kind: str
    who: Any = None
    value: Any = None


def amounts(largest: int = 100_000) -> SearchStrategy[Money]:
    """Dollars and cents up to `largest` dollars."""
    return st.integers(1, largest * 100).map(lambda cents: Money(Decimal(cents) / 100, "USD"))


def percentages(largest: int = 100) -> SearchStrategy[Decimal]:
    return st.integers(0, largest * 4).map(lambda quarters: Decimal(quarters) / 4)


def rates() -> SearchStrategy[RoomRate]:
    return st.builds(
        RoomRate,
        type=st.sampled_from(["single", "double", "twin", "triple", "suite"]),
        net_rate=amounts(1_000),
        per=st.sampled_from(["room_night", "person_night"]),
        quantity=st.integers(0, 30),
    )


def contents() -> SearchStrategy[OfferContent]:
    """Sound offers in dollars."""
    return st.builds(
        OfferContent,
        rooms=st.lists(rates(), min_size=1, max_size=4).map(tuple),
        single_supplement=st.none() | amounts(200),
        triple_reduction=st.none() | amounts(200),
        foc=st.none() | st.builds(Foc, per=st.integers(1, 40), free=st.integers(0, 3), cap=st.none() | st.just(2)),
        taxes=st.lists(
            st.builds(Tax, name=st.just("city"), included=st.booleans(), percent=percentages()), max_size=1
        ).map(tuple),
        commission_percent=percentages(30),
        included_services=st.lists(st.sampled_from(["wifi", "breakfast", "pool"]), max_size=3).map(tuple),
        cancellation=st.lists(
            st.builds(CancellationStage, days_before=st.integers(0, 90), penalty_percent=percentages()), max_size=2
        ).map(tuple),
        notes=st.sampled_from(["", "sea view"]),
    )


def complete_terms() -> SearchStrategy[Terms]:
    """Terms that can be published."""
    return st.builds(
        terms,
        title=st.text(min_size=1, max_size=20),
        check_out=st.integers(2, 10).map(lambda day: date(2027, 3, day)),
        rooms=st.builds(Rooms, single=st.integers(0, 9), double=st.integers(1, 30), triple=st.integers(0, 9)),
        adults=st.integers(0, 80),
        auto_award=st.booleans(),
        deposit=st.sampled_from([Deposit(), Deposit(required=True, percent=Decimal(30))]),
        privacy=st.builds(
            PrivacySettings,
            hide_competitor_prices=st.booleans(),
            show_own_rank=st.booleans(),
            reveal_prices_after_deadline=st.booleans(),
        ),
        markup_percent=percentages(50),
        client_id=st.sampled_from([None, CLIENT.id]),
    )


_EDITS: Final[dict[str, Any]] = {
    "title": ["Andes", "Lima", "Sur"],
    "notes": ["call", "wait"],
    "markup_percent": ["5", "12.5"],
    "rooms.double": [5, 6],
    "rooms": [{"double": 3}, {"single": 2, "double": 1}],
    "adults": [30, 31],
    "privacy.show_own_rank": [True, False],
    "deadline": [None, "2027-01-01T00:00:00Z"],
    "margin_percent": ["5", "15"],
}


def edits() -> SearchStrategy[tuple[str, Any]]:
    return st.sampled_from(sorted(_EDITS)).flatmap(
        lambda field: st.tuples(st.just(field), st.sampled_from(_EDITS[field]))
    )


def hotel_acts(hotels: tuple[Hotel, ...] = HOTELS) -> SearchStrategy[Act]:
    """What hotels do to their offers."""
    who = st.sampled_from(hotels)
    return st.builds(Act, st.just("submit"), who, contents()) | st.builds(Act, st.just("withdraw"), who)


def house_acts(hotels: tuple[Hotel, ...] = HOTELS) -> SearchStrategy[Act]:
    """What the agency, the client, an admin and time do."""
    who = st.sampled_from(hotels)
    return st.one_of(
        st.builds(Act, st.just("edit"), st.sampled_from([ANA, BRUNO, ADMIN]), edits()),
        st.builds(Act, st.sampled_from(["invite", "uninvite", "award", "grant", "revoke"]), who),
        st.builds(Act, st.sampled_from(["publish", "extend", "accept", "reject", "pay", "rooming", "restore"])),
        st.builds(Act, st.sampled_from(["close", "cancel"])),
        st.builds(Act, st.sampled_from(LINE_ACTS), who),
        st.builds(Act, st.just("wait"), value=st.sampled_from([1, 30, 24 * 7, 24 * 200])),
    )


def acts(hotels: tuple[Hotel, ...] = HOTELS) -> SearchStrategy[Act]:
    return st.one_of(hotel_acts(hotels), house_acts(hotels))


def play(world: World, act: Act) -> tuple[str, Steps]:
    """Does `act` with what is due before it and what the saga makes of it; gives "ok" or the code of its refusal, and
    the command's own steps."""
    if act.kind == "wait":
        world.clock.forward(hours=act.value)
        done = world.settle()
    else:
        try:
            done = _command(world, act)
        except Refusal as refusal:
            return refusal.code, ()
    carry_on(world)
    return "ok", done


def _command(world: World, act: Act) -> Steps:
    do = world.do
    who: Any = act.who
    match act.kind:
        case "submit":
            return do(submit, act.value, staff(who))
        case "withdraw":
            return do(withdraw, staff(who))
        case "confirm_line":
            return do(booking.confirm_line, line_of(world, who), staff(who))
        case "decline_line":
            return do(booking.decline_line, line_of(world, who), "full", staff(who))
        case "edit":
            return do(editing.edit, max(1, world.q.version - 1), [act.value], None, who)
        case "award":
            offer = world.q.offer_of(who.id)
            return do(awarding.award, offer.id if offer else "none", ANA)
        case "invite":
            return do(rfq.invite, [who], ANA)
        case "uninvite":
            return do(rfq.uninvite, [who.id], ANA)
        case "grant":
            return do(granting.grant, who.id, "partner", ADMIN)
        case "revoke":
            return do(granting.revoke, who.id, "over", ADMIN)
        case _:
            return _house_command(world, act.kind)


def _house_command(world: World, kind: str) -> Steps:
    do = world.do
    match kind:
        case "publish":
            return world.publish()
        case "extend":
            later = (world.q.terms.deadline or world.clock.now) + timedelta(days=2)
            return do(rfq.extend, later, "holidays", ANA)
        case "accept":
            return world.accept()
        case "reject":
            return do(awarding.reject, "too dear", CLIENT_ACTOR)
        case "pay":
            return pay(world)
        case "rooming":
            return do(booking.set_rooming, [Guest(name="Clara")], CLIENT_ACTOR)
        case "restore":
            return do(editing.restore, world.steps[0].after.terms, 1, ANA)
        case "close":
            return do(rfq.close, ANA)
        case "cancel":
            return do(rfq.cancel, "no budget", ANA)
        case _:
            raise LookupError(kind)


def line_of(world: World, of: Hotel) -> str:
    """The id of the hotel's booking line, or one that does not exist."""
    lines = world.q.booking.live_lines if world.q.booking else ()
    return next((line.id for line in lines if line.hotel_id == of.id), "none")


def rivals_competing(world: World, of: Hotel) -> list[str]:
    """The hotels other than `of` whose offers compete."""
    return sorted(offer.hotel_id for offer in competing(world.q) if offer.hotel_id != of.id)
