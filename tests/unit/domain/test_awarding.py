"""Choosing an offer; the client's answer."""

from datetime import timedelta
from typing import Any

import pytest

from backend.domain import awarding, rfq
from backend.domain.events import Rules
from backend.domain.offering import withdraw
from tests.support.domain import ANA, CLIENT_ACTOR, MIRADOR, NOW, PLAZA, SOL, Clock, World, staff
from tests.unit.domain.refusing import refused


@pytest.fixture
def world() -> World:
    """Published to three; the Plaza and the Mirador have offered."""
    world = World()
    world.publish()
    world.offer(PLAZA, 100)
    world.offer(MIRADOR, 90)
    return world


def seen_by(world: World, hotel: Any) -> tuple[str, str | None, bool]:
    """Its invitation, its offer's state and whether it hears no more."""
    invitation = world.q.invitations[hotel.id]
    offer = world.q.offer_of(hotel.id)
    return invitation.state, offer.state if offer else None, invitation.seen is not None


def test_awarding_closes_and_tells_each_hotel_its_own_result(world: World) -> None:
    closed, awarded = world.award(PLAZA)
    assert (closed.event.name, awarded.event.name) == ("quotation.closed", "quotation.awarded")
    assert awarded.event.data == {
        "offer_id": world.offer_id(PLAZA),
        "hotel_id": "plaza",
        "until": (NOW + timedelta(days=7)).isoformat(),
    }
    assert world.q.state == "awarded"
    assert world.q.chosen == world.q.offer_of("plaza")
    assert seen_by(world, PLAZA) == ("selected", "selected", False)
    assert seen_by(world, MIRADOR) == ("not_selected", "not_selected", True)
    assert seen_by(world, SOL) == ("not_selected", None, True)


def test_awarding_after_closing_is_one_event(world: World) -> None:
    world.do(rfq.close, ANA)
    assert [step.event.name for step in world.award(PLAZA)] == ["quotation.awarded"]


def test_the_choice_may_change_until_accepted(world: World) -> None:
    world.award(PLAZA)
    assert world.award(PLAZA) == ()
    world.edit(1, title="Later")
    world.award(MIRADOR)
    assert seen_by(world, PLAZA) == ("not_selected", "not_selected", True)
    assert seen_by(world, MIRADOR) == ("selected", "selected", False)
    assert world.q.invitations["plaza"].seen == world.q.terms
    world.accept()
    with refused("quotation.wrong_state"):
        world.award(PLAZA)


def test_who_lost_hears_nothing_more(world: World) -> None:
    """[P2]"""
    world.award(PLAZA)
    lost = world.q.invitations["mirador"], world.q.offer_of("mirador")
    world.edit(1, title="Changed")
    world.accept()
    world.do(rfq.cancel, "over", ANA)
    assert (world.q.invitations["mirador"], world.q.offer_of("mirador")) == lost


@pytest.mark.parametrize("how", ["withdrawn", "outdated", "expired"])
def test_only_a_live_offer_is_chosen(world: World, how: str) -> None:
    acts: dict[str, Any] = {
        "withdrawn": lambda: world.do(withdraw, staff(PLAZA)),
        "outdated": lambda: world.edit(1, adults=21),
        "expired": lambda: world.do(rfq.uninvite, ["plaza"], ANA),
    }
    acts[how]()
    with refused("quotation.wrong_state", "live"):
        world.award(PLAZA)


def test_an_unknown_offer_is_not_found(world: World) -> None:
    with refused("offer.not_found"):
        world.do(awarding.award, "nothing", ANA)


def test_rejecting_goes_back_to_reviewing(world: World) -> None:
    world.award(PLAZA)
    (step,) = world.do(awarding.reject, "too far", CLIENT_ACTOR)
    assert (step.event.name, step.event.data) == (
        "quotation.rejected",
        {"offer_id": world.offer_id(PLAZA), "reason": "too far"},
    )
    assert (world.q.state, world.q.award, world.q.chosen, world.q.reject_reason) == ("reviewing", None, None, "too far")
    assert seen_by(world, PLAZA) == ("not_selected", "not_selected", True)
    assert world.settle() == ()


def test_after_a_rejection_any_of_them_is_chosen_anew(world: World) -> None:
    for again in (MIRADOR, PLAZA):
        world.award(PLAZA)
        world.do(awarding.reject, "", CLIENT_ACTOR)
        world.award(again)
        assert seen_by(world, again) == ("selected", "selected", False)
        assert world.q.reject_reason == ""
        world.do(awarding.reject, "", CLIENT_ACTOR)


def test_accepting_begins_a_booking(world: World) -> None:
    world.award(PLAZA)
    accepted, created = world.accept()
    assert (accepted.event.name, created.event.name) == ("quotation.accepted", "booking.created")
    assert accepted.after.booking is None
    assert world.q.state == "accepted"
    assert world.q.booking is not None


@pytest.mark.parametrize(
    "answer", [awarding.accept, lambda *args, **kw: awarding.reject(args[0], "no", *args[1:], **kw)]
)
def test_without_a_proposal_there_is_nothing_to_answer(world: World, answer: Any) -> None:
    with refused("quotation.wrong_state"):
        world.do(answer, CLIENT_ACTOR)


def test_a_proposal_ends_when_its_time_is_over() -> None:
    world = World(clock=Clock(rules=Rules(acceptance_open=timedelta(hours=1))))
    world.publish()
    world.offer(PLAZA)
    world.award(PLAZA)
    world.clock.forward(hours=1)
    with refused("quotation.wrong_state"):
        awarding.accept(world.q, CLIENT_ACTOR, world.clock.context())
