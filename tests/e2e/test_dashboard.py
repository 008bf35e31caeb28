"""The dashboard, live, for agencies and operators only."""

import re
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import enter
from tests.support.platform import Platform


def test_an_agent_watches_the_figures(browser: Browser, platform: Platform) -> None:
    """What a colleague does shows within seconds, without a reload."""
    (ana,) = enter(browser, platform.url, "ana@andes.demo")
    ana.page.get_by_role("link", name="Dashboard").click()
    page = ana("dashboard")
    expect(page.get_by_role("heading", level=2)).to_have_count(4 + _sums(platform))
    expect(page.locator("svg.recharts-surface").first).to_be_visible()
    is_open = ana("dash-open").locator("dd")
    expect(is_open).to_have_text(re.compile(r"^\d+$"))
    before = int(is_open.inner_text())
    Rest(platform.url, "bruno@andes.demo").post("/quotations", {"title": "Just begun"})
    expect(is_open).to_have_text(str(before + 1))
    table = page.get_by_text("As a table").first
    table.focus()
    ana.page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=re.compile("Draft"))).to_be_visible()
    assert not ana.errors
    ana.page.context.close()


def _sums(platform: Platform) -> int:
    """How many currencies something was accepted in."""
    weeks = Rest(platform.url, "ana@andes.demo").get("/dashboard")["weeks"]
    return len({value["currency"] for week in weeks for value in week["values"]})


@pytest.mark.parametrize("email", ["plaza@hotel.demo", "client@andes.demo"])
def test_it_is_for_agencies_and_operators_only(browser: Browser, platform: Platform, email: str) -> None:
    """[P2] Neither the page nor what it shows."""
    (window,) = enter(browser, platform.url, email)
    window.go("/dashboard")
    expect(window.page.locator("main h2")).to_have_text("Not for this account")
    with pytest.raises(HTTPError, match="403"):
        Rest(platform.url, email).get("/dashboard")
    window.page.context.close()
