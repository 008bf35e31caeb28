"""What a demo hotel answers: an offer made from its own catalogue entry and the terms it was shown, nothing else."""

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

from backend.domain.quotation import Hotel

_FACTOR = {
    "single": Decimal("0.82"),
    "double": Decimal(1),
    "twin": Decimal(1),
    "triple": Decimal("1.32"),
    "suite": Decimal("1.9"),
}
_BOARD = {"RO": 0, "BB": 8, "HB": 26, "FB": 44, "AI": 70}


def offer_for(hotel: Hotel, terms: Mapping[str, Any]) -> dict[str, Any]:
    """An `offer.submit` offer for the terms of a hotel's view. The same terms get the same offer."""
    random = Random(f"{hotel.id} {terms['id']}")  # noqa: S311 -- a demo price, not a secret
    currency = terms["currency"]
    board = terms.get("meal_plan", "BB")
    base = Decimal(38) + hotel.rating * 12 + _BOARD[board] + random.randint(-6, 9)
    rooms = [
        {
            "type": type_,
            "net_rate": _money(base * _FACTOR[type_], currency),
            "per": "room_night",
            "quantity": quantity,
        }
        for type_, quantity in terms.get("rooms", {}).items()
        if quantity
    ]
    return {
        "rooms": rooms,
        "single_supplement": _money(base * Decimal("0.35"), currency),
        "triple_reduction": _money(base * Decimal("0.08"), currency),
        "board": board,
        "foc": {"free": 1, "per": random.choice((15, 20, 25)), "unit": "half_twin", "cap": 2},
        "taxes": [{"name": "city tax", "included": False, "per": "night", "amount": _money(Decimal("1.50"), currency)}],
        "commission_percent": str(random.choice((8, 10, 12))),
        "included_services": sorted(random.sample(hotel.amenities, min(3, len(hotel.amenities)))),
        "optional_services": [{"name": "box lunch", "price": _money(Decimal(9), currency)}],
        "guaranteed": random.random() < 0.6,
        "cancellation": [
            {"days_before": 30, "penalty_percent": "30"},
            {"days_before": 10, "penalty_percent": "100"},
        ],
        "attrition_percent": "10",
        "notes": "",
    }


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": str(amount.quantize(Decimal("0.01"))), "currency": currency}
