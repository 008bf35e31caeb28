"""The echo server with the pings that a case needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.wire.engine.echo import Echo, serving


def _lasting(folder: Path, interval: float, timeout: float) -> Iterator[Echo]:
    """A server that no case may bring down."""
    with serving(folder, interval, timeout) as (echo, server):
        yield echo
        assert server.poll() is None, f"the server ended with {server.returncode}"


@pytest.fixture(scope="session")
def short_pings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echo]:
    """As the official suites want it: whoever leaves a ping unanswered is soon gone."""
    yield from _lasting(tmp_path_factory.mktemp("short"), 0.3, 0.2)


@pytest.fixture(scope="session")
def long_pings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echo]:
    """Nothing ends by a timeout, so what is refused is refused for what it is."""
    yield from _lasting(tmp_path_factory.mktemp("long"), 25.0, 20.0)


@pytest.fixture(scope="session")
def kept_pings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echo]:
    """For whoever is to stay by answering: a second is enough on a busy machine, and seven pings outlast it."""
    yield from _lasting(tmp_path_factory.mktemp("kept"), 0.2, 1.0)


@pytest.fixture(scope="session")
def frequent_pings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Echo]:
    """Many pings, and time to answer them: for real clients on a busy machine."""
    yield from _lasting(tmp_path_factory.mktemp("frequent"), 0.3, 20.0)


@pytest.fixture(params=["short", "long"])
def echo(request: pytest.FixtureRequest) -> Echo:
    """The server with short pings, then with long ones."""
    server: Echo = request.getfixturevalue(f"{request.param}_pings")
    return server


@pytest.fixture(params=["/engine.io/", "/socket.io/"])
def path(request: pytest.FixtureRequest) -> str:
    """Where Engine.IO is spoken: bare, and below Socket.IO."""
    where: str = request.param
    return where
