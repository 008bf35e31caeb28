"""A guide sees the trip and their own assignment from being asked until they say no; never a price or another guide."""

from itertools import pairwise

import pytest

from backend.domain import booking, guiding
from backend.domain.principals import Principal
from privacy.audiences import actor_view, audience_of, audiences, resets
from privacy.hearing import Heard, heard_as
from privacy.notifications import notification_view
from privacy.papers import papers
from privacy.views import row, view
from tests.support.domain import ANA, NOW, World, guide
from tests.support.sagas import assignment_of, booking_of, carry_on
from tests.unit.privacy.worlds import facts_of, guided

GINA = "guide:gina"
TRIP = {"id", "state", "title", "destination", "check_in", "check_out", "rooms", "adults", "children_ages"} | {
    *("meal_plan", "special_requirements", "currency", "programme", "programme_items", "client"),
}


def person(user_id: str) -> Principal:
    return Principal(user_id=user_id, role="guide", name="G")


def heard(world: World, audience: str, room: str = "quotation:") -> list[str]:
    """All names under which the audience heard something."""
    told = [facts_of(one.after, two) for one, two in pairwise(world.steps)]
    return [fact.name for facts in told for fact in facts if fact.audience == audience and fact.room.startswith(room)]


def test_a_guide_sees_the_trip_and_the_own_assignment() -> None:
    """[P1]"""
    world = guided()
    seen = view(world.q, GINA)
    assert set(seen) == {*TRIP, "offers", "booking"}
    assert list(seen["offers"].values()) == [{"hotel_name": "Plaza"}]
    assert seen["client"] == {"name": "Clara Client", "email": "client@andes.demo"}
    own = assignment_of(world, "gina")
    assert set(seen["booking"]) == {"id", "reference", "status", "steps", "rooming", "holds"}
    assert {tuple(step) for step in seen["booking"]["steps"].values()} == {("state",)}
    assert list(seen["booking"]["holds"]) == [own.id]
    mine = seen["booking"]["holds"][own.id]
    assert set(mine) == {"id", "kind", "name", "need", "first", "last", "state", "answer", "answer_by"}


def test_who_said_no_and_who_was_never_asked_see_nothing() -> None:
    """[P1]"""
    world = guided()
    assert audiences(world.q) >= {GINA}
    for user_id in ("gil", "gus", ""):
        assert audience_of(person(user_id), world.q) is None
        assert view(world.q, f"guide:{user_id}") == row(world.q, f"guide:{user_id}") == {}
    assert audience_of(person("gina"), world.q) == GINA
    client = Principal(user_id="gina", role="client", name="G")
    assert audience_of(client, world.q) is None, "a login of another role is nobody's guide"


def test_of_another_guide_only_a_step_is_told() -> None:
    """[P1] Not that it was a guide who moved it."""
    step = {"booking": {"steps": {"guides": {"state": "done"}}}}
    assert heard_as("guide.confirmed", "guide", step, own=False) == Heard("booking.step_changed", with_actor=False)
    own = {"booking": {"holds": {"hold-1": {"answer": "confirmed"}}}}
    assert heard_as("guide.confirmed", "guide", own, own=True) == Heard("guide.confirmed")


def test_saying_no_ends_the_channel() -> None:
    """[P6]"""
    world = guided()
    (before, no), *_ = [(one, two) for one, two in pairwise(world.steps) if two.event.name == "guide.declined"]
    assert resets(before.after, no) == {"guide:gil"}
    world.clock.forward(days=1)
    world.settle()
    assert resets(world.steps[-2].after, world.steps[-1]) == {GINA}


def test_what_a_guide_hears() -> None:
    """[P2] Neither payments nor suppliers, nor other guides, by name."""
    world = guided()
    assert heard(world, "guide:gil")[0] == heard(world, GINA)[0] == "guide.assigned"
    assert set(heard(world, "guide:gil")[1:]) | set(heard(world, GINA)[1:]) <= {"booking.step_changed"}
    assert heard(world, "self", "user:gil") == ["guide.assigned", "guide.declined"]
    world.do(guiding.confirm, assignment_of(world, "gina").id, guide("gina"))
    carry_on(world)
    assert [name for name in heard(world, GINA) if name.startswith("guide.")] == ["guide.assigned", "guide.confirmed"]
    assert heard(world, "agency").count("guide.declined") == 1
    world.do(booking.cancel, "flood", ANA)
    carry_on(world)
    names = heard(world, GINA)
    others = {"booking.step_changed", "booking.confirmed", "booking.cancelled", "quotation.cancelled"}
    assert set(names) == {"guide.assigned", "guide.confirmed", *others}
    assert view(world.q, GINA)["booking"]["status"] == "cancelled", "who came along sees that it is off"


def test_whom_a_guide_knows_and_who_knows_a_guide() -> None:
    q = guided().q
    gina = {"kind": "guide", "id": "gina", "name": "Gina"}
    assert actor_view(guide("gina"), GINA, q) == actor_view(guide("gina"), "agency", q) == gina
    assert actor_view(guide("gil"), GINA, q) is actor_view(ANA, GINA, q) is None
    assert actor_view(guide("gina"), "client:client", q) is actor_view(guide("gina"), "hotel:plaza", q) is None


@pytest.mark.parametrize(("kind", "told"), [("guide.assigned", True), ("payment.received", False), ("mention", False)])
def test_what_a_guides_inbox_tells(kind: str, told: bool) -> None:
    """[D8]"""
    item = notification_view(kind, guided().q, GINA, "n", NOW)
    assert (item is not None) is told


def test_the_papers_of_a_guide_have_no_price() -> None:
    """[P5]"""
    world = guided()
    assert booking_of(world).status == "pending"
    assert papers(view(world.q, GINA)) == ("itinerary", "rooming_list")
