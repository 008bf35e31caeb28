"""A proposal from the hotel's form to the client's page: what is in its price, and what is in the trip."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import enter
from tests.support.platform import Platform


def _asked(agency: Rest, hotel: Rest) -> str:
    """In the currency of a tariff with a tax."""
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
    return made


def test_a_client_reads_taxes_child_reductions_and_the_programme(browser: Browser, platform: Platform) -> None:
    """As they stand in the view, and by the names that people give to things."""
    agency, hotel = Rest(platform.url, "ana@andes.demo"), Rest(platform.url, "plaza@hotel.demo")
    quotation = _asked(agency, hotel)
    desk, client = enter(browser, platform.url, "plaza@hotel.demo", "client@andes.demo")
    desk.go(f"/invitations/{quotation}")
    desk("rate-double").fill("184")
    desk("offer-extra_bed").fill("60.5")
    desk.page.get_by_label("Add: Children").click()
    desk.page.get_by_label("Up to age 1").fill("11")
    desk.page.get_by_label("% of an adult’s rate 1").fill("50")
    desk("submit-offer").click()
    expect(desk("offer-state")).to_have_attribute("data-state", "submitted")
    (offer,) = hotel.get(f"/quotations/{quotation}")["offers"].values()
    assert offer["extra_bed"] == {"amount": "60.50", "currency": "PEN"}
    assert [(band["up_to"], band["percent"]) for band in offer["child_bands"]] == [(11, "50")]
    agency.post(f"/quotations/{quotation}/award", {"offer_id": offer["id"]})
    client.go(f"/trips/{quotation}")
    sold = Rest(platform.url, "client@andes.demo").get(f"/quotations/{quotation}")["selling"]
    (ages,) = sold["child_reductions"]
    expect(client("selling-tax")).to_contain_text("IGV (18")
    expect(client("child-reduction")).to_contain_text(ages.replace("-", "–"))
    expect(client("child-reduction")).to_contain_text(sold["child_reductions"][ages]["amount"])
    expect(client("proposal")).to_contain_text("2 × Almuerzo")
    expect(client("proposal")).to_contain_text("Museo")
    for window in (desk, client):
        assert not window.errors
        window.page.context.close()
