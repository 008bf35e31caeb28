"""Takes the pictures of the README: each of the four views, in the middle of its work, as the demo's data shows it.

Run by `make screenshots`; writes docs/screenshots/*.png.
"""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, expect, sync_playwright

from tests.e2e.rest import Rest
from tests.e2e.windows import Window, enter, launch
from tests.support.platform import embedded

TARGET = Path(__file__).parents[1] / "docs" / "screenshots"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
RATES = {"single": "92.00", "twin": "118.00", "triple": "149.50"}
TERMS = {
    "commission_percent": "10",
    "single_supplement": "38.00",
    "triple_reduction": "9.50",
    "foc_free": "1",
    "foc_per": "15",
    "foc_cap": "2",
    "allotment": "19",
    "attrition_percent": "10",
}


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        embedded(Path(data), demo=True, login_per_address=1000) as platform,
        sync_playwright() as driver,
        launch(driver) as browser,
    ):
        for take in (_agent, _hotel, _client, _client_on_a_phone, _admin):
            take(browser, platform.url)


def _agent(browser: Browser, url: str) -> None:
    """Offers compared side by side, while a colleague is in a field and a hotel is there."""
    path = f"/quotations/{_quotation(url, 'ana@andes.demo', 'reviewing')}"
    bruno, ana = _enter(browser, url, "bruno@andes.demo"), _enter(browser, url, "ana@andes.demo")
    for window in (bruno, ana):
        window.go(path)
    bruno("field-internal_notes").fill("Mirador holds the oxygen bottles ready on the ground floor.")
    bruno("field-internal_notes").press("Control+Enter")
    bruno("field-markup_percent").focus()
    expect(ana("activity")).to_contain_text("Bruno Salas")
    expect(ana.page.locator("[data-focused-by]")).to_be_visible()
    _take(ana, "agent")


def _hotel(browser: Browser, url: str) -> None:
    """An offer being typed."""
    plaza = _enter(browser, url, "plaza@hotel.demo")
    plaza.go(f"/invitations/{_quotation(url, 'plaza@hotel.demo', 'open', 'Cusco y Machu Picchu')}")
    for room, rate in RATES.items():
        plaza(f"rate-{room}").fill(rate)
    for field, value in TERMS.items():
        plaza(f"offer-{field}").fill(value)
    for service in ("breakfast buffet", "airport transfer", "oxygen"):
        plaza("offer-included_services").fill(service)
        plaza("offer-included_services").press("Enter")
    plaza("offer-notes").fill("All rooms on two floors; the dining room is yours from 19:00.")
    _take(plaza, "hotel")


def _client(browser: Browser, url: str) -> None:
    """A proposal to accept."""
    client = _enter(browser, url, "client@andes.demo")
    client.go(f"/trips/{_quotation(url, 'client@andes.demo', 'awarded')}")
    expect(client("proposal")).to_be_visible()
    _take(client, "client")


def _client_on_a_phone(browser: Browser, url: str) -> None:
    """A booking that is confirmed."""
    client = _enter(browser, url, "client@andes.demo", viewport=PHONE, device_scale_factor=2)
    client.go(f"/trips/{_quotation(url, 'client@andes.demo', 'confirmed')}")
    client("booking").scroll_into_view_if_needed()
    _take(client, "client-phone")


def _admin(browser: Browser, url: str) -> None:
    """The whole price chain of a quotation."""
    admin = _enter(browser, url, "admin@spirit.demo")
    admin.go(f"/quotations/{_quotation(url, 'admin@spirit.demo', 'reviewing')}")
    admin("tab-chain").click()
    _take(admin, "admin")


def _enter(browser: Browser, url: str, email: str, **settings: object) -> Window:
    (window,) = enter(browser, url, email, **{"viewport": DESK, "reduced_motion": "reduce", **settings})
    dismiss = window("announcement").get_by_role("button")
    if dismiss.count():
        dismiss.first.click()
    return window


def _take(window: Window, name: str) -> None:
    """The picture, when nothing is loading any more. Whoever was in the window leaves."""
    expect(window.page.locator("main [role=status][aria-label]")).to_have_count(0)
    window.page.wait_for_load_state("networkidle")
    window.page.screenshot(path=TARGET / f"{name}.png")
    window.page.context.close()


def _quotation(url: str, email: str, state: str, title: str = "") -> str:
    """The id of the demo's quotation in this state, as this person sees it. LookupError if there is none."""
    for item in Rest(url, email).get("/quotations?limit=100")["items"]:
        if state in (item.get("state"), item.get("invitation")) and title in item["title"]:
            return str(item["id"])
    raise LookupError(f"{email} has no quotation that is {state}")


if __name__ == "__main__":
    main()
