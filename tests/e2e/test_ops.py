"""The operations page, live, and for operators only."""

import re
from urllib.error import HTTPError

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import enter
from tests.support.platform import Platform


def test_an_operator_watches_what_happens(browser: Browser, platform: Platform) -> None:
    """What others do shows within seconds, without a reload."""
    (admin,) = enter(browser, platform.url, "admin@spirit.demo")
    admin.page.get_by_role("link", name="Operations").click()
    process = admin("process")
    expect(process).to_have_count(1)
    expect(process).to_have_attribute("data-roles", "node relay worker")
    expect(process).to_have_attribute("data-alive", "true")
    connections = admin("ops-totals").get_by_test_id("ops.connections").locator("dd")
    expect(connections).to_have_text(re.compile(r"\d"))
    joins = admin.page.get_by_role("row", name="room.join").locator("td").first
    expect(joins).to_have_text(re.compile(r"\d"))
    before = joins.inner_text()
    (ana,) = enter(browser, platform.url, "ana@andes.demo")
    ana("quotations").get_by_role("link").first.click()
    expect(joins).not_to_have_text(before)
    expect(admin("ops-totals").get_by_test_id("ops.commands").locator("dd")).to_have_text(re.compile(r"[\d.]+"))
    expect(admin("ops-lagging")).to_be_visible()
    expect(process.locator("svg.recharts-surface").first).to_be_visible()
    ana.page.context.close()
    assert not admin.errors
    admin.page.context.close()


@pytest.mark.parametrize("email", ["ana@andes.demo", "plaza@hotel.demo", "client@andes.demo"])
def test_it_is_for_operators_only(browser: Browser, platform: Platform, email: str) -> None:
    """[P3] Neither the page nor what it shows."""
    (window,) = enter(browser, platform.url, email)
    assert window.page.get_by_role("link", name="Operations").count() == 0
    window.go("/ops")
    expect(window.page.locator("main h2")).to_have_text("Not for this account")
    with pytest.raises(HTTPError, match="403"):
        Rest(platform.url, email).get("/ops")
    window.page.context.close()
