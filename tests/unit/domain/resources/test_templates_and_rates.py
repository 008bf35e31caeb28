"""Templates, profiles, and what follows from one exchange rate for another."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.computation.tariff import Rate
from backend.domain.resources.catalogue import SHAPES, id_of, kind_of, place_of
from backend.domain.resources.rates import by_way, inverse, newer, same
from backend.domain.resources.templates import Profile
from tests.support.catalogue import ITEMS

DAY, LATER = date(2026, 11, 20), date(2026, 11, 21)
USD_COP = Rate(base="USD", quote="COP", rate=Decimal("3987.25"), on=DAY)
USD_PEN = Rate(base="USD", quote="PEN", rate=Decimal("3.78"), on=LATER)


def test_a_profile_has_a_size_to_a_size() -> None:
    with pytest.raises(ValueError, match="pax_to"):
        Profile(id="x", name="X", pax_from=20, pax_to=19)


def test_a_rate_is_above_zero_to_twelve_places() -> None:
    for wrong in ("0", "-1", "1e9", "0.1234567890123", "NaN"):
        with pytest.raises(ValueError, match="a rate is"):
            Rate(base="USD", quote="PEN", rate=Decimal(wrong), on=DAY)


def test_items_are_named_and_have_their_place() -> None:
    assert {kind_of(item) for item in ITEMS} == SHAPES.keys() - {"hotel"}
    assert [id_of(item) for item in ITEMS] == ["teo", "bus", "cusco-2027", "USD-PEN-2026-11-20", "valle", "school"]
    assert [place_of(item) for item in ITEMS] == [
        "teo mamani|teo",
        "sprinter 19|bus",
        "2027-01-01|cusco-2027",
        "USD/PEN|2026-11-20",
        "valle sagrado|valle",
        "colegio|school",
    ]


def test_the_way_back_and_the_way_around() -> None:
    assert inverse(USD_COP) == Rate(base="COP", quote="USD", rate=Decimal("0.000250799423"), on=DAY)
    assert by_way(inverse(USD_COP), USD_PEN) == Rate(base="COP", quote="PEN", rate=Decimal("0.000948021819"), on=DAY)
    assert by_way(None, USD_PEN) is None
    assert by_way(USD_PEN, None) is None
    assert same("PEN", DAY).rate == 1


def test_the_newer_one_counts_and_of_one_day_the_one_that_was_quoted() -> None:
    old, new = USD_COP, Rate(base="USD", quote="COP", rate=Decimal(1), on=LATER)
    assert newer(old, new) == newer(new, old) == newer(None, new) == newer(new, None) == new
    assert newer(old, Rate(base="USD", quote="COP", rate=Decimal(2), on=DAY)) == old
    assert newer(None, None) is None


@given(st.decimals("0.0001", "10000", places=4))
def test_there_and_back_is_where_it_began(value: Decimal) -> None:
    there = Rate(base="USD", quote="PEN", rate=value, on=DAY)
    assert abs(inverse(inverse(there)).rate - value) <= value * value * Decimal("1e-12") + Decimal("1e-11")
