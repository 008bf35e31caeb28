"""The commit on PostgreSQL, run on the driver's own connection, in two statements: load, and write everything.

It reads without a lock, and writes if nothing has changed meanwhile; whoever was overtaken does it once more in a
transaction that takes the row's lock first, and is not overtaken again. READ COMMITTED: who waited for the lock reads
the document as the other left it. Channels are locked in sorted order. A kept answer is looked for in the statement
that loads; that of the one that locks may be older than the lock, and an equal command may write at the same time, so
a refusal under the lock or a key that is there already makes it look again. [D5]
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from asyncpg import Connection
from asyncpg.exceptions import UniqueViolationError
from sqlalchemy import Table

from backend.adapters.db.postgres_sql import KEPT, LOCK, READ, Form, Load, writing
from backend.adapters.db.rows import Values, findable, json_text, quotation_from, quotation_values
from backend.adapters.db.writes import ChannelUse, answer_kept, channel_uses, distances, inserts, key_names, outbox_part
from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal, revoked
from backend.services.ports import Decide
from backend.services.records import Change, Key, OutFrame, Target


class NotBegun(Exception):
    """The connection could not even read: the same can be tried on another one."""


class _Loaded(NamedTuple):
    """The quotation, or the answer that was kept."""

    answer: bytes | None
    quotation: Quotation | None


async def transact(driver: Connection, target: Target, decide: Decide) -> bytes:
    """The answer, with everything stored and committed.

    Raises:
        Refusal: from `decide`, for a key used with another payload, or for an author whose rights have ended. Nothing
            is stored.
        NotBegun: nothing happened.
    """
    try:
        answer = await _attempt(driver, await _read(driver, target), target, decide)
        return await _locked(driver, target, decide) if answer is None else answer
    except UniqueViolationError:
        if target.key is None or (kept := await _kept(driver, target.key)) is None:
            raise
        return kept


async def _read(driver: Connection, target: Target) -> _Loaded:
    try:
        return await _load(driver, READ, target)
    except Refusal:
        raise
    except Exception as error:  # a connection that has ended has many ways to say so
        driver.terminate()
        raise NotBegun from error


async def _locked(driver: Connection, target: Target, decide: Decide) -> bytes:
    try:
        async with _transaction(driver):
            answer = await _attempt(driver, await _load(driver, LOCK, target), target, decide)
            if answer is None:
                raise revoked()
            return answer
    except Refusal as refused:
        if refused.code == "auth.revoked" or target.key is None:
            raise
        if (kept := await _kept(driver, target.key)) is None:
            raise
        return kept


@asynccontextmanager
async def _transaction(driver: Connection) -> AsyncIterator[None]:
    transaction = driver.transaction()
    await transaction.start()
    try:
        yield
    except BaseException:
        if not driver.is_closed():
            await transaction.rollback()
        raise
    await transaction.commit()


async def _attempt(driver: Connection, loaded: _Loaded, target: Target, decide: Decide) -> bytes | None:
    """The answer; None if nothing was written, for what was decided upon is not so any more."""
    if loaded.answer is not None:
        return loaded.answer
    change = decide(loaded.quotation)
    return change.answer if await _store(driver, change, loaded.quotation, target) else None


async def _load(driver: Connection, load: Load, target: Target) -> _Loaded:
    key, by = target.key, target.by
    names = key_names(key) if key else (None, None, None)
    holder = (by.user_id, by.rights, by.login) if by else (None, None, None)
    if target.quotation_id is not None:
        row = await driver.fetchrow(load.by_id, findable(target.quotation_id), *names, *holder)
    else:
        row = await driver.fetchrow(load.by_booking, findable(target.booking_id or ""), *names, *holder)
    payload_hash, answer, doc, stands = row
    if by and not stands:
        raise revoked()
    if key and answer is not None:
        return _Loaded(answer_kept(key, payload_hash, answer), None)
    return _Loaded(None, quotation_from(doc))


async def _kept(driver: Connection, key: Key) -> bytes | None:
    row = await driver.fetchrow(KEPT, *key_names(key))
    return answer_kept(key, *row) if row else None


async def _store(driver: Connection, change: Change, before: Quotation | None, target: Target) -> bool:
    """Whether it was written; it is not where the quotation is another, or the author's rights have ended."""
    rows, uses = inserts(change, target.key, datetime.now(UTC)), channel_uses(change)
    form = Form(
        inserted=tuple(rows),
        parts=_parts(change, uses),
        changes=change.quotation is not None and not change.created,
        by=target.by is not None,
        tells=bool(change.events or uses),
    )
    if not (rows or form.parts or form.tells):
        return True
    values = {**_columns(rows), **_quotation(change, before), **_channels(uses), **_frames(change.frames)}
    values |= _author(target.by)
    values["events"] = json_text(change.events)
    values["outbox_part"] = outbox_part(change)
    statement = writing(form)
    return await driver.fetchrow(statement.sql, *(values[name] for name in statement.parameters)) is not None


def _parts(change: Change, uses: Sequence[ChannelUse]) -> tuple[str, ...]:
    wanted = {
        "unlisted": change.quotation and not change.created,
        "listed": change.quotation,
        "numbered": uses,
        "stored": change.frames,
        "opened": change.resets,
    }
    return tuple(name for name, needed in wanted.items() if needed)


def _author(by: Principal | None) -> Values:
    return {"by_id": by.user_id, "by_rights": by.rights, "by_login": by.login} if by else {}


def _columns(rows: dict[Table, list[Values]]) -> Values:
    return {
        f"{table.name}_{column.name}": [row[column.name] for row in values]
        for table, values in rows.items()
        for column in table.columns
    }


def _quotation(change: Change, before: Quotation | None) -> dict[str, Any]:
    if not change.quotation:
        return {}
    values = quotation_values(change.quotation, change.due_at)
    named = {f"quotation_{name}": value for name, value in values.items()}
    return {**named, "serial_before": before.serial if before else None, "audiences": sorted(change.audiences)}


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
