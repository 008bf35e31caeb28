"""The commit on PostgreSQL, run on the driver's own connection: BEGIN, lock and load, write, COMMIT.

READ COMMITTED: who waited for the row lock reads the document as the other left it. Channels are locked in sorted
order. A kept answer is looked for in the statement that locks, whose moment is older than the lock; so a refusal or a
key that is there already makes it look again. [D5]
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from asyncpg import Connection
from asyncpg.exceptions import UniqueViolationError
from sqlalchemy import Table

from backend.adapters.db.postgres_sql import KEPT, LOAD, LOAD_BY_BOOKING, writing
from backend.adapters.db.rows import Values, findable, json_text, quotation_from, quotation_values
from backend.adapters.db.writes import ChannelUse, answer_kept, channel_uses, distances, inserts, key_names, outbox_part
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal, revoked
from backend.services.ports import Decide
from backend.services.records import Change, Key, OutFrame, Target


class NotBegun(Exception):
    """The connection could not even begin a transaction: the same can be tried on another one."""


async def transact(driver: Connection, target: Target, decide: Decide) -> bytes:
    """The answer, with everything stored and committed.

    Raises:
        Refusal: from `decide`, or for a key used with another payload. Nothing is stored.
        NotBegun: nothing happened.
    """
    try:
        async with _transaction(driver):
            return await _attempt(driver, target, decide)
    except (Refusal, UniqueViolationError) as refused:
        if isinstance(refused, Refusal) and refused.code == "auth.revoked":
            raise
        if target.key is None or (answer := await _kept(driver, target.key)) is None:
            raise
        return answer


@asynccontextmanager
async def _transaction(driver: Connection) -> AsyncIterator[None]:
    transaction = driver.transaction()
    try:
        await transaction.start()
    except Exception as error:  # a connection that has ended has many ways to say so
        driver.terminate()
        raise NotBegun from error
    try:
        yield
    except BaseException:
        if not driver.is_closed():
            await transaction.rollback()
        raise
    await transaction.commit()


async def _attempt(driver: Connection, target: Target, decide: Decide) -> bytes:
    answer, quotation = await _load(driver, target)
    if answer is not None:
        return answer
    change = decide(quotation)
    await _store(driver, change, target.key)
    return change.answer


async def _load(driver: Connection, target: Target) -> tuple[bytes | None, Quotation | None]:
    key, by = target.key, target.by
    names = key_names(key) if key else (None, None, None)
    holder = (by.user_id, by.rights, by.login) if by else (None, None, None)
    if target.quotation_id is not None:
        row = await driver.fetchrow(LOAD, findable(target.quotation_id), *names, *holder)
    else:
        row = await driver.fetchrow(LOAD_BY_BOOKING, findable(target.booking_id or ""), *names, *holder)
    payload_hash, answer, doc, stands = row
    if by and not stands:
        raise revoked()
    if key and answer is not None:
        return answer_kept(key, payload_hash, answer), None
    return None, quotation_from(doc)


async def _kept(driver: Connection, key: Key) -> bytes | None:
    row = await driver.fetchrow(KEPT, *key_names(key))
    return answer_kept(key, *row) if row else None


async def _store(driver: Connection, change: Change, key: Key | None) -> None:
    rows, uses = inserts(change, key, datetime.now(UTC)), channel_uses(change)
    parts = _parts(change, uses)
    tells = bool(change.events or uses)
    if not (rows or parts or tells):
        return
    values = {**_columns(rows), **_quotation(change), **_channels(uses), **_frames(change.frames)}
    values["events"] = json_text(change.events)
    values["outbox_part"] = outbox_part(change)
    statement = writing(tuple(rows), parts, tells)
    await driver.fetchrow(statement.sql, *(values[name] for name in statement.parameters))


def _parts(change: Change, uses: Sequence[ChannelUse]) -> tuple[str, ...]:
    wanted = {
        "changed": change.quotation and not change.created,
        "unlisted": change.quotation and not change.created,
        "listed": change.quotation,
        "numbered": uses,
        "stored": change.frames,
        "opened": change.resets,
    }
    return tuple(name for name, needed in wanted.items() if needed)


def _columns(rows: dict[Table, list[Values]]) -> Values:
    return {
        f"{table.name}_{column.name}": [row[column.name] for row in values]
        for table, values in rows.items()
        for column in table.columns
    }


def _quotation(change: Change) -> dict[str, Any]:
    if not change.quotation:
        return {}
    values = quotation_values(change.quotation, change.due_at)
    named = {f"quotation_{name}": value for name, value in values.items()}
    return {**named, "audiences": sorted(change.audiences)}


def _channels(uses: Sequence[ChannelUse]) -> Values:
    return {
        "use_name": [use.name for use in uses],
        "use_epoch": [use.epoch for use in uses],
        "use_taken": [use.taken for use in uses],
    }


def _frames(frames: Sequence[OutFrame]) -> Values:
    return {
        "frame_channel": [frame.channel for frame in frames],
        "frame_name": [frame.name for frame in frames],
        "frame_head": [frame.head.decode() for frame in frames],
        "frame_tail": [frame.tail.decode() for frame in frames],
        "frame_distance": distances(frames),
    }
