"""What may stand in a programme and in a tariff. [S2]"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from backend.domain.computation.tariff import GuideRate, ItemRate, Rate, SalesTax, Tariff, VehicleRate
from backend.domain.programme import BandMarkup, ItemNeed, Programme
from tests.support.domain import terms

DAY = date(2027, 1, 1)


def test_bands_rise_and_items_are_named_once() -> None:
    with pytest.raises(ValueError, match="rising"):
        Programme(bands=(10, 10))
    with pytest.raises(ValueError, match="once"):
        Programme(items=(ItemNeed(code="lunch"), ItemNeed(code="lunch", times=2)))


def test_a_band_has_one_markup_and_it_is_a_percentage() -> None:
    with pytest.raises(ValueError, match="one markup"):
        terms(band_markups=(BandMarkup(band="40+", percent=Decimal(1)),) * 2)
    with pytest.raises(ValueError, match="percentage"):
        BandMarkup(band="40+", percent=Decimal(1001))


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1e9", "0.0000001", "1e1"])
def test_a_cost_is_a_plain_decimal(amount: str) -> None:
    with pytest.raises(ValueError, match="a cost"):
        VehicleRate(code="van", name="Van", seats=7, day=Decimal(amount))


COACH = VehicleRate(code="coach", name="Coach", seats=40, day=Decimal(300))
GUIDE = GuideRate(language="en", day=Decimal(90))
LUNCH = ItemRate(code="lunch", name="Lunch", category="meal", amount=Decimal(12))
VAT = SalesTax(name="VAT", percent=Decimal(18))


@pytest.mark.parametrize(
    ("twice", "what"),
    [
        ({"vehicles": (COACH, COACH)}, "vehicle"),
        ({"guides": (GUIDE, GUIDE)}, "guide"),
        ({"items": (LUNCH, LUNCH)}, "item"),
        ({"taxes": (VAT, VAT)}, "tax"),
        ({"valid_until": date(2026, 12, 31)}, "valid_until"),
        ({"fuel_percent": Decimal(101)}, "percentage"),
    ],
)
def test_a_tariff_says_one_thing_about_each(twice: dict[str, Any], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Tariff(id="t", name="2027", currency="USD", valid_from=DAY, **twice)


def test_what_the_group_pays_has_no_childrens_price() -> None:
    with pytest.raises(ValueError, match="each person"):
        ItemRate(code="permit", name="Permit", category="permit", per="group", amount=Decimal(9), child=Decimal(1))


def test_a_rate_is_above_nothing() -> None:
    with pytest.raises(ValueError, match="above 0"):
        Rate(base="PEN", quote="USD", rate=Decimal(0), on=DAY)
