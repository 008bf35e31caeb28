"""[D10] All nodes are replaced one after the other while everybody works: nothing is lost, and nobody is surprised."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.deploy import deploy
from tests.chaos.stage import Servers


@pytest.mark.parametrize("stand", ["cluster"], indirect=True)
def test_a_deploy_under_load_loses_nothing(
    stand: tuple[str, Servers], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """[D10] [D2] Whoever is sent away was told before, comes back elsewhere, and no command is without its answer.

    How long they waited is in the test's record.
    """
    broker, over = stand
    deployed = asyncio.run(deploy(broker, over, tmp_path))
    record_property("waited", deployed.told())
    print(f"{broker}: {deployed.told()}")
    assert not deployed.wrong, "\n".join(deployed.wrong)
    assert deployed.accepted > deployed.nodes
    assert len(deployed.away) > deployed.nodes
