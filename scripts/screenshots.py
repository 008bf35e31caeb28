"""Takes the pictures of the README: each of the four views, as the demo data shows it.

Run by `make screenshots`; writes docs/screenshots/*.png.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.support.platform import embedded

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
PATIENCE = 30_000
"""Milliseconds that a page has to show itself."""
DESK, PHONE = (1440, 900), (390, 844)


@dataclass(frozen=True)
class View:
    """A picture: whose, where, and which quotation to open (the first in one of these states, the best first)."""

    name: str
    email: str
    path: str
    states: tuple[str, ...]
    size: tuple[int, int] = DESK


VIEWS = (
    View("agent", "ana@andes.demo", "/quotations", ("published", "reviewing")),
    View("hotel", "plaza@hotel.demo", "/invitations", ("open",)),
    View("client", "client@andes.demo", "/trips", ("confirmed", "deposit_paid", "accepted", "awarded"), PHONE),
    View("admin", "admin@spirit.demo", "/quotations", ("reviewing", "published")),
)


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        embedded(Path(data), demo=True) as platform,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for view in VIEWS:
            _picture(browser, platform.url, view)
        browser.close()


def _picture(browser: Browser, url: str, view: View) -> None:
    width, height = view.size
    scale = 2 if view.size == PHONE else 1
    with browser.new_context(
        base_url=url,
        viewport=ViewportSize(width=width, height=height),
        device_scale_factor=scale,
        locale="en-US",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_test_id(f"demo-{view.email}").click()
        page.wait_for_url(lambda address: "/login" not in address)
        page.goto(f"{view.path}/{_quotation(page, view)}")
        expect(page.get_by_test_id("connection")).to_have_attribute("data-state", "live", timeout=PATIENCE)
        expect(page.locator("[role=status][aria-label]"), "nothing is loading").to_have_count(0, timeout=PATIENCE)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=TARGET / f"{view.name}.png")


def _quotation(page: Page, view: View) -> str:
    """The id of the quotation to show. Raises LookupError if the demo data has none in a wanted state."""
    login = page.request.post("/api/v1/auth/login", data={"email": view.email, "password": "demo"}).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    items: list[dict[str, Any]] = page.request.get("/api/v1/quotations", headers=headers).json()["items"]
    for state in view.states:
        for item in items:
            if state in (item.get("state"), item.get("invitation")):
                return str(item["id"])
    raise LookupError(f"{view.email} has no quotation in {view.states}")


if __name__ == "__main__":
    main()
