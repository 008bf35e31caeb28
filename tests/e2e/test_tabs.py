"""Tabs of one browser: a duplicated one has the same login, any other may have somebody else's."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.windows import Window, enter
from tests.support.platform import Platform


@pytest.fixture
def ana(browser: Browser, platform: Platform) -> Iterator[Window]:
    (window,) = enter(browser, platform.url, "ana@andes.demo")
    yield window
    window.page.context.close()


def _duplicated(page: Page) -> Window:
    """A tab that starts with a copy of this one's storage, as the browser's own command makes it."""
    with page.expect_popup() as opened:
        page.evaluate("() => void window.open(location.href)")
    window = Window(opened.value)
    window.live()
    return window


def test_a_duplicated_tab_shares_the_login(ana: Window) -> None:
    """[S1] Both get new tokens at once, over and over, and neither is taken for a thief."""
    both = (ana, _duplicated(ana.page))
    for _ in range(3):
        for window in both:
            window.page.reload(wait_until="commit")
        for window in both:
            window.live()


def test_another_tab_is_another_login(ana: Window) -> None:
    """Bruno's beside Ana's; each is who they are after a reload, and Bruno's end is not Ana's."""
    bruno = Window(ana.page.context.new_page())
    bruno.page.goto("/")
    bruno("demo-bruno@andes.demo").click()
    bruno.live()
    for window, name in ((ana, "Ana Quispe"), (bruno, "Bruno Salas")):
        window.page.reload()
        window.live()
        window("account").click()
        expect(window.page.get_by_text(name).first).to_be_visible()
        window.page.keyboard.press("Escape")
    _log_out(bruno)
    ana.page.reload()
    ana.live()


def test_logging_out_ends_the_login_in_both_tabs(ana: Window) -> None:
    """The server is told, so that a copied token is worth nothing."""
    other = _duplicated(ana.page)
    with other.page.expect_response("**/api/v1/auth/logout") as told:
        _log_out(other)
    assert told.value.ok
    expect(ana("demo-accounts")).to_be_visible()


def _log_out(window: Window) -> None:
    window("account").click()
    window("logout").click()
    expect(window("demo-accounts")).to_be_visible()
