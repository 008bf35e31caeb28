"""Guides: who fits, by how much, and why in words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from backend.domain.resources.choosing_guides import WantedGuide, rank_guides, score_guide
from backend.domain.resources.guides import Certificate, Guide, Spoken
from backend.domain.resources.places import Place
from backend.domain.resources.scores import Scored
from tests.support.resources import day, guide

CUSCO = Place(name="Cusco", latitude=Decimal("-13.53"), longitude=Decimal("-71.97"))
LISBOA = Place(name="Lisboa", latitude=Decimal("38.72"), longitude=Decimal("-9.14"))
PUNO = Place(name="Puno", latitude=Decimal("-15.84"), longitude=Decimal("-70.02"))
WANTED = WantedGuide(
    first=day(10),
    last=day(12),
    languages=("es", "en"),
    skills=("archaeology", "Children"),
    certificates=("First aid",),
    place=CUSCO,
)
TEO = guide(
    "teo",
    languages=(Spoken(language="es", level="native"), Spoken(language="en")),
    skills=("Archaeology", "children", "birds"),
    certificates=(Certificate(name="First Aid", expires=day(12)),),
    rating=Decimal("4.5"),
    home=CUSCO,
)
NOBODY: frozenset[date] = frozenset()


def reasons(found: Scored) -> Mapping[str, tuple[Decimal, str]]:
    return {part.name: (part.points, part.reason) for part in found.why}


def change(**fields: Any) -> Guide:
    return msgspec.structs.replace(TEO, **fields)


def test_every_part_has_its_share_and_its_reason() -> None:
    found = score_guide(WANTED, TEO, NOBODY)
    assert found.fit
    assert found.ids == (found.id,) == ("teo",)
    assert sum(part.share for part in found.why) == 100
    assert reasons(found) == {
        "language": (Decimal("27.8"), "es native, en fluent"),
        "skills": (Decimal("15.0"), "has archaeology, Children"),
        "certification": (Decimal("15.0"), "holds First aid"),
        "availability": (Decimal("15.0"), "free, and the days around it too"),
        "rating": (Decimal("13.5"), "rated 4.5 of 5"),
        "distance": (Decimal("10.0"), "at home there"),
    }
    assert found.score == Decimal("96.3")


def test_nothing_asked_for_is_nothing_lacking() -> None:
    found = score_guide(WantedGuide(first=day(0), last=day(0)), guide("new", rating=Decimal(5)), NOBODY)
    assert found.fit
    assert found.score == Decimal(95)
    assert reasons(found)["distance"] == (Decimal("5.0"), "how far away home is cannot be told")


def test_who_may_not_be_taken_is_told_why() -> None:
    cases: tuple[tuple[Guide, frozenset[date], str, Decimal, str], ...] = (
        (change(languages=TEO.languages[:1]), NOBODY, "language", Decimal("15.0"), "es native, en not spoken"),
        (change(kind="escort"), NOBODY, "language", Decimal("27.8"), "es native, en fluent; escort, not local"),
        (change(certificates=()), NOBODY, "certification", Decimal(0), "holds none; First aid is missing"),
        (
            change(certificates=(Certificate(name="first aid", expires=day(11)),)),
            NOBODY,
            "certification",
            Decimal(0),
            "holds none; First aid expires on 2027-03-12",
        ),
        (change(home=LISBOA), NOBODY, "distance", Decimal(0), "home is 8724 km away"),
        (TEO, frozenset({day(9), day(11)}), "availability", Decimal(0), "taken on 2027-03-12"),
    )
    for who, busy, name, points, reason in cases:
        found = score_guide(msgspec.structs.replace(WANTED, kind="local"), who, busy)
        assert not found.fit
        assert reasons(found)[name] == (points, reason)


def test_more_or_less_is_a_matter_of_points() -> None:
    lesser = (
        (change(skills=()), NOBODY, "skills", Decimal(0), "has none; lacks archaeology, Children"),
        (TEO, frozenset({day(13)}), "availability", Decimal("10.0"), "free, but at work the day before or after"),
        (change(home=PUNO), NOBODY, "distance", Decimal("3.4"), "home is 332 km away"),
        (change(home=None), NOBODY, "distance", Decimal("5.0"), "how far away home is cannot be told"),
        (
            change(languages=(Spoken(language="es", level="basic"), Spoken(language="en", level="basic"))),
            NOBODY,
            "language",
            Decimal("12.0"),
            "es basic, en basic",
        ),
    )
    best = score_guide(WANTED, TEO, NOBODY)
    for who, busy, name, points, reason in lesser:
        found = score_guide(WANTED, who, busy)
        assert found.fit
        assert found.score < best.score
        assert reasons(found)[name] == (points, reason)


def test_a_certificate_without_an_end_is_always_good() -> None:
    assert score_guide(WANTED, change(certificates=(Certificate(name="First aid"),)), NOBODY).fit


def test_the_best_who_may_be_taken_come_first_and_equals_by_id() -> None:
    guides = [change(id="c", rating=Decimal(1)), change(id="b"), change(id="a"), change(id="d", rating=Decimal(5))]
    found = rank_guides(WANTED, [*guides, change(id="gone", active=False)], {"d": frozenset({day(10)})})
    assert [(one.id, one.fit) for one in found] == [("a", True), ("b", True), ("c", True), ("d", False)]
