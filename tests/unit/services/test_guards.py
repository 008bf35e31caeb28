"""[S2] A payload is bounded before anything is made of it."""

from typing import Any

import pytest

from backend.domain.refusals import Invalid
from backend.services.guards import MAX_DEPTH, MAX_VALUES, guard


def nested(depth: int) -> Any:
    return {"a": nested(depth - 1)} if depth else 1


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"amount": "12.50", "commission_percent": "8", "deposit": {"percent": None, "amount": {"amount": "1"}}},
        {"amount": "-3"},
        nested(MAX_DEPTH - 1),
        {"list": list(range(MAX_VALUES - 1))},
    ],
)
def test_what_is_within_bounds_passes(payload: Any) -> None:
    guard(payload)


@pytest.mark.parametrize(
    "payload",
    [
        nested(MAX_DEPTH),
        {"list": list(range(MAX_VALUES))},
        {"rooms": [{"net_rate": 1.5}]},
        {"amount": 100},
        {"amount": True},
        {"markup_percent": 8},
        *({"amount": text} for text in ("", "NaN", "1e2", "1_000", " 1", "1.", ".5", "١٢٣", "9" * 16, "1.0000001")),
    ],
)
def test_what_is_beyond_them_is_refused(payload: Any) -> None:
    with pytest.raises(Invalid):
        guard(payload)
