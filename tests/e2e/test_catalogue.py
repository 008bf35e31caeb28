"""Admins keep the catalogues in place, hotels their own allotment. [S4]"""

import re
from datetime import UTC, datetime

from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import Window, enter
from tests.support.platform import Platform

ADMIN = "admin@spirit.demo"
PLAZA = "plaza@hotel.demo"


def edit(window: Window, row: str, column: str, value: str) -> None:
    """Types over a cell of the row that shows these words."""
    line = window("catalogue-row").filter(has_text=row)
    line.get_by_test_id(f"cell-{column}").click()
    line.get_by_test_id(f"edit-{column}").fill(value)
    line.get_by_test_id(f"edit-{column}").press("Enter")


def test_a_guide_is_changed_in_place_and_nobody_is_written_over(browser: Browser, platform: Platform) -> None:
    one, other = enter(browser, platform.url, ADMIN, ADMIN)
    for window in (one, other):
        window.go("/catalogue")
        expect(window("catalogue-row").filter(has_text="Saúl Huallpa")).to_be_visible()
    edit(one, "Saúl Huallpa", "skills", "aves, fotografía")
    expect(one("catalogue-row").filter(has_text="fotografía")).to_be_visible()
    edit(other, "Saúl Huallpa", "rating", "4.4")
    expect(other.page.get_by_role("alert").filter(has_text="Somebody changed this meanwhile")).to_be_visible()
    expect(other("catalogue-row").filter(has_text="fotografía")).to_be_visible()
    edit(other, "Saúl Huallpa", "rating", "4.4")
    expect(other("catalogue-row").filter(has_text="Saúl").get_by_test_id("cell-rating")).to_have_text("4.4")
    stored = Rest(platform.url, ADMIN).get("/catalogue/guides/saul")
    assert (stored["skills"], stored["rating"]) == (["aves", "fotografía"], "4.4")
    row = other("catalogue-row").filter(has_text="Teo Mamani")
    row.get_by_test_id("open-row").click()
    other("month-after").click()
    free = other.page.locator("[data-state=free]").first
    day = str(free.get_attribute("data-testid"))
    free.click()
    expect(other(day)).to_have_attribute("data-state", "off")
    for window in (one, other):
        assert not window.errors
        window.page.context.close()


def test_an_exchange_rate_is_added_and_dropped(browser: Browser, platform: Platform) -> None:
    (window,) = enter(browser, platform.url, ADMIN)
    window.go("/catalogue?show=rates")
    window("add-item").click()
    window("new-quote").fill("uyu")
    window("new-rate").fill("39.85")
    window("confirm").click()
    row = window("catalogue-row").filter(has_text="UYU")
    expect(row.get_by_test_id("cell-rate")).to_have_text("39.85")
    row.get_by_test_id("remove-row").click()
    window("confirm").click()
    expect(row).to_have_count(0)
    window.page.context.close()


def test_a_hotel_keeps_its_allotment(browser: Browser, platform: Platform) -> None:
    (window,) = enter(browser, platform.url, PLAZA)
    window.page.get_by_role("link", name="Allotment").click()
    today = datetime.now(UTC).date().isoformat()
    cell = window(f"rooms-{today}-suite")
    expect(cell).to_have_value("")
    cell.fill("two")
    expect(window("save-allotment")).to_be_disabled()
    cell.fill("2")
    window("save-allotment").click()
    expect(window("save-allotment")).to_be_disabled()
    expect(cell).to_have_value("2")
    kept = Rest(platform.url, PLAZA).get(f"/catalogue/hotels/plaza/allotment/{today[:7]}")
    assert kept["nights"][today]["suite"] == {"total": 2, "taken": 0}
    assert kept["nights"][today]["double"]["total"] == 30
    window.go("/catalogue")
    expect(window.page.locator("main h2")).to_have_text(re.compile("Not for this account"))
    assert not window.errors
    window.page.context.close()
