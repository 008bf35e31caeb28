"""Runs in which things break: whatever the plan of a seed does, everything holds in the end."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.chaos.plan import make
from tests.chaos.run import play
from tests.chaos.stage import Servers

SEEDS = (1, 2, 3)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`CHAOS_SEED=7 pytest tests/chaos/test_seeds.py` plays one seed instead of the usual ones."""
    if "chaos_seed" in metafunc.fixturenames:
        one = os.environ.get("CHAOS_SEED")
        metafunc.parametrize("chaos_seed", [int(one)] if one else SEEDS)


def test_everything_holds_in_the_end(chaos_seed: int, stand: tuple[str, Servers], tmp_path: Path) -> None:
    """[D1] [D2] [D3] [D4] [D5] [D6] [D8] [P1] [P2] [P4] After kills, freezes, cuts and outages."""
    broker, over = stand
    asyncio.run(play(make(chaos_seed, broker), over, tmp_path))
