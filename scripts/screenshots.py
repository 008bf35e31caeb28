"""Takes the pictures of the README: each of the four views, as the demo data shows it.

Run by `make screenshots`; writes docs/screenshots/*.png.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.support.platform import embedded

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


@dataclass(frozen=True)
class View:
    """A picture: whose, where, and which quotation to open (the first in one of these states, the best first)."""

    name: str
    email: str
    path: str
    states: tuple[str, ...]
    size: ViewportSize = DESK


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
    scale = 2 if view.size is PHONE else 1
    with browser.new_context(
        base_url=url, viewport=view.size, device_scale_factor=scale, locale="en-US", reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_test_id(f"demo-{view.email}").click()
        page.wait_for_url(lambda address: "/login" not in address)
        page.goto(f"{view.path}/{_quotation(page, view)}")
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
