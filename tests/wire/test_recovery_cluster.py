"""Connection state recovery where the broker is a Redis Cluster: a session's keys are in slots of several masters."""

from collections.abc import Iterator

import pytest

from tests.support.server import ROOMY, running
from tests.wire.test_recovery_nodes import QUICK, Nodes, comes_back_after_a_kill


@pytest.fixture
def nodes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    folder = tmp_path_factory.mktemp("nodes")
    with running("postgres+redis cluster", folder, request, **ROOMY, **QUICK) as server:
        made = Nodes(server, folder)
        with made.kept:
            yield made


async def test_a_node_that_is_killed_takes_nothing_with_it(nodes: Nodes) -> None:
    """[D2] [D9] His session is at another node, as it was."""
    await comes_back_after_a_kill(nodes, 3)
