"""Browser windows of people, and all that each of them was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Response, WebSocket, expect

PATIENCE = 20_000
"""How long a condition may take to come true on a busy machine, in milliseconds."""
NOBODYS = ("/api/v1/demo",)
"""What is served alike to everybody, before anybody has logged in."""

expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """One person's window, separate from all others like another computer's."""

    page: Page
    frames: list[str] = field(default_factory=list)
    """What came over the socket."""
    responses: list[Response] = field(default_factory=list)
    """What REST answered."""
    errors: list[str] = field(default_factory=list)
    """What the browser complained of: errors of scripts, of the console, of the security policy."""
    hosts: set[str] = field(default_factory=set)
    """Whom the window asked for anything, as `host:port`."""

    def __call__(self, testid: str) -> Locator:
        return self.page.get_by_test_id(testid)

    def go(self, path: str) -> None:
        """Follows a link within the app."""
        self.page.evaluate("path => history.pushState(null, '', path)", path)

    def received(self) -> str:
        """Everything that the server told this window, and what stands on its page."""
        return "\n".join([*self.frames, *map(_told, self.responses), self.page.content()])

    def live(self) -> None:
        expect(self("connection")).to_have_attribute("data-state", "live")


def _told(answer: Response) -> str:
    """What an answer says. Of a document and its picture the browser keeps nothing; other tests read them."""
    binary = answer.headers.get("content-type", "").startswith(("image/", "application/pdf"))
    return "" if binary else answer.text()


@contextmanager
def launch(driver: Playwright) -> Iterator[Browser]:
    """Debian's Chromium without a screen; it asks nobody for anything by itself."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
    try:
        yield browser
    finally:
        browser.close()


def enter(browser: Browser, url: str, *emails: str, **settings: object) -> tuple[Window, ...]:
    """A window for each of these demo accounts, logged in and connected. They start side by side."""
    windows = tuple(open_window(browser, url, **settings) for _ in emails)
    for window in windows:
        window.page.goto("/", wait_until="commit")
    for window, email in zip(windows, emails, strict=True):
        window(f"demo-{email}").click()
    for window in windows:
        window.live()
    return windows


def open_window(browser: Browser, url: str, **settings: object) -> Window:
    """An empty window on the platform at `url`; `settings` are those of a Playwright context."""
    given = {"base_url": url, "locale": "en-US", "viewport": {"width": 1440, "height": 900}, **settings}
    context: BrowserContext = browser.new_context(**given)  # type: ignore[arg-type]  # any of its settings
    context.set_default_timeout(PATIENCE)
    window = Window(context.new_page())
    _watch(window)
    return window


def _watch(window: Window) -> None:
    def on_response(response: Response) -> None:
        path = urlsplit(response.url).path
        if path.startswith("/api/") and path not in NOBODYS:
            window.responses.append(response)

    def on_socket(socket: WebSocket) -> None:
        window.hosts.add(urlsplit(socket.url).netloc)
        socket.on("framereceived", lambda payload: window.frames.append(_text(payload)))

    page = window.page
    page.on("response", on_response)
    page.on("websocket", on_socket)
    page.on("request", lambda request: window.hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: window.errors.append(str(error)))
    page.on("console", lambda told: window.errors.append(told.text) if told.type == "error" else None)


def _text(payload: str | bytes) -> str:
    return payload if isinstance(payload, str) else payload.decode(errors="replace")
