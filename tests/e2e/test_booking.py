"""From a request to a confirmed booking with nobody's hand on it but the client's, who accepts and pays."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import enter
from tests.support.platform import Platform
from workers.demo.hotels import HOTELS, WITH_LOGIN

ASKED = [hotel.id for hotel in HOTELS if hotel.id not in WITH_LOGIN][:10]
"""Hotels that answer by themselves, within a quarter of a minute."""
GUIDE = {"language": "es", "kind": "escort", "days": 2}
"""One for whom a bot answers; the best local one is a person's account, which never acts by itself."""
OPEN = timedelta(seconds=30)
WITHIN = 60_000
"""Milliseconds: each of the steps is somebody's or some worker's to do."""


def _requested(agency: Rest) -> str:
    """A trip with a guide, a vehicle and a deposit, asked of all of them; the best is to be chosen at the deadline."""
    check_in = datetime.now(UTC).date() + timedelta(days=200)
    terms = {
        "title": "Nine days from Lima",
        "destination": "Cusco",
        "check_in": check_in.isoformat(),
        "check_out": (check_in + timedelta(days=3)).isoformat(),
        "rooms": {"double": 10},
        "adults": 20,
        "client_id": "client-andes-demo",
        "auto_award": True,
        "deposit": {"required": True, "percent": "30"},
        "programme": {"transport": [{"km": 120, "days": 2}], "guides": [GUIDE]},
    }
    made = str(agency.post("/quotations", terms)["quotation"]["id"])
    deadline = (datetime.now(UTC) + OPEN).isoformat()
    agency.post(f"/quotations/{made}/publish", {"hotel_ids": ASKED, "deadline": deadline})
    return made


def test_a_request_to_ten_hotels_becomes_a_confirmed_booking(browser: Browser, platform: Platform) -> None:
    """[D2] Offers, award, deposit, hotel, guide, vehicle, documents: each is seen as it comes, in an open window."""
    assert len(ASKED) == 10
    agency = Rest(platform.url, "ana@andes.demo")
    quotation = _requested(agency)
    (client,) = enter(browser, platform.url, "client@andes.demo", viewport={"width": 390, "height": 844})
    client.go(f"/trips/{quotation}")
    client("trip-accept").click(timeout=WITHIN)
    client("confirm").click()
    client("pay-deposit").click(timeout=WITHIN)
    expect(client("booking-step-deposit")).to_have_attribute("data-state", "done", timeout=WITHIN)
    expect(client("booking")).to_have_attribute("data-status", "confirmed", timeout=WITHIN)
    expect(client("pay-deposit")).to_have_count(0)
    steps = agency.get(f"/quotations/{quotation}")["booking"]["steps"]
    assert {name: step["state"] for name, step in steps.items()} == dict.fromkeys(steps, "done")
    assert not client.errors
    client.page.context.close()
