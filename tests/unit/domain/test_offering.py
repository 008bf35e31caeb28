"""A hotel's offer: first, revised, renewed, withdrawn."""

from typing import Any

import msgspec
import pytest

from backend.domain import rfq
from backend.domain.events import Rules
from backend.domain.offering import submit, withdraw
from backend.domain.offers import DepositStage, Foc, OfferContent, OptionalService, RoomRate, Tax
from backend.domain.quotation import Quotation
from tests.support.domain import ANA, MIRADOR, NOW, PLAZA, Clock, World, content, money_in, staff, usd
from tests.unit.domain.refusing import refused


@pytest.fixture
def world() -> World:
    world = World()
    world.publish()
    return world


def own(world: World) -> Any:
    return world.q.offer_of(PLAZA.id)


def test_the_first_offer_is_submitted(world: World) -> None:
    (step,) = world.do(submit, content(), staff(PLAZA))
    offer = own(world)
    assert (offer.state, offer.revision, offer.first_at, offer.content) == ("submitted", 1, NOW, content())
    assert step.event.name == "offer.submitted"
    assert step.event.data["offer"]["rooms"][0]["net_rate"] == {"amount": "100.00", "currency": "USD"}
    assert {key: step.event.data[key] for key in ("offer_id", "hotel_id", "revision")} == {
        "offer_id": offer.id,
        "hotel_id": "plaza",
        "revision": 1,
    }


def test_a_price_is_revised_twice_and_first_at_stays(world: World) -> None:
    first = world.offer(PLAZA, 100)
    world.clock.forward(hours=1)
    for rate in (90, 80):
        assert world.offer(PLAZA, rate) == first
    offer = own(world)
    assert (offer.state, offer.revision, offer.first_at, offer.revised_at) == (
        "revised",
        3,
        NOW,
        world.clock.now,
    )
    with refused("offer.too_many_revisions", "2"):
        world.offer(PLAZA, 70)
    assert own(world) == offer


def test_the_number_of_revisions_is_a_setting() -> None:
    world = World(clock=Clock(rules=Rules(revisions=0)))
    world.publish()
    world.offer(PLAZA)
    with refused("offer.too_many_revisions"):
        world.offer(PLAZA, 99)


def test_what_is_no_price_changes_freely_and_repeating_changes_nothing(world: World) -> None:
    for number in range(5):
        world.offer(PLAZA, notes=f"note {number}")
    assert (own(world).revision, own(world).price_revisions) == (5, 0)
    assert world.do(submit, own(world).content, staff(PLAZA)) == ()


def test_renewing_an_outdated_offer_counts_for_nothing(world: World) -> None:
    for rate in (100, 90, 80):
        world.offer(PLAZA, rate)
    world.edit(1, adults=22)
    world.offer(PLAZA, 80)
    assert (own(world).state, own(world).price_revisions, own(world).revisions_left) == ("revised", 2, 0)
    with refused("offer.too_many_revisions"):
        world.offer(PLAZA, 70)


def test_offering_again_after_withdrawing_counts(world: World) -> None:
    for _ in range(2):
        world.offer(PLAZA)
        (step,) = world.do(withdraw, staff(PLAZA))
        assert (step.event.name, own(world).state) == ("offer.withdrawn", "withdrawn")
        assert world.do(withdraw, staff(PLAZA)) == ()
    world.offer(PLAZA)
    assert (own(world).state, own(world).price_revisions) == ("revised", 2)
    world.do(withdraw, staff(PLAZA))
    with refused("offer.too_many_revisions"):
        world.offer(PLAZA)


def test_withdrawing_nothing_changes_nothing(world: World) -> None:
    assert world.do(withdraw, staff(PLAZA)) == ()


def test_an_outdated_offer_is_withdrawn_too(world: World) -> None:
    world.offer(PLAZA)
    world.edit(1, adults=22)
    world.do(withdraw, staff(PLAZA))
    assert own(world).state == "withdrawn"


EUR = money_in("EUR")


@pytest.mark.parametrize(
    "changes",
    [
        {"rooms": (RoomRate(type="double", net_rate=EUR, quantity=1),)},
        {"single_supplement": EUR},
        {"triple_reduction": EUR},
        {"taxes": (Tax(name="city", amount=EUR),)},
        {"optional_services": (OptionalService(name="spa", price=EUR),)},
    ],
)
def test_every_amount_is_in_the_quotations_currency(world: World, changes: dict[str, Any]) -> None:
    with refused("offer.bad_currency", "USD"):
        world.do(submit, content(**changes), staff(PLAZA))


@pytest.mark.parametrize("command", ["submit", "withdraw"])
@pytest.mark.parametrize("ended", ["deadline", "closed", "awarded", "cancelled", "uninvited"])
def test_too_late_is_too_late_for_whatever_reason(world: World, command: str, ended: str) -> None:
    """[P2] The answer is the same however the RFQ ended for this hotel."""
    world.offer(PLAZA)
    world.offer(MIRADOR)
    ends: dict[str, Any] = {
        "deadline": lambda: world.clock.forward(days=7),
        "closed": lambda: world.do(rfq.close, ANA),
        "awarded": lambda: world.award(MIRADOR),
        "cancelled": lambda: world.do(rfq.cancel, "over", ANA),
        "uninvited": lambda: world.do(rfq.uninvite, ["plaza"], ANA),
    }
    ends[ended]()
    with refused("offer.too_late", "This RFQ is closed."):
        if command == "submit":
            world.offer(PLAZA, 90)
        else:
            world.do(withdraw, staff(PLAZA))


def test_a_deadline_that_nobody_has_acted_on_yet_counts(world: World) -> None:
    world.clock.forward(days=7)
    with refused("offer.too_late"):
        submit(world.q, content(), staff(PLAZA), world.clock.context())


def test_two_hotels_offer_one_offer_each(world: World) -> None:
    world.offer(PLAZA, 100)
    world.offer(MIRADOR, 90)
    world.offer(PLAZA, 95)
    assert sorted(offer.hotel_id for offer in world.q.offers.values()) == ["mirador", "plaza"]


@pytest.mark.parametrize(
    "changes",
    [
        {"commission_percent": "101"},
        {"attrition_percent": "0.00001"},
        {"rooms": []},
        {"taxes": [{"name": "both", "percent": "1", "amount": {"amount": "1", "currency": "USD"}}]},
        {"taxes": [{"name": "neither"}]},
        {"taxes": [{"name": "city", "percent": "-1"}]},
        {"deposits": [{"percent": "200", "due": "2027-01-01"}]},
        {"cancellation": [{"days_before": 1, "penalty_percent": "NaN"}]},
        {"single_supplement": {"amount": "1000000000000", "currency": "USD"}},
    ],
)
def test_an_unsound_offer_cannot_be_written(changes: dict[str, Any]) -> None:
    """[S2]"""
    plain = msgspec.to_builtins(content()) | changes
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(plain, OfferContent)


def test_an_offer_round_trips_whole(world: World) -> None:
    whole = content(
        single_supplement=usd(20),
        triple_reduction=usd(10),
        foc=Foc(per=20, cap=2),
        taxes=(Tax(name="vat", included=False, percent=usd(18).amount),),
        deposits=(DepositStage(percent=usd(30).amount, due=NOW.date()),),
        optional_services=(OptionalService(name="spa", price=usd(5)),),
    )
    world.do(submit, whole, staff(PLAZA))
    assert msgspec.json.decode(msgspec.json.encode(world.q), type=Quotation) == world.q
