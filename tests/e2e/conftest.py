"""A platform for all tests with a browser, and a browser for each file of them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.windows import launch
from tests.support.platform import Platform, embedded


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with the file: Playwright's own loop would be in the way of other files' loops."""
    with sync_playwright() as driver, launch(driver) as browser:
        yield browser


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with embedded(tmp_path_factory.mktemp("platform"), demo=True, login_per_address=1000) as platform:
        yield platform
