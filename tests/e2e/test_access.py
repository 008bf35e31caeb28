"""Everybody can use it: by keyboard, with a screen reader, in the dark, in three languages, on a phone."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.e2e.rest import Rest
from tests.e2e.windows import Window, enter, open_window
from tests.support.platform import ROOT, Platform

AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=360, height=740)
PAGES: Mapping[str, tuple[str, ...]] = {
    "ana@andes.demo": (
        "/quotations",
        "/quotations/{reviewing}",
        "/quotations/{new}",
        "/quotations/{confirmed}",
        "/dashboard",
    ),
    "plaza@hotel.demo": ("/invitations", "/invitations/{open}", "/invitations/{selected}", "/allotment"),
    "client@andes.demo": ("/trips", "/trips/{awarded}", "/trips/{confirmed}"),
    "admin@spirit.demo": (
        "/quotations",
        "/quotations/{reviewing}",
        "/announcements",
        "/people",
        "/catalogue",
        "/ops",
        "/audit",
    ),
}
"""The main pages of each role; in braces the state of the quotation that is opened, `new` where it has a title only."""


@dataclass(frozen=True)
class Visitor:
    """Somebody's window, and the paths that they go to."""

    window: Window
    paths: tuple[str, ...]

    def pages(self) -> Iterator[Page]:
        """The window's page on each of the paths, when all of it is there."""
        page = self.window.page
        for path in self.paths:
            self.window.go(path)
            expect(page).to_have_url(re.compile(f"{re.escape(path)}$"))
            expect(page.locator("main")).to_have_text(re.compile(r"\S"))
            expect(page.locator("main [role=status][aria-label]")).to_have_count(0)
            yield page


@pytest.fixture(scope="module", params=["nobody", *PAGES])
def visitor(request: pytest.FixtureRequest, browser: Browser, platform: Platform) -> Iterator[Visitor]:
    """Each role in turn, and somebody who has not logged in. None of their windows may have complained at the end."""
    email = request.param
    if email == "nobody":
        window = open_window(browser, platform.url)
        window.page.goto("/login")
        expect(window("demo-accounts")).to_be_visible()
        paths: tuple[str, ...] = ("/login",)
    else:
        (window,) = enter(browser, platform.url, email)
        paths = tuple(_path(platform.url, email, path) for path in PAGES[email])
    yield Visitor(window, paths)
    assert not window.errors, "the console is silent: nothing failed, and nothing was against the security policy"
    assert window.hosts == {urlsplit(platform.url).netloc}, "no request to another host"
    window.page.context.close()


def _path(url: str, email: str, path: str) -> str:
    wanted = re.search(r"{(\w+)}", path)
    if not wanted:
        return path
    if wanted[1] == "new":
        return path.replace(wanted[0], Rest(url, email).post("/quotations", {"title": "New"})["quotation"]["id"])
    for row in Rest(url, email).get("/quotations?limit=100")["items"]:
        if wanted[1] in (row.get("state"), row.get("invitation")):
            return path.replace(wanted[0], row["id"])
    raise LookupError(f"the demo has no quotation for {email} that is {wanted[1]}")


def test_a_screen_reader_can_read_it(visitor: Visitor) -> None:
    """No serious violation that axe can find (WCAG 2 AA among them), in the light and in the dark."""
    found = {}
    visitor.window.page.evaluate(AXE.read_text())
    for page in visitor.pages():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
            page.evaluate(_AT_REST)
            found |= {f"{_place(page)} {scheme}": problems} if (problems := _violations(page)) else {}
    assert not found


# When what fades has faded, and been painted.
_AT_REST = """async () => {
  await Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => null)));
  await new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(painted)));
}"""


def _violations(page: Page) -> list[str]:
    result: dict[str, Any] = page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {[node['html'][:160] for node in violation['nodes'][:4]]}"
        for violation in result["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def _place(page: Page) -> str:
    return urlsplit(page.url).path


# A message's key, which shows where it has no words, or a value's place that nothing filled: `term.title`, `{{count}}`.
# The protocol's own names look like keys, and stand in <code>.
_UNTOLD = re.compile(r"^[a-z_]+(\.[a-z_]+)+$|\{\{")
_WORDS = """() => [...document.querySelectorAll('body :not(code)')].flatMap(element => [
  element.getAttribute('aria-label'), element.getAttribute('placeholder'), element.getAttribute('title'),
  ...[...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.textContent),
].filter(text => text && text.trim()))"""


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_it_speaks_three_languages(visitor: Visitor, language: str) -> None:
    page = visitor.window.page
    page.evaluate("language => localStorage.setItem('spirit.language', language)", language)
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", language)
    untold = {word for page in visitor.pages() for word in page.evaluate(_WORDS) if _UNTOLD.search(word.strip())}
    assert not untold


def test_it_fits_on_a_phone(visitor: Visitor) -> None:
    """Without scrolling sideways."""
    visitor.window.page.set_viewport_size(PHONE)
    for page in visitor.pages():
        expect(page.locator("html")).to_have_js_property("scrollWidth", PHONE["width"])
    visitor.window.page.set_viewport_size(DESK)


def test_an_agent_needs_no_mouse(browser: Browser, platform: Platform) -> None:
    """From the login to the dialog that publishes; where one is shows all the way."""
    rest = Rest(platform.url, "bruno@andes.demo")
    check_in = datetime.now(UTC).date() + timedelta(days=60)
    stay = {"check_in": check_in.isoformat(), "check_out": (check_in + timedelta(days=2)).isoformat()}
    asked = {"title": "Keyboard tour", "destination": "Lima", "adults": 12, "rooms": {"twin": 6}, **stay}
    made = rest.post("/quotations", asked)["quotation"]
    window = open_window(browser, platform.url)
    keyboard = window.page.keyboard
    window.page.goto("/")
    _tab_to(window, window("login-email"))
    keyboard.type("ana@andes.demo")
    _tab_to(window, window("login-password"))
    keyboard.type("demo")
    keyboard.press("Enter")
    window.live()
    expect(window("quotations")).to_be_visible()
    keyboard.press("/")
    keyboard.type("Keyboard tour")
    _tab_to(window, window.page.locator(f"[data-id='{made['id']}']").get_by_role("link"))
    keyboard.press("Enter")
    _tab_to(window, window("field-destination"))
    keyboard.press("Control+A")
    keyboard.type("Lima and Paracas")
    keyboard.press("Enter")
    expect(window("activity")).to_contain_text("Destination")
    assert rest.get(f"/quotations/{made['id']}")["destination"] == "Lima and Paracas"
    _tab_to(window, window("publish"), key="Shift+Tab")
    keyboard.press("Enter")
    _tab_to(window, window("hotel-plaza"))
    window.page.evaluate(AXE.read_text())
    assert not _violations(window.page), "the dialog, too, can be read"
    keyboard.press("Space")
    expect(window("hotel-plaza")).to_be_checked()
    _tab_to(window, window("confirm"))
    keyboard.press("Enter")
    expect(window("quotation").get_by_test_id("state")).to_have_attribute("data-state", "published")
    window.page.context.close()


def _tab_to(window: Window, goal: Locator, *, key: str = "Tab", most: int = 80) -> None:
    expect(goal).to_be_visible()
    for _ in range(most):
        if goal.evaluate("element => element === document.activeElement"):
            assert goal.evaluate("element => element.matches(':focus-visible')")
            return
        window.page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {goal}")
