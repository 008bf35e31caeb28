"""The failover bench itself, on a small scale: what it counts as lost, doubled and silent. How long is not asserted."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.bench.failover.__main__ import ON_A_CLUSTER, measured, table
from tests.bench.failover.crowd import Room
from tests.bench.failover.stand import standing
from tests.bench.failover.trial import Load, longest_gap
from tests.bench.page import DOCS, PAGE, put
from tests.fixtures.redis import RedisServer

SMALL = Load(watchers=4, authors=2, rate=10.0, steady=0.5, seconds=2.0)


def frame(number: int) -> dict[str, Any]:
    return {"seq": number, "data": {"change": {"notes": str(number)}}}


def test_what_is_missing_and_what_comes_twice_is_counted() -> None:
    """[D1]"""
    room = Room("e", 0)
    for number in (1, 2, 2, 5, 4):
        room.take(frame(number))
    assert (room.lost, room.twice, room.seq) == (2, 2, 4)
    assert len(room.arrived) == 5
    room.reset("f", 9, {"notes": "9"})
    assert (len(room.arrived), room.resets, room.lost) == (9, 1, 2)


def test_a_silence_that_ended_before_the_disaster_is_none_of_its() -> None:
    assert longest_gap([0.0, 5.0, 6.0, 8.0, 8.5], struck=7.0) == pytest.approx(2.0)
    assert longest_gap([0.0, 5.0], struck=7.0) == 0.0


@pytest.mark.timeout(300)  # it starts the product
def test_nothing_is_lost_or_doubled_and_all_is_on_the_page(tmp_path: Path) -> None:
    """[D1] [D2] A relay and a node; the page has a row for each."""
    disasters = {name: ON_A_CLUSTER[name] for name in ON_A_CLUSTER if name.startswith("one of")}
    with standing(RedisServer()) as stand:
        found = asyncio.run(measured(stand, SMALL, disasters, 1))
    for name, [figures] in found.items():
        assert (figures.lost, figures.twice) == (0, 0), name
        assert figures.delays, name
    page = Path(shutil.copy(DOCS / PAGE, tmp_path))
    put("failover", table(found), page)
    assert all(f"| {name} |" in page.read_text() for name in disasters)
