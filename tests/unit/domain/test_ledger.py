"""The ledger: every entry balances, and a booking that was undone leaves nobody with what is not theirs."""

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import booking
from backend.domain.booked import agency_total, net_total, selling_total
from backend.domain.ledger import Posting, minor, postings
from backend.domain.refusals import Refusal
from backend.domain.terms import Deposit
from tests.support.domain import ANA, HOTELS, MIRADOR, PLAZA, SOL, World
from tests.support.sagas import booking_of, carry_on, pay
from tests.unit.domain.test_saga import DEPOSIT, HAPPENINGS, accepted, confirmed, finish, happen, held


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
