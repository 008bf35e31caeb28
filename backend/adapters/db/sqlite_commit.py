"""The commit on SQLite: one function from lock to answer, run on the one writer thread inside a savepoint of its own.

Nothing else writes while it runs, so it looks, decides and stores without any second thought.
"""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert

from backend.adapters.db import tables
from backend.adapters.db.columns import time_text
from backend.adapters.db.rows import OutboxPayload, Values, json_text, quotation_from, quotation_values
from backend.adapters.db.writes import (
    AGAIN,
    RESET,
    TAKE_SEQS,
    ChannelUse,
    answer_kept,
    body,
    channel_uses,
    distances,
    inserts,
    key_names,
    outbox_part,
)
from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import revoked
from backend.services.ports import Decide
from backend.services.records import Change, ChannelPosition, Key, OutboxChannel, OutFrame, Target

_KEPT = "SELECT payload_hash, answer FROM idempotency_keys WHERE user_id = ? AND command = ? AND key = ?"
_STANDS = """
    SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND active AND rights = ?)
      AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE family = ? AND ended)"""
_LOAD = "SELECT doc FROM quotations WHERE id = ?"
_LOAD_BY_BOOKING = "SELECT doc FROM quotations WHERE booking_id = ?"
_UPDATE = """
    UPDATE quotations SET company_id = :company_id, state = :state, version = :version, serial = :serial,
      due_at = :due_at, booking_id = :booking_id, doc = :doc
    WHERE id = :id"""
_AUDIENCES = "SELECT audience FROM quotation_audiences WHERE quotation_id = ?"
_LIST = "INSERT INTO quotation_audiences (quotation_id, audience) VALUES (?, ?)"
_UNLIST = "DELETE FROM quotation_audiences WHERE quotation_id = ? AND audience = ?"
_TAKE = f"INSERT INTO channels AS c (name, gen, epoch, seq) VALUES (?, 1, ?, ?) {TAKE_SEQS}"  # noqa: S608 - constants only
_FRAME = "INSERT INTO frames (channel, epoch, seq, at, gen, name, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
_OUTBOX = "INSERT INTO outbox (at, part, payload) VALUES (?, ?, ?)"


def _insert(table: Table) -> str:
    statement: Any = insert(table).on_conflict_do_nothing() if table in AGAIN else insert(table)
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="named")))


_INSERTS = {table: _insert(table) for table in tables.metadata.sorted_tables}


def transact(connection: sqlite3.Connection, target: Target, decide: Decide) -> bytes:
    """The answer, with everything stored; the caller holds the write lock, and commits or rolls back."""
    if target.by and not _stands(connection, target.by):
        raise revoked()
    if target.key and (answer := _kept(connection, target.key)) is not None:
        return answer
    change = decide(_load(connection, target))
    _store(connection, change, target.key, datetime.now(UTC))
    return change.answer


def _kept(connection: sqlite3.Connection, key: Key) -> bytes | None:
    row = connection.execute(_KEPT, key_names(key)).fetchone()
    return answer_kept(key, *row) if row else None


def _stands(connection: sqlite3.Connection, by: Principal) -> bool:
    return bool(connection.execute(_STANDS, (by.user_id, by.rights, by.login)).fetchone()[0])


def _load(connection: sqlite3.Connection, target: Target) -> Quotation | None:
    if target.quotation_id is not None:
        row = connection.execute(_LOAD, (target.quotation_id,)).fetchone()
    else:
        row = connection.execute(_LOAD_BY_BOOKING, (target.booking_id,)).fetchone()
    return quotation_from(row[0]) if row else None


def _store(connection: sqlite3.Connection, change: Change, key: Key | None, now: datetime) -> None:
    for table, rows in inserts(change, key, now).items():
        connection.executemany(_INSERTS[table], map(_texts, rows))
    if change.quotation:
        if not change.created:
            connection.execute(_UPDATE, _texts(quotation_values(change.quotation, change.due_at)))
        _list(connection, change.quotation.id, change.audiences)
    positions = [(use, _take(connection, use)) for use in channel_uses(change)]
    _store_frames(connection, change.frames, {use.name: at for use, at in positions}, now)
    if change.events or positions:
        payload = OutboxPayload(change.events, tuple(_relayed(use, at) for use, at in positions))
        connection.execute(_OUTBOX, (time_text(now), outbox_part(change), json_text(payload)))


def _list(connection: sqlite3.Connection, quotation_id: str, audiences: Iterable[str]) -> None:
    listed = {row[0] for row in connection.execute(_AUDIENCES, (quotation_id,))}
    wanted = set(audiences)
    connection.executemany(_LIST, [(quotation_id, audience) for audience in wanted - listed])
    connection.executemany(_UNLIST, [(quotation_id, audience) for audience in listed - wanted])


def _take(connection: sqlite3.Connection, use: ChannelUse) -> ChannelPosition:
    _, gen, epoch, seq = connection.execute(_TAKE, (use.name, use.epoch, use.taken)).fetchone()
    return ChannelPosition(gen, epoch, seq)


def _store_frames(
    connection: sqlite3.Connection,
    frames: tuple[OutFrame, ...],
    last: dict[str, ChannelPosition],
    now: datetime,
) -> None:
    at = time_text(now)
    rows = [(name, place.epoch, 0, at, place.gen, RESET, "") for name, place in last.items() if not place.seq]
    for frame, distance in zip(frames, distances(frames), strict=True):
        gen, epoch, seq = last[frame.channel].gen, last[frame.channel].epoch, last[frame.channel].seq - distance
        rows.append((frame.channel, epoch, seq, at, gen, frame.name, body(frame, epoch, seq)))
    connection.executemany(_FRAME, rows)


def _relayed(use: ChannelUse, at: ChannelPosition) -> OutboxChannel:
    first = at.seq - use.taken + 1
    return OutboxChannel(channel=use.name, gen=at.gen, epoch=at.epoch, first=first, last=at.seq, reset=use.taken == 0)


def _texts(values: Values) -> Values:
    return {name: time_text(value) if isinstance(value, datetime) else value for name, value in values.items()}
