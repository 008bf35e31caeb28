"""What all tests share: real servers, and which tests must not run beside each other."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures.postgres"]

_HERE = Path(__file__).parent
# These start whole platforms, browsers or clusters: one at a time, and first, as they take longest.
_HEAVY = ("e2e", "chaos")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts every heavy folder into a group of its own, which xdist keeps on one worker."""
    for item in items:
        folder = item.path.relative_to(_HERE).parts[0]
        if folder in _HEAVY:
            item.add_marker(pytest.mark.xdist_group(folder))
