"""Which hotels an RFQ goes to."""

from decimal import Decimal
from typing import Any

import pytest

from backend.domain.selection import choose, group_size
from backend.domain.terms import Criteria, HotelSelection, Rooms, Terms
from tests.support.domain import MIRADOR, PLAZA, SOL, hotel, terms

LIMA = hotel("costa", city="Lima", rating=Decimal(5))
SMALL = hotel("casita", capacity=10, rating=Decimal(5))
CATALOGUE = (SOL, LIMA, PLAZA, SMALL, MIRADOR)


def asked(mode: Any, *hotel_ids: str, **criteria: Any) -> Terms:
    selection = HotelSelection(mode=mode, hotel_ids=hotel_ids, criteria=Criteria(**criteria))
    return terms(hotel_selection=selection)


def ids(of: Terms) -> list[str]:
    return [one.id for one in choose(of, CATALOGUE)]


def test_by_hand_takes_those_named_in_their_order_once() -> None:
    assert ids(asked("manual", "sol", "plaza", "nobody", "sol")) == ["sol", "plaza"]


def test_automatic_takes_the_best_that_fit() -> None:
    assert ids(asked("automatic", "costa")) == ["mirador", "plaza", "sol"]
    assert ids(asked("automatic", count=2)) == ["mirador", "plaza"]


def test_mixed_adds_the_best_others() -> None:
    assert ids(asked("mixed", "costa", "mirador", count=1)) == ["costa", "mirador", "plaza"]


@pytest.mark.parametrize(
    ("criteria", "who"),
    [
        ({"min_rating": Decimal(4)}, {"quick", "lively"}),
        ({"max_distance_km": Decimal(2)}, {"lively", "plain"}),
        ({"min_capacity": 100}, {"quick"}),
        ({"amenities": ("POOL", "wifi")}, {"lively"}),
        ({"min_answer_rate": Decimal(95)}, {"quick"}),
        ({}, {"quick", "lively", "plain"}),
        ({"min_rating": Decimal(4), "min_answer_rate": Decimal(50), "max_distance_km": Decimal(1)}, set()),
    ],
)
def test_each_criterion_counts(criteria: dict[str, Any], who: set[str]) -> None:
    catalogue = [
        hotel("quick", answer_rate=Decimal(99), distance_km=Decimal(30), capacity=200),
        hotel("lively", amenities=("wifi", "pool"), distance_km=Decimal(2), capacity=40),
        hotel("plain", rating=Decimal(3), distance_km=Decimal(2), capacity=40),
    ]
    assert {one.id for one in choose(asked("automatic", **criteria), catalogue)} == who


def test_an_open_destination_takes_any_city() -> None:
    anywhere = terms(destination="", hotel_selection=HotelSelection(mode="automatic"))
    assert "costa" in ids(anywhere)
    both = terms(destination="LIMA and Cusco", hotel_selection=HotelSelection(mode="automatic"))
    assert {"costa", "plaza"} <= set(ids(both))


def test_equals_go_by_id_whatever_the_catalogues_order() -> None:
    twins = [hotel("b"), hotel("a"), hotel("c")]
    for catalogue in (twins, twins[::-1]):
        assert [one.id for one in choose(asked("automatic"), catalogue)] == ["a", "b", "c"]


def test_the_group_is_its_people_or_the_beds_asked_for() -> None:
    assert group_size(terms(adults=18, children_ages=(3,))) == 19
    assert group_size(terms(adults=0, rooms=Rooms(single=1, double=2, twin=1, triple=1, suite=1))) == 12
