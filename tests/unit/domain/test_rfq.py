"""The RFQ's life: publish, invite, uninvite, extend, close, cancel."""

from datetime import timedelta
from typing import Any

import pytest

from backend.domain import rfq
from backend.domain.offering import submit, withdraw
from backend.domain.terms import Rooms
from tests.support.domain import ANA, MIRADOR, NOW, PLAZA, SOL, World, content, hotel, staff, terms
from tests.unit.domain.refusing import refused

WEEK = NOW + timedelta(days=7)


def states(world: World) -> dict[str, str]:
    return {id_: invitation.state for id_, invitation in world.q.invitations.items()}


def offers(world: World) -> dict[str, str]:
    return {offer.hotel_id: offer.state for offer in world.q.offers.values()}


def published(**changes: Any) -> World:
    world = World(asked=terms(**changes))
    world.publish()
    return world


def test_publishing_invites_the_hotels_until_the_deadline() -> None:
    world = World()
    (step,) = world.publish(PLAZA, SOL)
    assert step.event.data == {"hotel_ids": ["plaza", "sol"], "deadline": WEEK.isoformat()}
    q = world.q
    assert (q.state, q.terms.deadline, q.version, states(world)) == (
        "published",
        WEEK,
        1,
        {"plaza": "open", "sol": "open"},
    )
    assert q.invitations["plaza"].invited_at == NOW


@pytest.mark.parametrize(("given", "own", "until"), [(3, 5, 3), (None, 5, 5), (3, None, 3)])
def test_the_deadline_is_the_one_given_else_the_terms(given: int | None, own: int | None, until: int) -> None:
    def days(number: int | None) -> Any:
        return number and NOW + timedelta(days=number)

    world = World(asked=terms(deadline=days(own)))
    world.publish(deadline=days(given))
    assert world.q.terms.deadline == days(until)


def test_a_deadline_in_the_past_is_refused() -> None:
    with refused("command.invalid", "deadline"):
        World().publish(deadline=NOW)


@pytest.mark.parametrize(
    ("changes", "missing"),
    [({"check_in": None}, "dates"), ({"check_out": None}, "dates"), ({"rooms": Rooms(), "adults": 0}, "rooms")],
)
def test_an_incomplete_draft_is_not_published(changes: dict[str, Any], missing: str) -> None:
    with refused("quotation.wrong_state", missing):
        published(**changes)


def test_publishing_needs_a_hotel_and_happens_once() -> None:
    world = World()
    with refused("quotation.wrong_state", "hotels"):
        world.do(rfq.publish, [], ANA)
    world.publish()
    with refused("quotation.wrong_state", "draft"):
        world.publish()


@pytest.mark.parametrize("changes", [{"rooms": Rooms()}, {"adults": 0}, {"adults": 0, "children_ages": (5,)}])
def test_rooms_or_people_are_enough(changes: dict[str, Any]) -> None:
    assert published(**changes).q.state == "published"


def test_more_hotels_are_invited_once() -> None:
    world = World()
    world.publish(PLAZA)
    world.clock.forward(hours=1)
    (step,) = world.do(rfq.invite, [PLAZA, SOL], ANA)
    assert step.event.data == {"hotel_ids": ["sol"]}
    assert world.q.invitations["plaza"].invited_at == NOW
    assert world.do(rfq.invite, [PLAZA, SOL], ANA) == ()


def test_an_uninvited_hotel_keeps_what_it_saw_and_may_be_invited_again() -> None:
    world = published()
    world.offer(PLAZA)
    seen = world.q.terms
    (step,) = world.do(rfq.uninvite, ["plaza", "stranger"], ANA)
    assert step.event.data == {"hotel_ids": ["plaza"]}
    world.edit(1, title="Without the Plaza")
    assert (states(world)["plaza"], offers(world)["plaza"]) == ("closed", "expired")
    assert world.q.invitations["plaza"].seen == seen
    assert world.do(rfq.uninvite, ["plaza"], ANA) == ()
    with refused("offer.too_late"):
        world.offer(PLAZA, 90)
    world.do(rfq.invite, [PLAZA], ANA)
    assert (world.q.invitations["plaza"].state, world.q.invitations["plaza"].seen) == ("open", None)
    world.offer(PLAZA)
    assert (offers(world)["plaza"], world.q.offers[world.offer_id(PLAZA)].price_revisions) == ("revised", 0)


