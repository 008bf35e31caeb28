"""What time alone brings about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.domain import awarding, booking, rfq
from backend.domain.due import due, next_due, remind
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Hotel
from backend.domain.terms import PrivacySettings
from tests.support.domain import ANA, CLIENT_ACTOR, DEADLINE, MIRADOR, PLAZA, SOL, World, staff, terms, usd
from tests.support.sagas import carry_on, line_of

REVEAL = PrivacySettings(reveal_prices_after_deadline=True)


def published(**changes: Any) -> World:
    world = World(asked=terms(**changes))
    world.publish()
    return world


def passed(world: World) -> list[str]:
    """Lets the deadline pass and gives the names of what that brought about."""
    world.clock.now = max(world.clock.now, DEADLINE)
    return [step.event.name for step in world.settle()]


def reminded(world: World) -> list[str]:
    """Lets the time of the reminder come, and gives the names of what the clock made of it."""
    world.clock.now = next_due(world.q) or world.clock.now
    return [step.event.name for step in world.do(remind)]


class TestReminders:
    """[D8.4] One for each deadline, at a time that follows from the deadline alone."""

    def test_comes_a_day_before_the_deadline_and_once(self) -> None:
        world = published()
        assert next_due(world.q) == DEADLINE - timedelta(days=1)
        assert world.do(remind) == ()
        assert reminded(world) == ["quotation.deadline_near"]
        assert world.clock.now == DEADLINE - timedelta(days=1)
        assert world.events[-1].by == SYSTEM
        assert next_due(world.q) == DEADLINE
        assert world.do(remind) == ()

    @pytest.mark.parametrize("offers", [(), (PLAZA,), (PLAZA, MIRADOR, SOL)])
    def test_depends_on_no_offer(self, offers: tuple[Hotel, ...]) -> None:
        """[P2.6]"""
        world = published(min_offers=1)
        for hotel in offers:
            world.offer(hotel)
        assert next_due(world.q) == DEADLINE - timedelta(days=1)
        assert reminded(world) == ["quotation.deadline_near"]

    def test_no_command_brings_it_about(self) -> None:
        """[P2.6] A hotel whose offer comes just then would remind its rivals."""
        world = published()
        world.clock.now = DEADLINE - timedelta(hours=1)
        world.offer(PLAZA)
        assert [event.name for event in world.events][-2:] == ["quotation.published", "offer.submitted"]
        assert reminded(world) == ["quotation.deadline_near"]

    def test_an_invitation_to_a_near_deadline_has_none(self) -> None:
        world = World(asked=terms())
        world.publish(deadline=world.clock.now + timedelta(days=1))
        assert next_due(world.q) == world.q.terms.deadline
        world.clock.forward(hours=23)
        assert world.do(remind) == ()

    def test_an_extension_makes_a_new_one_due(self) -> None:
        world = published()
        assert reminded(world) == ["quotation.deadline_near"]
        later = DEADLINE + timedelta(days=3)
        world.do(rfq.extend, later, "More time.", ANA)
        assert world.do(remind) == ()
        assert reminded(world) == ["quotation.deadline_near"]
        assert world.clock.now == later - timedelta(days=1)

    def test_an_extension_before_it_puts_it_off(self) -> None:
        world = published()
        world.do(rfq.extend, DEADLINE + timedelta(days=3), "More time.", ANA)
        assert next_due(world.q) == DEADLINE + timedelta(days=2)

    def test_an_extension_to_a_near_deadline_is_told_at_once(self) -> None:
        world = published()
        world.clock.now = DEADLINE - timedelta(hours=2)
        world.do(rfq.extend, DEADLINE + timedelta(hours=1), "An hour.", ANA)
        assert next_due(world.q) == world.clock.now
        assert reminded(world) == ["quotation.deadline_near"]

    def test_a_closed_rfq_has_none(self) -> None:
        world = published()
        world.offer(PLAZA)
        world.do(rfq.close, ANA)
        assert next_due(world.q) is None
        world.clock.now = DEADLINE - timedelta(hours=1)
        assert world.do(remind) == ()

    def test_a_deadline_that_has_passed_is_not_near(self) -> None:
        world = published()
        world.offer(PLAZA)
        world.clock.now = DEADLINE
        assert [step.event.name for step in world.do(remind)] == []
        assert world.q.state == "reviewing"


def test_nothing_is_due_before_the_deadline() -> None:
    world = published(auto_award=True, privacy=REVEAL)
    world.offer(PLAZA)
    reminded(world)
    world.clock.now = DEADLINE - timedelta(microseconds=1)
    assert world.settle() == ()
    assert next_due(world.q) == DEADLINE


def test_the_deadline_closes_by_the_system_once() -> None:
    world = published()
    world.offer(PLAZA)
    assert passed(world) == ["quotation.closed"]
    assert world.events[-1].by == SYSTEM
    assert world.q.state == "reviewing"
    assert passed(world) == []
    assert next_due(world.q) is None


def test_without_an_offer_it_expires() -> None:
    world = published(auto_award=True)
    assert passed(world) == ["quotation.closed", "quotation.expired"]
    assert next_due(world.q) is None


def test_prices_are_revealed_sorted_at_the_deadline() -> None:
    world = published(privacy=REVEAL)
    for hotel, rate in ((PLAZA, 100), (MIRADOR, 90), (SOL, 110)):
        world.offer(hotel, rate)
    assert passed(world) == ["quotation.closed", "quotation.prices_revealed"]
    assert world.q.revealed == (usd(3600), usd(4000), usd(4400))
    assert passed(world) == []


def test_prices_of_an_rfq_closed_early_are_revealed_at_its_deadline() -> None:
    world = published(privacy=REVEAL)
    world.offer(PLAZA)
    world.offer(MIRADOR)
    world.award(PLAZA)
    assert (world.q.revealed, next_due(world.q)) == (None, DEADLINE)
    world.accept()
    assert passed(world) == ["quotation.prices_revealed"]
    assert world.q.revealed == (usd(4000), usd(4000))


def test_a_reveal_of_nothing_is_one_too() -> None:
    """[P2] That nobody offered is told as a list of totals, and nothing else tells it."""
    world = published(privacy=REVEAL)
    assert passed(world) == ["quotation.closed", "quotation.prices_revealed", "quotation.expired"]
    assert world.q.revealed == ()


def test_a_cancelled_rfq_reveals_nothing() -> None:
    world = published(privacy=REVEAL)
    world.offer(PLAZA)
    world.do(rfq.cancel, "over", ANA)
    assert passed(world) == []


def test_auto_award_takes_the_best_at_the_deadline() -> None:
    world = published(auto_award=True, privacy=REVEAL)
    world.offer(PLAZA, 100)
    world.offer(MIRADOR, 50)
    assert passed(world) == ["quotation.closed", "quotation.prices_revealed", "quotation.awarded"]
    assert world.q.chosen == world.q.offer_of("mirador")


def test_auto_award_happens_at_the_deadline_only() -> None:
    world = published(auto_award=True)
    world.offer(PLAZA)
    world.do(rfq.close, ANA)
    assert passed(world) == []
    world.award(PLAZA)
    world.do(awarding.reject, "no", CLIENT_ACTOR)
    assert passed(world) == []


def test_a_proposal_not_accepted_in_time_expires() -> None:
    world = published()
    world.offer(PLAZA)
    world.award(PLAZA)
    until = world.clock.now + timedelta(days=7)
    assert next_due(world.q) == until
    world.clock.now = until - timedelta(seconds=1)
    assert world.settle() == ()
    world.clock.now = until
    (step,) = world.settle()
    assert (step.event.name, world.q.state, world.q.award) == ("quotation.expired", "expired", None)
    offer = world.q.offer_of("plaza")
    assert offer is not None
    assert (world.q.invitations["plaza"].state, offer.state) == ("not_selected", "not_selected")


def test_a_confirmed_trip_is_completed_the_day_after() -> None:
    world = published()
    world.offer(PLAZA)
    world.award(PLAZA)
    world.accept()
    assert next_due(world.q) is None
    assert carry_on(world).wake_at == next_due(world.q) == line_of(world).answer_by
    world.do(booking.confirm_line, line_of(world).id, staff(PLAZA))
    carry_on(world)
    home = datetime(2027, 3, 6, tzinfo=UTC)
    assert next_due(world.q) == home
    world.clock.now = home - timedelta(seconds=1)
    assert world.settle() == ()
    world.clock.now = home
    (step,) = world.settle()
    assert (step.event.name, world.q.state) == ("booking.completed", "completed")
    assert world.q.booking is not None
    assert world.q.booking.status == "completed"
    assert next_due(world.q) is None


def test_a_hotel_that_says_nothing_is_out() -> None:
    world = published()
    world.offer(PLAZA)
    world.award(PLAZA)
    world.accept()
    carry_on(world)
    world.clock.forward(days=2)
    (step,) = world.settle()
    assert (step.event.name, step.event.data["state"], line_of(world).state) == (
        "booking.step_changed",
        "lapsed",
        "lapsed",
    )
    assert world.q.invitations["plaza"].state == "not_selected"


def test_a_draft_has_no_time() -> None:
    world = World()
    assert (due(world.q, world.clock.context()), next_due(world.q)) == ((), None)


@pytest.mark.parametrize("rivals", [[], [MIRADOR], [MIRADOR, SOL]])
@pytest.mark.parametrize("auto_award", [True, False])
def test_who_did_not_offer_learns_nothing_of_who_did(rivals: list[Any], auto_award: bool) -> None:
    """[P2] At the deadline its invitation is the same, step by step, whether or not a rival offered."""
    world = published(auto_award=auto_award)
    for rival in rivals:
        world.offer(rival)
    before = world.q.invitations["plaza"]
    passed(world)
    after = world.q.invitations["plaza"]
    assert (before.state, after.state, after.seen) == ("open", "not_selected", world.q.terms)
    closing = next(step for step in world.steps if step.event.name == "quotation.closed")
    assert all(step.after.invitations["plaza"] == after for step in world.steps[world.steps.index(closing) :])
