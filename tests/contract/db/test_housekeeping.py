"""What is past retention goes, and nothing that still waits for the relay."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from backend.adapters.db import DatabaseSettings, open_database
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.migrate import migrate
from backend.adapters.db.partitions import DAYS_AHEAD
from backend.adapters.db.postgres import PostgresDatabase
from backend.services.records import Change, Target
from tests.support.commits import always, key, mark_of, sending
from tests.support.wait import until

DAY = timedelta(days=1)


async def marks(database: SqlDatabase, channel: str) -> list[int | str]:
    at = (await database.position([channel]))[channel]
    return [mark_of(found.body) for found in await database.frames(channel, at.epoch, 0, 99)]


async def relayed(database: SqlDatabase) -> None:
    await database.forget([row.id for row in await database.outbox(99)])


async def test_old_frames_go_once_they_are_relayed(database: SqlDatabase) -> None:
    """[D2] Positions stay, so what comes after them is numbered on."""
    later = datetime.now(UTC) + 9 * DAY
    await database.commit(Target(), sending("a", mark="old"))
    await database.purge(later)
    assert await marks(database, "a") == ["old"]
    await relayed(database)
    await database.purge(later - 3 * DAY)
    assert await marks(database, "a") == ["old"]
    await database.purge(later)
    assert await marks(database, "a") == []
    await database.commit(Target(), sending("a", mark="new"))
    assert (await database.position(["a"]))["a"].seq == 2


async def test_purging_while_commands_run_disturbs_nobody(database: SqlDatabase) -> None:
    later = datetime.now(UTC) + 9 * DAY
    commits = (database.commit(Target(), sending("a", "b", mark=mark)) for mark in range(20))
    await asyncio.gather(*commits, database.purge(later), database.purge(later))
    assert sorted(map(int, await marks(database, "a"))) == list(range(20))


async def test_the_house_is_kept_without_being_asked(database_url: str, database: SqlDatabase) -> None:
    settings = DatabaseSettings(keys_kept=timedelta(0), housekeeping_every=timedelta(milliseconds=10))
    keeper = open_database(database_url, settings)
    await keeper.start()
    assert await database.commit(Target(key=key()), always(Change(answer=b"first"))) == b"first"

    async def forgotten() -> bool:
        return await database.commit(Target(key=key()), always(Change(answer=b"second"))) == b"second"

    await until(forgotten, what="the key is purged")
    await keeper.close()


@pytest.fixture
async def postgres(postgres_database: str) -> AsyncIterator[PostgresDatabase]:
    await migrate(postgres_database)
    database = open_database(postgres_database)
    assert isinstance(database, PostgresDatabase)
    await database.start()
    yield database
    await database.close()


async def partitions(database: PostgresDatabase) -> list[str]:
    """Those of the frames, by name, which is by day."""
    listed = await database.rows(
        text("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'frames'::regclass")
    )
    return sorted(row[0] for row in listed)


async def test_partitions_are_made_ahead_and_dropped_whole(postgres: PostgresDatabase) -> None:
    """A row falls into its day's, found again there, and goes with it."""
    today = datetime.now(UTC).date()
    names = [f"frames_{today + number * DAY:%Y%m%d}" for number in range(DAYS_AHEAD + 1)]
    assert await partitions(postgres) == [*names, "frames_default"]
    await postgres.commit(Target(), sending("a"))
    homes = await postgres.rows(text("SELECT DISTINCT tableoid::regclass::text FROM frames"))
    assert {row[0] for row in homes} <= set(names[:2])
    await relayed(postgres)
    await postgres.purge(datetime.now(UTC) + 9 * DAY)
    left = await partitions(postgres)
    assert names[0] not in left
    assert f"frames_{today + 9 * DAY + DAYS_AHEAD * DAY:%Y%m%d}" in left


async def test_a_day_without_a_partition_loses_no_frame(postgres: PostgresDatabase) -> None:
    """Its frames fall into the default one, even if that keeps their own from being made, and go from there."""
    for name in await partitions(postgres):
        if name != "frames_default":
            await postgres.write(text(f"DROP TABLE {name}"))
    await postgres.commit(Target(), sending("a", mark="kept"))
    await postgres.purge(datetime.now(UTC))
    assert await marks(postgres, "a") == ["kept"]
    assert len(await postgres.outbox_frames(await postgres.outbox(9))) == 1
    await relayed(postgres)
    await postgres.purge(datetime.now(UTC) + 9 * DAY)
    assert await marks(postgres, "a") == []
