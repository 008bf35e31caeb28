"""The ledger: every entry balances, and a booking that was undone leaves nobody with what is not theirs."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import booking, guiding, repricing
from backend.domain.booked import agency_total, net_total, selling_total
from backend.domain.computation.computed import running_of
from backend.domain.ledger import Posting, minor, postings
from backend.domain.refusals import Refusal
from backend.domain.terms import Deposit
from tests.support.domain import ANA, HOTELS, MIRADOR, PLAZA, SOL, World, guide, terms
from tests.support.sagas import assignment_of, booking_of, carry_on, pay, take
from tests.unit.domain.test_saga import DEPOSIT, HAPPENINGS, accepted, confirmed, finish, happen, held
from tests.unit.privacy.worlds import COSTING, PROGRAMME

KINDS = ("guide", "vehicle")


def written(world: World) -> list[Posting]:
    """All that the world's steps mean in money."""
    return [posting for one, two in pairwise(world.steps) for posting in postings(one.after, two)]


def balances(world: World) -> Counter[str]:
    found: Counter[str] = Counter()
    for posting in written(world):
        found[posting.account] += posting.amount
    return found


def entries(world: World) -> dict[str, list[Posting]]:
    found: dict[str, list[Posting]] = {}
    for posting in written(world):
        found.setdefault(posting.entry_id, []).append(posting)
    return found


def test_a_sale_is_shared_along_the_price_chain() -> None:
    world = accepted(PLAZA)
    carry_on(world)
    pay(world)
    carry_on(world)
    held(world)
    carry_on(world)
    offer, deposit = world.q.offers[world.offer_id(PLAZA)], next(iter(booking_of(world).payments.values())).amount
    net, agency, selling = net_total(world.q, offer), agency_total(world.q, offer), selling_total(world.q)
    assert balances(world) == {
        "gateway:local": minor(deposit),
        "client:client": minor(selling) - minor(deposit),
        "hotel:plaza": -minor(net),
        "platform:margin": minor(net) - minor(agency),
        "agency:andes": minor(agency) - minor(selling),
    }


def guided(*guides: str, vehicles: int = 1) -> World:
    """Confirmed, with a guide for two days, a leg and lunches."""
    world = World(asked=terms(programme=PROGRAMME, adults=41 if vehicles > 1 else 20), guides=guides)
    world.do(repricing.reprice, COSTING)
    world.publish()
    world.offer(PLAZA)
    world.award(PLAZA)
    world.accept()
    carry_on(world)
    held(world)
    if vehicles > 1:
        take(world, "leg-1", vehicles=vehicles)
    carry_on(world)
    for user_id in guides:
        world.do(guiding.confirm, assignment_of(world, user_id).id, guide(user_id))
    carry_on(world)
    assert world.q.state == "confirmed"
    return world


@pytest.mark.parametrize("vehicles", [1, 2, 3])
def test_guides_and_carriers_are_owed_what_the_tariff_gives_for_them(vehicles: int) -> None:
    """By hand, in PEN at 0.25: the guide 2 × 360, overtime 3 × 60 and meals 2 × 80; each coach two days of 800,
    120 km of 2, a tenth for fuel, 0.1 for tolls, 40 a day for parking, and its driver's meals."""
    world = guided("gina", vehicles=vehicles)
    found = balances(world)
    coaches = 1 if vehicles == 1 else 2
    by_kind = {kind: [amount for account, amount in found.items() if account.startswith(f"{kind}:")] for kind in KINDS}
    assert by_kind["guide"] == [-(720 + 180 + 160) * 25]
    coach = 1_600 + 240 + 24 + 12 + 80 + 160
    assert len(by_kind["vehicle"]) == vehicles
    assert abs(sum(by_kind["vehicle"]) + coaches * coach * 25) <= vehicles
    assert sum(found.values()) == 0
    q = world.q
    offer, costs = q.offers[world.offer_id(PLAZA)], running_of(q)
    assert costs is not None
    assert found["agency:andes"] == minor(agency_total(q, offer)) + minor(costs.total) - minor(selling_total(q))
    world.do(booking.cancel, "flood", ANA)
    carry_on(world)
    assert {account: amount for account, amount in balances(world).items() if amount} == {}


def test_the_hotel_pays_its_commission_of_its_net_rate() -> None:
    world = World(asked=accepted().q.terms)
    world.publish()
    world.offer(PLAZA, 100, commission_percent=Decimal(10))
    world.award(PLAZA)
    world.accept()
    carry_on(world)
    pay(world)
    carry_on(world)
    held(world)
    carry_on(world)
    net = minor(net_total(world.q, world.q.offers[world.offer_id(PLAZA)]))
    found = balances(world)
    assert (found["hotel:plaza"], found["platform:commission"]) == (-net * 9 // 10, -net // 10)


def test_what_is_cancelled_free_of_charge_leaves_nothing() -> None:
    world = confirmed()
    world.do(booking.cancel, "flood", ANA)
    carry_on(world)
    assert {account: amount for account, amount in balances(world).items() if amount} == {}


def test_a_penalty_is_shared_like_a_price() -> None:
    world = confirmed()
    world.clock.now = world.clock.now.replace(year=2027, month=2, day=20)
    world.do(booking.cancel, "flood", ANA)
    carry_on(world)
    found = balances(world)
    offer = world.q.offers[world.offer_id(PLAZA)]
    assert found["hotel:plaza"] == -minor(net_total(world.q, offer)) // 2
    assert found["client:client"] > 0, "it owes more than the deposit that stays"
    assert sum(found.values()) == 0


@pytest.mark.parametrize("hotels", [(PLAZA,), (PLAZA, MIRADOR), (PLAZA, MIRADOR, SOL)])
def test_the_platform_is_owed_nothing_for_a_booking_that_never_was(hotels: tuple[object, ...]) -> None:
    world = accepted(*hotels)
    carry_on(world)
    world.clock.forward(days=30)
    carry_on(world)
    assert written(world) == []


@settings(max_examples=120, deadline=None)
@given(
    deposit=st.booleans(),
    story=st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 20)), max_size=20),
)
def test_every_entry_balances_whatever_happens(deposit: bool, story: list[tuple[str, int]]) -> None:
    world = accepted(*HOTELS, deposit=DEPOSIT if deposit else Deposit())
    for what, number in story:
        try:
            happen(world, what, number)
        except (Refusal, IndexError):
            continue
    finish(world)
    for postings_ in entries(world).values():
        assert sum(posting.amount for posting in postings_) == 0
        assert len({posting.currency for posting in postings_}) == 1
    accounts = balances(world)
    payments = booking_of(world).payments.values()
    moved = sum(minor(one.amount) * (1 if one.kind == "deposit" else -1) for one in payments if one.state == "received")
    assert accounts["gateway:local"] == moved
