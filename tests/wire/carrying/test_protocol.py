"""[D9.3] The protocol's own cases behind a balancer that sends each request of a session to another node."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.fixtures.redis import RedisServer
from tests.support.balancer import balanced
from tests.wire.carrying.conftest import INTERVAL, TIMEOUT, Nodes, running
from tests.wire.engine import test_messages, test_polling, test_upgrade
from tests.wire.engine.echo import Echo

LEFT_OUT = {"test_a_post_has_a_bound"}
"""The balancer ends the connection before all of the body was sent; `test_requests` has the case."""

globals().update(
    (name, case)
    for module in (test_messages, test_polling, test_upgrade)
    for name, case in vars(module).items()
    if name.startswith("test_") and name not in LEFT_OUT
)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Nodes without a ping for as long as a case takes."""
    redis = RedisServer()
    redis.start()
    with running(redis, tmp_path_factory.mktemp("calm"), 2, "--ping-interval", "25") as nodes:
        yield nodes
    redis.stop()


@pytest.fixture
async def long_pings(calm: Nodes) -> AsyncIterator[Echo]:
    async with balanced(calm.ports) as port:
        yield Echo(port, 25.0, TIMEOUT)


@pytest.fixture
async def echo(nodes: Nodes) -> AsyncIterator[Echo]:
    async with balanced(nodes.ports) as port:
        yield Echo(port, INTERVAL, TIMEOUT)


short_pings = kept_pings = echo


@pytest.fixture(params=["/engine.io/", "/socket.io/"])
def path(request: pytest.FixtureRequest) -> str:
    where: str = request.param
    return where
