"""Somebody's rights change while their window is open: it follows at once, without a reload. [P6]"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import Window, enter
from tests.support.platform import Platform

BRUNO = "/people/bruno-andes-demo"
AS_BEFORE = {"role": "agent", "company_id": "andes"}


@pytest.fixture
def admin(platform: Platform) -> Iterator[Rest]:
    rest = Rest(platform.url, "admin@spirit.demo")
    yield rest
    rest.patch(BRUNO, AS_BEFORE)


@pytest.fixture
def bruno(browser: Browser, platform: Platform) -> Iterator[Window]:
    (window,) = enter(browser, platform.url, "bruno@andes.demo")
    yield window
    window.page.context.close()


def test_who_has_another_role_has_its_pages(bruno: Window, admin: Rest) -> None:
    """The quotation that was open is gone, and so is the way to it; with the role it comes back."""
    first = bruno("quotations").get_by_role("link").first
    title = first.inner_text().splitlines()[0]
    first.click()
    expect(bruno.page).to_have_url(re.compile("/quotations/"))
    admin.patch(BRUNO, {"role": "guide"})
    expect(bruno.page).to_have_url(re.compile("/trips$"))
    expect(bruno.page.get_by_role("link", name="Quotations")).to_have_count(0)
    bruno.live()
    assert title not in bruno.page.content()
    bruno.go("/quotations")
    expect(bruno.page.locator("main h2")).to_have_text("Not for this account")
    admin.patch(BRUNO, AS_BEFORE)
    expect(bruno("quotations").get_by_role("link").first).to_be_visible()
    bruno.live()


def test_who_goes_to_another_agency_has_its_quotations(bruno: Window, admin: Rest) -> None:
    """The page is the same, and nothing of the old agency stands on it."""
    first = bruno("quotations").get_by_role("link").first
    title = first.inner_text().splitlines()[0]
    admin.patch(BRUNO, {"company_id": "rio"})
    expect(bruno.page.get_by_text(title)).to_have_count(0)
    expect(bruno.page).to_have_url(re.compile("/quotations$"))
    bruno.live()
