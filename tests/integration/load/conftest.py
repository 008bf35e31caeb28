"""One deployment for all tests of the load drivers."""

from collections.abc import Iterator

import pytest

from loadtests.stand import Stand, stand


@pytest.fixture(scope="session")
def own() -> Iterator[Stand]:
    with stand(2, {"SPIRIT_PING_INTERVAL": "5"}) as running:
        yield running
