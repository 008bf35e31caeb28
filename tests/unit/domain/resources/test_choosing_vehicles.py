"""Vehicles: which carry a group over its route, alone or together, and why in words."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.resources.choosing_vehicles import WantedTransport, hours_a_day, rank_vehicles, run_of_days
from backend.domain.resources.claims import days
from backend.domain.resources.places import Place
from backend.domain.resources.scores import Scored
from tests.support.resources import day, vehicle

CUSCO = Place(name="Cusco")
WANTED = WantedTransport(pax=30, first=day(10), last=day(12), km=600, vehicle_class="coach", place=CUSCO)
COACH = vehicle("coach", 40, vehicle_class="coach", home=CUSCO)
BUS = vehicle("bus", 18, home=CUSCO)
Busy = dict[str, frozenset[date]]


def want(**fields: Any) -> WantedTransport:
    return msgspec.structs.replace(WANTED, **fields)


def said(found: Scored) -> dict[str, tuple[Decimal, str]]:
    return {part.name: (part.points, part.reason) for part in found.why}


def test_every_part_has_its_share_and_its_reason() -> None:
    (found,) = rank_vehicles(WANTED, [COACH], {})
    assert found.fit
    assert found.ids == (found.id,) == ("coach",)
    assert sum(part.share for part in found.why) == 100
    assert said(found) == {
        "capacity": (Decimal("26.2"), "40 seats for 30"),
        "class": (Decimal("20.0"), "a coach"),
        "route": (Decimal("20.0"), "4.0 hours of driving a day, of 9"),
        "rest": (Decimal("15.0"), "3 days in a row, of 6"),
        "distance": (Decimal("10.0"), "at home there"),
    }
    assert found.score == Decimal("91.2")


def test_drivers_drive_no_longer_than_they_may() -> None:
    long = want(km=1_500)
    assert hours_a_day(long, COACH) == 10
    (tired,) = rank_vehicles(long, [COACH], {})
    assert (tired.fit, said(tired)["route"]) == (False, (Decimal(0), "10.0 hours of driving a day, of 9"))
    (pair,) = rank_vehicles(long, [msgspec.structs.replace(COACH, drivers=2)], {})
    assert (pair.fit, said(pair)["route"]) == (True, (Decimal("17.8"), "10.0 hours of driving a day, of 18"))
    assert not rank_vehicles(want(driving_days=1), [COACH], {})[0].fit


def test_drivers_rest_after_their_days_in_a_row() -> None:
    """Those of the trips before and after count, where no free day lies between."""
    around: Busy = {"coach": frozenset({*days(day(7), day(9)), day(14)})}
    assert run_of_days(WANTED, around["coach"]) == 6
    (found,) = rank_vehicles(WANTED, [COACH], around)
    assert (found.fit, said(found)["rest"]) == (True, (Decimal(0), "6 days in a row, of 6"))
    (tired,) = rank_vehicles(WANTED, [COACH], {"coach": around["coach"] | {day(13)}})
    assert (tired.fit, said(tired)["rest"]) == (False, (Decimal(0), "8 days in a row, of 6"))
    assert run_of_days(WANTED, frozenset(days(day(-40), day(9)))) == 3 + 14


def test_what_may_not_be_taken_is_told_why() -> None:
    for who, busy, name, reason in (
        (BUS, {}, "capacity", "18 seats for 30"),
        (COACH, {"coach": frozenset({day(11)})}, "rest", "taken on 2027-03-12"),
    ):
        (found,) = rank_vehicles(WANTED, [who], busy)
        assert not found.fit
        assert said(found)[name] == (Decimal(0), reason)
    cusco = Place(name="Cusco", latitude=Decimal("-13.53"), longitude=Decimal("-71.97"))
    lisboa = Place(name="Lisboa", latitude=Decimal("38.72"), longitude=Decimal("-9.14"))
    (far,) = rank_vehicles(want(place=cusco), [msgspec.structs.replace(COACH, home=lisboa)], {})
    assert (far.fit, said(far)["distance"][0]) == (False, 0)
    (steps,) = rank_vehicles(want(accessible=True), [COACH], {})
    assert (steps.fit, said(steps)["class"][1]) == (False, "not accessible")
    assert rank_vehicles(want(accessible=True), [msgspec.structs.replace(COACH, accessible=True)], {})[0].fit
    assert rank_vehicles(WANTED, [msgspec.structs.replace(COACH, active=False)], {}) == ()


def test_another_class_is_half_as_good() -> None:
    (found,) = rank_vehicles(want(pax=15), [BUS], {})
    assert said(found)["class"] == (Decimal("10.0"), "a minibus, not a coach")
    assert said(rank_vehicles(want(pax=15, vehicle_class=None), [BUS], {})[0])["class"][0] == 20


def test_a_group_too_large_for_one_gets_as_few_together_as_carry_it() -> None:
    vans = [vehicle(f"van{n}", 10, home=CUSCO) for n in range(4)]
    found = rank_vehicles(want(pax=50), [BUS, COACH, *vans], {})
    fit = [one for one in found if one.fit]
    assert [one.ids for one in fit] == [("coach", f"van{n}") for n in range(4)] + [("coach", "bus")]
    assert said(fit[0])["capacity"] == (Decimal("35.0"), "50 seats in 2 vehicles for 50")
    assert said(fit[0])["class"] == (Decimal("18.0"), "a coach; a minibus, not a coach")
    assert fit[-1].name == "Coach + Bus"
    assert [one.ids for one in rank_vehicles(want(pax=70), [COACH, *vans], {}) if one.fit] == [
        ("coach", *(van.id for van in vans[:3]))
    ]
    assert not any(one.fit for one in rank_vehicles(want(pax=90), [COACH, *vans], {}))
    assert [one.fit for one in rank_vehicles(want(pax=60), [COACH, *vans], {"coach": frozenset({day(10)})})] == [
        False
    ] * 5


def test_equal_choices_go_by_id_and_the_fuller_first() -> None:
    found = rank_vehicles(want(vehicle_class=None), [vehicle("b", 40), vehicle("c", 31), vehicle("a", 40)], {})
    assert [one.id for one in found] == ["c", "a", "b"]


@given(
    seats=st.lists(st.integers(1, 60), max_size=9),
    pax=st.integers(1, 150),
    taken=st.sets(st.integers(0, 8)),
    km=st.integers(0, 3_000),
)
def test_whoever_is_offered_carries_everybody_and_is_free(seats: list[int], pax: int, taken: set[int], km: int) -> None:
    """And if the free ones together have seats enough, somebody is offered."""
    park = [vehicle(f"v{n}", number) for n, number in enumerate(seats)]
    busy = {f"v{n}": frozenset({day(11)}) for n in taken}
    found = rank_vehicles(want(pax=pax, km=km), park, busy)
    fit = [one for one in found if one.fit]
    by_id = {one.id: one for one in park}
    for choice in fit:
        assert sum(by_id[id_].seats for id_ in choice.ids) >= pax
        assert not busy.keys() & set(choice.ids)
        assert 0 <= choice.score <= 100
    free = sum(one.seats for one in park if one.id not in busy)
    assert bool(fit) == (free >= pax and km <= 9 * 50 * 3)
