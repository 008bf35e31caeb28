"""A proposal as the client reads it: what is in its price, and what is in the trip."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import enter
from tests.support.platform import Platform


def _proposed(platform: Platform) -> str:
    """In the currency of a tariff with a tax; children under twelve pay half."""
    agency, hotel = Rest(platform.url, "ana@andes.demo"), Rest(platform.url, "plaza@hotel.demo")
    check_in = datetime.now(UTC).date() + timedelta(days=30)
    terms: dict[str, Any] = {
        "title": "Taxed",
        "currency": "PEN",
        "check_in": check_in.isoformat(),
        "check_out": (check_in + timedelta(days=3)).isoformat(),
        "rooms": {"double": 5},
        "adults": 10,
        "client_id": "client-andes-demo",
        "programme": {"items": [{"code": "lunch", "times": 2}, {"code": "museum"}]},
    }
    made = str(agency.post("/quotations", terms)["quotation"]["id"])
    agency.post(f"/quotations/{made}/publish", {"hotel_ids": [hotel.get("/me")["hotel_id"]]})
    room = {"type": "double", "net_rate": {"amount": "184.00", "currency": "PEN"}, "per": "room_night", "quantity": 5}
    offer = {"rooms": [room], "board": "BB", "child_bands": [{"up_to": 11, "percent": "50"}]}
    submitted = hotel.post(f"/quotations/{made}/offers", offer)["offer"]["id"]
    agency.post(f"/quotations/{made}/award", {"offer_id": submitted})
    return made


def test_a_client_reads_taxes_child_reductions_and_the_programme(browser: Browser, platform: Platform) -> None:
    """As they stand in the view, and by the names that people give to things."""
    quotation = _proposed(platform)
    (client,) = enter(browser, platform.url, "client@andes.demo")
    client.go(f"/trips/{quotation}")
    sold = Rest(platform.url, "client@andes.demo").get(f"/quotations/{quotation}")["selling"]
    (ages,) = sold["child_reductions"]
    expect(client("selling-tax")).to_contain_text("IGV (18")
    expect(client("child-reduction")).to_contain_text(ages.replace("-", "–"))
    expect(client("child-reduction")).to_contain_text(sold["child_reductions"][ages]["amount"])
    expect(client("proposal")).to_contain_text("2 × Almuerzo")
    expect(client("proposal")).to_contain_text("Museo")
    assert not client.errors
    client.page.context.close()
