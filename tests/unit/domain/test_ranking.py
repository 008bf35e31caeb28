"""Comparing offers by weights."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from backend.domain import rfq
from backend.domain.offering import withdraw
from backend.domain.offers import CancellationStage
from backend.domain.ranking import Ranked, competing, rank
from backend.domain.terms import Weights
from tests.support.domain import ANA, MIRADOR, PLAZA, SOL, World, staff, terms

NOTHING = dict.fromkeys(("price", "rating", "services", "cancellation", "speed"), Decimal(0))


def world_by(**weights: int) -> World:
    """A published quotation that ranks by these qualities alone."""
    values = {**NOTHING, **{name: Decimal(value) for name, value in weights.items()}}
    world = World(asked=terms(weights=Weights(**values)))
    world.publish()
    return world


def scores(world: World) -> dict[str, str]:
    """Hotel -> score, best first."""
    return {world.q.offers[id_].hotel_id: str(ranked.score) for id_, ranked in rank(world.q).items()}


def test_nobody_ranks_without_offers() -> None:
    assert rank(world_by(price=1).q) == {}


def test_the_lowest_price_is_best() -> None:
    world = world_by(price=100)
    for hotel, rate in ((PLAZA, 200), (MIRADOR, 100), (SOL, 300)):
        world.offer(hotel, rate)
    assert scores(world) == {"mirador": "100.00", "plaza": "50.00", "sol": "33.33"}
    assert rank(world.q)[world.offer_id(PLAZA)] == Ranked(2, Decimal("50.00"))


def test_an_offer_for_nothing_is_no_division_by_zero() -> None:
    world = world_by(price=1)
    world.offer(PLAZA, 0)
    world.offer(MIRADOR, 1)
    assert scores(world) == {"plaza": "100.00", "mirador": "0.00"}


def test_stars_count() -> None:
    world = world_by(rating=1)
    for hotel in (PLAZA, MIRADOR, SOL):
        world.offer(hotel)
    assert scores(world) == {"mirador": "100.00", "plaza": "80.00", "sol": "60.00"}


def test_services_count_once_each() -> None:
    world = world_by(services=1)
    world.offer(PLAZA, included_services=("Breakfast", "breakfast ", "wifi"))
    world.offer(MIRADOR, included_services=("a", "b", "c", "d"))
    world.offer(SOL)
    assert scores(world) == {"mirador": "100.00", "plaza": "50.00", "sol": "0.00"}


def test_lenient_cancellation_counts() -> None:
    world = world_by(cancellation=1)
    strict = CancellationStage(days_before=61, penalty_percent=Decimal(100))
    half = CancellationStage(days_before=14, penalty_percent=Decimal(60))
    last = CancellationStage(days_before=1, penalty_percent=Decimal(100))
    world.offer(PLAZA, cancellation=(strict,))
    world.offer(MIRADOR, cancellation=(half, last))
    world.offer(SOL)
    # Within 14 days: 7 and 1 days before at 60, 0 days before at 100, of six dates.
    assert scores(world) == {"sol": "100.00", "mirador": "63.33", "plaza": "0.00"}


def test_answering_early_counts() -> None:
    world = world_by(speed=1)
    world.offer(PLAZA)
    world.clock.forward(days=3.5)
    world.offer(MIRADOR)
    world.clock.forward(days=3.4)
    world.offer(PLAZA, 90)
    assert scores(world) == {"plaza": "100.00", "mirador": "50.00"}


def test_being_invited_again_after_answering_counts_as_at_once() -> None:
    world = world_by(speed=1)
    world.offer(PLAZA)
    world.clock.forward(days=1)
    world.do(rfq.uninvite, ["plaza"], ANA)
    world.do(rfq.invite, [PLAZA], ANA)
    world.offer(PLAZA)
    assert scores(world) == {"plaza": "100.00"}


def test_an_rfq_without_time_is_answered_at_once() -> None:
    world = world_by(speed=1)
    world.offer(PLAZA)
    q = replace(world.q, terms=replace(world.q.terms, deadline=world.q.invitations["plaza"].invited_at))
    assert rank(q)[world.offer_id(PLAZA)].score == 100


def test_weights_are_relative_to_their_sum() -> None:
    world = world_by(price=30, rating=10)
    world.offer(PLAZA, 200)
    world.offer(MIRADOR, 100)
    assert scores(world) == {"mirador": "100.00", "plaza": "57.50"}


@pytest.mark.parametrize("first", [PLAZA, SOL])
def test_equal_scores_go_by_price_then_by_the_first_answer(first: Any) -> None:
    world = world_by(services=1)
    other = SOL if first is PLAZA else PLAZA
    world.offer(first)
    world.clock.forward(seconds=1)
    world.offer(other)
    world.offer(MIRADOR, 99)
    assert [world.q.offers[id_].hotel_id for id_ in rank(world.q)] == ["mirador", first.id, other.id]
    assert [ranked.rank for ranked in rank(world.q).values()] == [1, 2, 3]


def test_who_took_part_keeps_its_rank_and_others_have_none() -> None:
    world = world_by(price=1)
    for hotel, rate in ((PLAZA, 100), (MIRADOR, 200), (SOL, 50)):
        world.offer(hotel, rate)
    world.do(withdraw, staff(SOL))
    world.award(MIRADOR)
    assert list(scores(world)) == ["plaza", "mirador"]
    assert len(competing(world.q)) == 2


def test_a_rank_tells_no_margin() -> None:
    """[P2] Ranks are made of agency prices: equal ones, equal ranks."""
    low, high = world_by(price=1), world_by(price=1)
    low.offer(PLAZA, 92)
    high.offer(PLAZA, 91)
    assert list(rank(replace(low.q, margin_percent=Decimal(8))).values()) == list(
        rank(replace(high.q, margin_percent=Decimal(9))).values()
    )


def test_the_deadline_is_the_end_of_speed() -> None:
    world = world_by(speed=1)
    world.clock.forward(seconds=timedelta(days=7).total_seconds() - 1)
    world.offer(PLAZA)
    assert scores(world) == {"plaza": "0.00"}
