"""Whatever people do to a quotation, in whatever order, it stays sound."""

from collections import Counter
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.events import Step, Steps
from backend.domain.invitations import LIVE
from backend.domain.quotation import Invitation, Quotation
from backend.domain.terms import Terms
from tests.support.domain import CLIENT, HOTELS, Clock, World
from tests.support.scenarios import Act, acts, complete_terms, play

MOVES = {
    "draft": {"published", "cancelled"},
    "published": {"reviewing", "cancelled"},
    "reviewing": {"awarded", "expired", "cancelled"},
    "awarded": {"reviewing", "accepted", "expired", "cancelled"},
    "accepted": {"deposit_paid", "confirmed", "cancelled"},
    "deposit_paid": {"confirmed", "cancelled"},
    "confirmed": {"completed", "cancelled"},
    "completed": set(),
    "cancelled": set(),
    "expired": set(),
}
NEW_VERSION = ("quotation.edited", "quotation.restored")
STARTED = [Act("publish")]


def played(asked: Terms, scenario: list[Act]) -> World:
    world = World(asked=asked, client=CLIENT if asked.client_id else None)
    for act in [*STARTED, *scenario]:
        play(world, act)
    return world


scenarios = st.lists(acts(), max_size=25)
sound = settings(max_examples=80, deadline=None)


@sound
@given(complete_terms(), scenarios)
def test_states_move_along_the_quotations_life(asked: Terms, scenario: list[Act]) -> None:
    steps = played(asked, scenario).steps
    for before, after in pairwise(steps):
        was, is_ = before.after.state, after.after.state
        assert was == is_ or is_ in MOVES[was], (was, is_, after.event.name)


@sound
@given(complete_terms(), scenarios)
def test_versions_count_edits_and_serials_count_steps(asked: Terms, scenario: list[Act]) -> None:
    steps = played(asked, scenario).steps
    for before, after in pairwise(steps):
        assert after.after.version - before.after.version == (after.event.name in NEW_VERSION)
        assert after.after.serial == before.after.serial + 1


@sound
@given(complete_terms(), scenarios)
def test_every_quotation_is_sound(asked: Terms, scenario: list[Act]) -> None:
    world = played(asked, scenario)
    for step in world.steps:
        require_sound(step.after)
    ids = Counter(step.event.id for step in world.steps)
    assert max(ids.values()) == 1


@sound
@given(complete_terms(), scenarios)
def test_a_quotation_and_its_events_are_the_same_after_storing(asked: Terms, scenario: list[Act]) -> None:
    for step in played(asked, scenario).steps:
        assert msgspec.json.decode(msgspec.json.encode(step), type=Step) == step


@sound
@given(complete_terms(), scenarios)
def test_the_domain_leaves_serials_to_its_callers(asked: Terms, scenario: list[Act]) -> None:
    class Watched(World):
        def _store(self, new: Steps) -> Steps:
            assert all(step.after.serial == self.q.serial for step in new)
            return super()._store(new)

    world = Watched(asked=asked, client=CLIENT if asked.client_id else None, clock=Clock(prefix="w"))
    for act in [*STARTED, *scenario]:
        play(world, act)


@sound
@given(complete_terms(), scenarios)
def test_a_hotel_that_hears_no_more_is_left_alone(asked: Terms, scenario: list[Act]) -> None:
    """[P2] Until it is invited again or its offer selected after all."""
    steps = played(asked, scenario).steps
    for before, after in pairwise(steps):
        for hotel in HOTELS:
            was, is_ = slice_of(before.after, hotel.id), slice_of(after.after, hotel.id)
            if was[0] and was[0].seen is not None:
                assert was == is_ or (is_[0] and is_[0].state in ("open", "selected"))


def slice_of(q: Quotation, hotel_id: str) -> tuple[Invitation | None, Any]:
    return q.invitations.get(hotel_id), q.offer_of(hotel_id)


def require_sound(q: Quotation) -> None:
    hotels = [offer.hotel_id for offer in q.offers.values()]
    assert len(hotels) == len(set(hotels))
    assert set(hotels) <= set(q.invitations)
    assert all(key == offer.id for key, offer in q.offers.items())
    assert all(0 <= offer.price_revisions < offer.revision for offer in q.offers.values())
    assert all(change.version <= q.version for change in q.changed.values())
    require_one_result(q)
    if q.state not in ("draft", "published"):
        assert "open" not in {invitation.state for invitation in q.invitations.values()}
    if q.booking is not None:
        assert q.award is not None
        assert q.state not in ("published", "reviewing", "awarded")


def require_one_result(q: Quotation) -> None:
    selected = [id_ for id_, invitation in q.invitations.items() if invitation.state == "selected"]
    chosen = [offer.hotel_id for offer in q.offers.values() if offer.state == "selected"]
    assert selected == chosen
    if q.state in ("awarded", "accepted", "deposit_paid", "confirmed", "completed"):
        assert q.chosen is not None
        assert selected == ([] if _lost(q) else [q.chosen.hotel_id])
        assert not any(offer.state in LIVE for offer in q.offers.values())
    else:
        assert selected == []


def _lost(q: Quotation) -> bool:
    """The chosen hotel does not hold the rooms, and nobody was asked instead yet."""
    return q.booking is not None and bool(q.booking.lines) and not q.booking.live_lines
