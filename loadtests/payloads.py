"""What people of the load tests write: believable terms and offers."""

from datetime import UTC, datetime, timedelta
from typing import Any


def terms(title: str, client: str | None) -> dict[str, Any]:
    """What an agency asks for."""
    check_in = datetime.now(UTC).date() + timedelta(days=90)
    return {
        "title": title,
        "destination": "Cusco",
        "check_in": check_in.isoformat(),
        "check_out": (check_in + timedelta(days=4)).isoformat(),
        "rooms": {"double": 15, "single": 4},
        "adults": 34,
        "meal_plan": "HB",
        "currency": "USD",
        "markup_percent": "12",
        "notes": "The group arrives late.",
        **({"client_id": client} if client else {}),
    }


def offer(cents: str, notes: str = "Held for you until Friday.") -> dict[str, Any]:
    """What a hotel answers; other `cents` make another price."""

    def dollars(amount: str) -> dict[str, str]:
        return {"amount": f"{amount}.{cents}", "currency": "USD"}

    return {
        "rooms": [
            {"type": "double", "net_rate": dollars("84"), "per": "room_night", "quantity": 15},
            {"type": "single", "net_rate": dollars("66"), "per": "room_night", "quantity": 4},
        ],
        "single_supplement": dollars("30"),
        "board": "HB",
        "foc": {"free": 1, "per": 20, "unit": "half_twin"},
        "taxes": [{"name": "city tax", "included": False, "per": "night", "amount": dollars("1")}],
        "commission_percent": "10",
        "included_services": ["breakfast", "wifi"],
        "cancellation": [{"days_before": 30, "penalty_percent": "30"}],
        "notes": notes,
    }
