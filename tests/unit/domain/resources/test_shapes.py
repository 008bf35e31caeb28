"""What a claim, a place, a guide may be."""

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from backend.domain.resources.catalogue import kind_of, place_of
from backend.domain.resources.claims import Claim, days, taken
from backend.domain.resources.guides import Certificate, Guide, Spoken
from backend.domain.resources.places import Place, distance_km, located
from tests.support.resources import day, days_of, guide, rooms_of, vehicle

CUSCO = Place(name="Cusco", latitude=Decimal("-13.5320"), longitude=Decimal("-71.9675"))
LIMA = Place(name="Lima", latitude=Decimal("-12.0464"), longitude=Decimal("-77.0428"))


def test_a_claim_has_days_and_rooms_if_they_are_rooms() -> None:
    assert days_of("guide", "teo", 1, 3).days == (day(1), day(2), day(3))
    assert days(day(3), day(1)) == ()
    bad: tuple[tuple[Any, ...], ...] = (
        ("guide", "teo", day(2), day(1), None),
        ("guide", "teo", day(0), day(366), None),
        ("guide", "teo", day(0), day(1), {"double": 1}),
        ("allotment", "plaza", day(0), day(1), None),
        ("allotment", "plaza", day(0), day(1), {"double": 0}),
    )
    for fields in bad:
        with pytest.raises(ValueError, match=r"."):
            Claim("c", "b", *fields)
    assert len(Claim("c", "b", "guide", "teo", day(0), day(365)).days) == 366
    assert rooms_of("plaza", 0, 0, double=1).rooms == {"double": 1}


def test_who_is_taken_is_told_with_the_days() -> None:
    assert taken("guide", "teo", [day(1), day(0)]).message == "That is taken already on 2027-03-01, 2027-03-02."
    assert taken("guide", "teo", days(day(0), day(8))).message.endswith("2027-03-05 and more.")


def test_distances() -> None:
    assert distance_km(CUSCO, Place(name="cusco")) == 0
    assert distance_km(CUSCO, Place(name="Puno")) is None
    assert distance_km(Place(name="Puno"), CUSCO) is None
    assert distance_km(CUSCO, LIMA) == distance_km(LIMA, CUSCO) == 575


def test_a_destination_is_the_town_in_its_name() -> None:
    known = [CUSCO, LIMA, Place(name="Puno")]
    assert located("CUSCO", known) == CUSCO
    assert located("Cusco y el Valle Sagrado", known) == CUSCO
    assert located("Puno", known) == Place(name="Puno")
    assert located(" ", known) is None


def test_where_something_is_has_two_numbers_on_the_globe() -> None:
    for lat, lon in (("91", "0"), ("0", "-181"), ("NaN", "0"), ("0.1234567", "0")):
        with pytest.raises(ValueError, match="latitude"):
            Place(name="x", latitude=Decimal(lat), longitude=Decimal(lon))
    with pytest.raises(ValueError, match="has a longitude"):
        Place(name="x", latitude=Decimal(1))
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"name": "a\nb"}, Place)


def test_a_guide_names_each_thing_once() -> None:
    twice: tuple[dict[str, Any], ...] = (
        {"languages": (Spoken(language="es"), Spoken(language="es", level="native"))},
        {"skills": ("birds", "birds")},
        {"certificates": (Certificate(name="First aid"), Certificate(name="first aid", expires=date(2027, 1, 1)))},
    )
    for fields in twice:
        with pytest.raises(ValueError, match="stands once"):
            Guide(id="teo", name="Teo", **fields)
    with pytest.raises(ValueError, match="percentage"):
        Guide(id="teo", name="Teo", rating=Decimal("5.1"))


def test_lists_go_by_name() -> None:
    assert place_of(guide("Teo")) == "teo|Teo"
    assert (kind_of(guide("teo")), kind_of(vehicle("bus"))) == ("guide", "vehicle")
