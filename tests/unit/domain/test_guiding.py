"""Guides with a login are asked, answer for themselves alone, and are followed by the next-best."""

from decimal import Decimal

import pytest

from backend.domain import booking, guiding
from backend.domain.due import next_due
from backend.domain.holding import refused_ids
from backend.domain.programme import GuideNeed, Programme
from tests.support.domain import ANA, PLAZA, World, guide, staff, terms
from tests.support.sagas import assignment_of, booking_of, carry_on, fail, line_of, plan_of, states_of
from tests.unit.domain.refusing import refused

PROGRAMME = Programme(guides=(GuideNeed(language="es", days=3),))
GINA, GIL = guide("gina"), guide("gil")


def asked(*guides: str, programme: Programme = PROGRAMME) -> World:
    """The hotel holds its rooms, and the best of the guides is asked."""
    world = World(asked=terms(programme=programme), guides=guides or ("gina", "gil"))
    world.publish()
    world.offer(PLAZA)
    world.award(PLAZA)
    world.accept()
    carry_on(world)
    world.do(booking.confirm_line, line_of(world).id, staff(PLAZA))
    carry_on(world)
    return world


def of(world: World, who: str = "gina") -> str:
    return assignment_of(world, who).id


def test_a_guide_is_asked_and_the_booking_waits_for_the_answer() -> None:
    world = asked()
    assignment = assignment_of(world, "gina")
    assert (assignment.state, assignment.answer) == ("held", "awaited")
    assert (states_of(world)["guides"], world.q.state) == ("running", "accepted")
    assert plan_of(world).wake_at == next_due(world.q) == assignment.answer_by
    (step,) = world.do(guiding.confirm, assignment.id, GINA)
    assert (step.event.name, step.event.by, step.event.data["assignment_id"]) == (
        "guide.confirmed",
        GINA,
        assignment.id,
    )
    assert states_of(world)["guides"] == "done"
    carry_on(world)
    assert world.q.state == "confirmed"
    assert assignment_of(world, "gina").answer == "confirmed"


def test_a_guide_without_a_login_is_not_asked() -> None:
    world = asked("")
    assert world.q.state == "confirmed"


@pytest.mark.parametrize("how", ["declined", "silent"])
def test_the_next_best_follows_under_an_id_of_its_own(how: str) -> None:
    """A released claim's id is spent."""
    world = asked()
    first = assignment_of(world, "gina")
    if how == "declined":
        (step,) = world.do(guiding.decline, first.id, "ill", GINA)
        assert (step.event.name, step.event.data["reason"]) == ("guide.declined", "ill")
    else:
        world.clock.forward(days=1)
    assert {action.id for action in plan_of(world).actions} == {f"release:{first.id}", "assign:guide-1"}
    carry_on(world)
    lost, second = assignment_of(world, "gina"), assignment_of(world, "gil")
    assert (lost.state, lost.answer) == ("released", "declined" if how == "declined" else "lapsed")
    assert (second.state, second.answer, second.id != first.id) == ("held", "awaited", True)
    world.do(guiding.confirm, second.id, GIL)
    carry_on(world)
    assert world.q.state == "confirmed"


def test_who_said_no_is_not_asked_for_another_part_of_the_trip() -> None:
    world = asked("gina")
    assert booking_of(world).assigned == {"gina"}
    world.do(guiding.decline, of(world), "ill", GINA)
    lost = assignment_of(world, "gina")
    assert lost.resource_id in refused_ids(booking_of(world), "guide-2")
    assert booking_of(world).assigned == frozenset()


def test_every_guide_has_to_come() -> None:
    two = Programme(guides=(GuideNeed(language="es"), GuideNeed(language="en")))
    world = asked(programme=two)
    world.do(guiding.confirm, of(world), GINA)
    assert states_of(world)["guides"] == "running"
    world.do(guiding.confirm, of(world, "gil"), GIL)
    assert states_of(world)["guides"] == "done"


def test_when_nobody_is_left_the_booking_is_called_off() -> None:
    world = asked("gina")
    world.do(guiding.decline, of(world), "ill", GINA)
    (assign,) = (action for action in plan_of(world).actions if action.name == "assign")
    fail(world, assign, "resource.not_found")
    assert carry_on(world).over
    assert booking_of(world).cancel_reason == "No guide is free."
    assert booking_of(world).penalty_percent in (None, Decimal(0))


@pytest.mark.parametrize("by", [GIL, ANA, staff(PLAZA), guide("")])
def test_nobody_answers_for_a_guide(by: object) -> None:
    world = asked()
    for answer in (
        lambda: world.do(guiding.confirm, of(world), by),
        lambda: world.do(guiding.decline, of(world), "", by),
    ):
        with refused("booking.not_found"):
            answer()
    for id_ in (of(world) + "x", next(iter(booking_of(world).holds))):
        with refused("booking.not_found"):
            world.do(guiding.confirm, id_, GINA)


def test_an_answer_is_given_once_and_in_time() -> None:
    world = asked()
    world.do(guiding.confirm, of(world), GINA)
    for answer in (
        lambda: world.do(guiding.confirm, of(world), GINA),
        lambda: world.do(guiding.decline, of(world), "", GINA),
    ):
        with refused("quotation.wrong_state"):
            answer()
    late = asked()
    late.clock.forward(days=1)
    with refused("quotation.wrong_state"):
        late.do(guiding.confirm, of(late), GINA)
    over = asked()
    over.do(booking.cancel, "flood", ANA)
    with refused("quotation.wrong_state"):
        over.do(guiding.confirm, of(over), GINA)