@pytest.mark.parametrize("command", [rfq.invite, rfq.uninvite])
def test_invitations_change_only_while_hotels_may_offer(command: Any) -> None:
    world = World()
    with refused("quotation.wrong_state"):
        world.do(command, [], ANA)


def test_the_deadline_is_extended_twice_each_time_with_a_reason() -> None:
    world = published()
    for days in (1, 2):
        (step,) = world.do(rfq.extend, WEEK + timedelta(days=days), "holidays", ANA)
        assert step.event.data["reason"] == "holidays"
    assert world.q.terms.deadline == WEEK + timedelta(days=2)
    assert [extension.deadline for extension in world.q.extensions] == [
        WEEK + timedelta(days=1),
        WEEK + timedelta(days=2),
    ]
    assert world.q.version == 1
    with refused("quotation.wrong_state", "at most 2"):
        world.do(rfq.extend, WEEK + timedelta(days=3), "more", ANA)


def test_an_extension_is_later_has_a_reason_and_comes_in_time() -> None:
    """[P2] Nothing reopens an RFQ: whether that is possible would depend on the hotels' doings."""
    world = published()
    with refused("command.invalid", "deadline"):
        world.do(rfq.extend, WEEK, "same", ANA)
    with refused("command.invalid", "reason"):
        world.do(rfq.extend, WEEK + timedelta(days=1), "  ", ANA)
    world.offer(PLAZA)
    world.clock.forward(days=7)
    with refused("quotation.wrong_state"):
        world.do(rfq.extend, WEEK + timedelta(days=1), "too late", ANA)


def test_closing_leaves_those_who_offered_waiting_and_answers_the_others() -> None:
    """[P2] Who did not offer has its result at once, whether or not a rival did."""
    world = published()
    world.offer(PLAZA)
    world.offer(MIRADOR)
    world.do(withdraw, staff(MIRADOR))
    (step,) = world.do(rfq.close, ANA)
    assert step.event.name == "quotation.closed"
    assert world.q.state == "reviewing"
    assert states(world) == {"plaza": "closed", "mirador": "not_selected", "sol": "not_selected"}
    assert offers(world) == {"plaza": "submitted", "mirador": "withdrawn"}
    assert [world.q.invitations[id_].seen for id_ in ("plaza", "sol")] == [None, world.q.terms]


def test_closing_without_a_live_offer_expires() -> None:
    world = published()
    world.offer(PLAZA)
    world.edit(1, rooms__double=1)
    closed, expired = world.do(rfq.close, ANA)
    assert (closed.event.name, expired.event.name, expired.event.by.kind) == (
        "quotation.closed",
        "quotation.expired",
        "system",
    )
    assert set(states(world).values()) == {"not_selected"}
    assert closed.after.invitations == expired.after.invitations
    assert offers(world) == {"plaza": "outdated"}
    with refused("quotation.wrong_state"):
        world.do(rfq.close, ANA)


def test_cancelled_before_closing_reads_closed() -> None:
    """[P2] And so does being uninvited: one cannot be told from the other."""
    world, other = published(), published()
    for one in (world, other):
        one.offer(PLAZA)
    world.do(rfq.cancel, "no budget", ANA)
    other.do(rfq.uninvite, ["plaza"], ANA)
    assert (world.q.state, world.q.cancel_reason, set(states(world).values())) == ("cancelled", "no budget", {"closed"})
    assert world.q.invitations["plaza"] == other.q.invitations["plaza"]
    assert world.q.offer_of("plaza") == other.q.offer_of("plaza")


def test_cancelled_after_closing_reads_not_selected() -> None:
    world = published()
    world.offer(PLAZA)
    world.do(rfq.close, ANA)
    world.do(rfq.cancel, "no budget", ANA)
    assert set(states(world).values()) == {"not_selected"}
    assert offers(world) == {"plaza": "not_selected"}


def test_cancelling_needs_a_reason_and_an_open_quotation() -> None:
    world = World()
    with refused("command.invalid", "reason"):
        world.do(rfq.cancel, " ", ANA)
    world.do(rfq.cancel, "changed our mind", ANA)
    with refused("quotation.wrong_state"):
        world.do(rfq.cancel, "again", ANA)


def test_a_stranger_is_told_the_same_as_for_a_quotation_that_does_not_exist() -> None:
    world = published()
    for actor in (staff(hotel("stranger")), ANA):
        with refused("quotation.not_found", "There is no such quotation."):
            world.do(submit, content(), actor)
