"""How values are written in a view."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from backend.domain.money import Money
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Party
from backend.domain.terms import Budget
from privacy.wire import plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("8.00"), "8"),
        (Decimal("12.50"), "12.5"),
        (Decimal("1E+2"), "100"),
        (Decimal(0), "0"),
        (Decimal("0.0001"), "0.0001"),
        (date(2027, 3, 1), "2027-03-01"),
        (datetime(2026, 11, 22, 10, tzinfo=UTC), "2026-11-22T10:00:00Z"),
        (datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=2))), "2026-11-22T10:00:00Z"),
        (None, None),
        (True, True),
        (3, 3),
        (("a", 1), ["a", 1]),
        ([Decimal("1.0")], ["1"]),
        (Money(Decimal("1234.5"), "USD"), {"amount": "1234.50", "currency": "USD"}),
        (Money(Decimal(900), "CLP"), {"amount": "900", "currency": "CLP"}),
        (Party(id="x", name="X"), {"id": "x", "name": "X"}),
        (Budget(), {}),
        ({"a": None, "b": "", "c": (), "d": 0, "e": False}, {"d": 0, "e": False}),
        (SYSTEM, {"kind": "system", "id": "", "name": "system"}),
    ],
)
def test_values_become_json(value: Any, text: Any) -> None:
    assert plain(value) == text


def test_what_has_no_place_in_a_view_is_refused() -> None:
    """[P1] Nothing slips through by having a `str()`; and floats never carry money."""
    for value in (object(), 1.5, b"x", {1}):
        with pytest.raises(TypeError):
            plain(value)
