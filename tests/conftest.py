"""What all tests share: real servers, and how the tests are spread over workers."""

from typing import Any

import pytest
from hypothesis import settings

from tests.support.scheduling import ByFolder

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.redis",
    "tests.fixtures.cluster",
    "tests.fixtures.databases",
    "tests.support.server",
]

# How long an example takes says more about the machine's other work than about the code.
settings.register_profile("spirit", deadline=None, print_blob=True)
settings.load_profile("spirit")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """Spreads the tests with `pytest -n` as `tests.support.scheduling` says."""
    return ByFolder(config, log)
