"""What a change comes to before any database sees it."""

import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from backend.adapters.db import open_database
from backend.adapters.db.outbox import by_channel
from backend.adapters.db.sqlite import sqlite_engine
from backend.adapters.db.sqlite_writer import Writer, driver_of
from backend.adapters.db.writes import channel_uses, distances
from backend.services.records import Change, OutboxChannel, OutboxRow
from rooms.positions import Frame
from tests.support.commits import frame

names = st.lists(st.sampled_from("abcd"))


@given(names)
def test_channels_are_taken_in_sorted_order(channels: list[str]) -> None:
    """Whoever locks several locks them in one order."""
    uses = channel_uses(Change(answer=b"", frames=tuple(map(frame, channels)), resets=("x", "_")))
    assert [use.name for use in uses] == sorted({*channels, "x", "_"})
    assert {use.name: use.taken for use in uses} == {name: channels.count(name) for name in {*channels, "x", "_"}}
    assert len({use.epoch for use in uses}) == len(uses)


@given(names)
def test_distances_count_what_follows_in_the_channel(channels: list[str]) -> None:
    counted = distances([frame(channel) for channel in channels])
    assert counted == [channels[number + 1 :].count(channel) for number, channel in enumerate(channels)]


def test_frames_that_are_gone_are_left_out() -> None:
    """Past retention, or relayed by another."""
    part = OutboxChannel(channel="a", gen=1, epoch="e", first=1, last=3)
    other = OutboxChannel(channel="b", gen=1, epoch="e", first=1, last=1)
    kept = Frame(1, "e", 2, "quotation.edited", b"{}")
    assert by_channel([OutboxRow(id=1, events=(), channels=(part, other))], {("a", "e", 2): kept}) == {"a": (kept,)}


@pytest.mark.parametrize("url", ["mysql://x/y", "oracle://x"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="no such kind of database"):
        open_database(url)


async def test_the_writer_runs_between_start_and_close(tmp_path: Path) -> None:
    writer = Writer(sqlite_engine(make_url(f"sqlite:///{tmp_path}/x.db"), None, 1))
    with pytest.raises(RuntimeError, match="closed"):
        await writer.run(lambda _: None)
    writer.start()
    assert await writer.run(lambda connection: driver_of(connection).in_transaction)
    writer.close()
    writer.close()
    with pytest.raises(RuntimeError, match="closed"):
        await writer.run(lambda _: None)


async def test_a_transaction_that_cannot_be_had_is_told_to_all_in_it(tmp_path: Path) -> None:
    """Another process holds the write lock for longer than anyone waits; the writer lives on."""
    path = tmp_path / "x.db"
    engine = sqlite_engine(make_url(f"sqlite:///{path}"), None, 1)
    writer = Writer(engine)
    writer.start()
    await writer.run(lambda connection: driver_of(connection).execute("CREATE TABLE t (x)"))
    await writer.run(lambda connection: driver_of(connection).execute("PRAGMA busy_timeout = 1"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        await writer.run(lambda _: None)
    other.execute("ROLLBACK")
    assert await writer.run(lambda _: 7) == 7
    other.close()
    writer.close()


async def test_a_file_that_cannot_be_opened_is_told_at_the_start(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/nowhere/x.db")
    with pytest.raises(OperationalError, match="unable to open"):
        await database.start()
