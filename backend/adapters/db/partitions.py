"""The daily partitions of `frames` on PostgreSQL: made ahead of time, dropped whole when they are past retention."""

from datetime import UTC, date, datetime, time, timedelta

import structlog
from asyncpg import Connection
from asyncpg.exceptions import CheckViolationError, LockNotAvailableError

DAYS_AHEAD = 7
_PREFIX = "frames_"
# Making and dropping stop all commits for a moment: rather try again in an hour than wait in their way.
_PATIENCE = "SET LOCAL lock_timeout = '2s'"
_LOCK = 5_081_948
_CHILDREN = """
    SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = 'frames'::regclass"""
_UNRELAYED = "SELECT min(at) FROM outbox"
_log = structlog.get_logger(__name__)


async def keep_partitions(driver: Connection, now: datetime, kept: timedelta) -> None:
    """Makes the partitions of the coming days and drops those whose frames are all relayed and older than `kept`.

    What has no partition of its own falls into the default one and is deleted from there.
    """
    there = {row[0] for row in await driver.fetch(_CHILDREN)}
    limit = min(now - kept, await driver.fetchval(_UNRELAYED) or now)
    for day in (now.date() + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1)):
        if _name(day) not in there:
            await _change(driver, _create(day))
    for name in sorted(there):
        if (day_kept := _day(name)) and _start(day_kept + timedelta(days=1)) <= limit:
            await _change(driver, f"DROP TABLE IF EXISTS {name}")
    await driver.execute("DELETE FROM frames_default WHERE at < $1", limit)


async def _change(driver: Connection, statement: str) -> None:
    """One process at a time; a partition that cannot be had now is no reason to stop."""
    try:
        async with driver.transaction():
            await driver.execute(_PATIENCE)
            if await driver.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                await driver.execute(statement)
    except (CheckViolationError, LockNotAvailableError) as error:
        _log.warning("left a partition for later", statement=statement, error=str(error))


def _create(day: date) -> str:
    start, end = _start(day), _start(day + timedelta(days=1))
    return f"CREATE TABLE IF NOT EXISTS {_name(day)} PARTITION OF frames FOR VALUES FROM ('{start}') TO ('{end}')"


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _name(day: date) -> str:
    return f"{_PREFIX}{day:%Y%m%d}"


def _day(name: str) -> date | None:
    digits = name.removeprefix(_PREFIX)
    return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date() if digits.isdigit() else None
