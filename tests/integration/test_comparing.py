"""A node finds what it did not hear by what is in the table, on both databases. [D2.5] [P6]"""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from backend.adapters.db import tables
from backend.adapters.db.store import Store
from backend.services.ports import Database
from backend.services.records import Change, Target
from realtime import comparing
from realtime.comparing import LATE, SWEEP_SECONDS, Comparison
from rooms.positions import Cursor
from tests.support.commits import always, sending

MANY = [f"channel-{number}" for number in range(120)]
INTERVAL = SWEEP_SECONDS / 12


class Clock:
    """Seconds that the test counts."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class Node:
    """Compares `channels` every few of its own seconds, and counts whose positions are read one by one."""

    def __init__(self, database: Database, channels: Collection[str]) -> None:
        self.channels = channels
        self.clock = Clock()
        self.comparison = Comparison(database, self.clock)

    async def compare(self, after: float = INTERVAL) -> dict[str, Cursor]:
        self.clock.now += after
        return await self.comparison.places(self.channels)


async def written_long_ago(database: Database, channel: str, ago: timedelta) -> None:
    """A commit that took so long to become visible: it bears the time of its beginning."""
    assert isinstance(database, Store)
    at = (await database.position([channel]))[channel]
    await database.commit(Target(), sending(channel))
    await database.write(tables.frames.delete().where(tables.frames.c.channel == channel))
    row = {"channel": channel, "epoch": at.epoch, "seq": at.seq + 1, "gen": at.gen, "name": "late", "body": "{}"}
    await database.write(insert(tables.frames), [row | {"at": datetime.now(UTC) - ago}])


@pytest.fixture
async def node(database: Database) -> Node:
    """Has compared all of its channels once."""
    made = Node(database, MANY)
    assert await made.compare() == dict.fromkeys(MANY, Cursor(1, 0))
    return made


async def test_what_was_written_since_is_found_and_little_else_is_read(database: Database, node: Node) -> None:
    await database.commit(Target(), sending("channel-7", "channel-7", "elsewhere"))
    found = await node.compare()
    assert found["channel-7"] == Cursor(1, 2)
    assert len(found.keys() & set(MANY)) <= len(MANY) / 12 + 1


async def test_a_reset_is_found(database: Database, node: Node) -> None:
    """[P6] Though it changes nothing but the channel's row."""
    await database.commit(Target(), always(Change(answer=b"", resets=("channel-7",))))
    assert (await node.compare())["channel-7"] == Cursor(2, 0)


async def test_what_becomes_visible_late_is_found(database: Database, node: Node) -> None:
    """It was written before the last comparison, which could not see it."""
    await written_long_ago(database, "channel-7", LATE - timedelta(seconds=5))
    assert (await node.compare())["channel-7"] == Cursor(1, 1)


async def test_what_becomes_visible_very_late_is_found_within_a_round(database: Database, node: Node) -> None:
    await written_long_ago(database, "channel-7", timedelta(hours=1))
    places = [await node.compare() for _ in range(12)]
    assert set().union(*places) == set(MANY)
    assert Cursor(1, 1) in [found.get("channel-7") for found in places]


async def test_a_channel_that_comes_during_a_round_has_its_turn_in_the_next(database: Database, node: Node) -> None:
    await node.compare()
    node.channels = [*MANY[60:], "new"]
    await written_long_ago(database, "new", timedelta(hours=1))
    places = [await node.compare() for _ in range(24)]
    assert Cursor(1, 1) in [found.get("new") for found in places]
    assert "channel-7" not in set().union(*places[1:])


async def test_where_much_was_written_every_position_is_read(
    database: Database, node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "RECENT", 10)
    await database.commit(Target(), sending(*("elsewhere",) * 10, "channel-7"))
    found = await node.compare()
    assert found.keys() == set(MANY)
    assert found["channel-7"] == Cursor(1, 1)


async def test_after_a_long_silence_every_position_is_read(database: Database, node: Node) -> None:
    """The database was away, or the node was suspended."""
    await written_long_ago(database, "channel-7", timedelta(hours=1))
    found = await node.compare(after=SWEEP_SECONDS)
    assert found.keys() == set(MANY)
    assert found["channel-7"] == Cursor(1, 1)
