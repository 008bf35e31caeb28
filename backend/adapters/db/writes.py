"""What a change writes, worked out once for both databases: plain rows by table, and how many seqs of which channel."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

import msgspec
from sqlalchemy import Table

from backend.adapters.db import tables
from backend.adapters.db.rows import (
    Values,
    announcement_values,
    audit_values,
    event_values,
    findable,
    notice_values,
    quotation_values,
    version_values,
)
from backend.domain.refusals import Invalid
from backend.services.records import OUTBOX_PARTS, Change, Key, OutFrame

RESET = "room.reset"


AGAIN = frozenset({tables.notifications, tables.payment_notices})
"""Tables whose rows may come again, and are then left as they are: a reaction may run twice."""


class ChannelUse(NamedTuple):
    """The seqs that a commit takes of a channel. None at all is a reset.

    `epoch` is fresh and random, for a channel that never was or is reset.
    """

    name: str
    taken: int
    epoch: str


# One row, or an unnested set of rows in sorted order, of ChannelUse; the answer is where the channel stands after it.
TAKE_SEQS = """
    ON CONFLICT (name) DO UPDATE SET
      gen = c.gen + CASE WHEN excluded.seq = 0 THEN 1 ELSE 0 END,
      epoch = CASE WHEN excluded.seq = 0 THEN excluded.epoch ELSE c.epoch END,
      seq = CASE WHEN excluded.seq = 0 THEN 0 ELSE c.seq + excluded.seq END
    RETURNING name, gen, epoch, seq"""


def fresh_epoch() -> str:
    return secrets.token_urlsafe(9)


def channel_uses(change: Change) -> list[ChannelUse]:
    """Sorted by name: whoever locks several channels locks them in this order."""
    taken = Counter(frame.channel for frame in change.frames)
    for name in change.resets:
        if name in taken:
            raise ValueError(f"a commit that resets {name} has no frames for it")
        taken[name] = 0
    return [ChannelUse(name, count, fresh_epoch()) for name, count in sorted(taken.items())]


def outbox_part(change: Change) -> int:
    """The part of the outbox that a change's row belongs to."""
    about = next((stored.quotation_id for stored in change.events if stored.quotation_id), "")
    return crc32(about.encode()) % OUTBOX_PARTS


def distances(frames: Sequence[OutFrame]) -> list[int]:
    """For each frame, how many of its channel follow it: its seq is the channel's last less so many."""
    left = Counter(frame.channel for frame in frames)
    result = []
    for frame in frames:
        left[frame.channel] -= 1
        result.append(left[frame.channel])
    return result


def body(frame: OutFrame, epoch: str, seq: int) -> str:
    return f'{frame.head.decode()}"epoch":"{epoch}","seq":{seq},{frame.tail.decode()}'


def inserts(change: Change, key: Key | None, now: datetime) -> dict[Table, list[Values]]:
    """All rows that are simply inserted, by table."""
    quotation_id = change.quotation.id if change.quotation else ""
    rows: dict[Table, list[Values]] = {
        tables.idempotency_keys: [_key_values(key, change.answer, now)] if key else [],
        tables.quotations: [quotation_values(change.quotation, change.due_at)]
        if change.quotation and change.created
        else [],
        tables.events: [event_values(event) for event in change.events],
        tables.versions: [version_values(quotation_id, version) for version in change.versions],
        tables.notifications: [_plain(row) for row in change.notifications],
        tables.payment_notices: [notice_values(notice) for notice in change.notices],
        tables.ledger: [_plain(posting) for posting in change.ledger],
        tables.announcements: [announcement_values(change.announcement)] if change.announcement else [],
        tables.audit: [audit_values(row) for row in change.audit],
    }
    return {table: values for table, values in rows.items() if values}


def answer_kept(key: Key, payload_hash: bytes, answer: bytes) -> bytes:
    """The answer under a key that was used before [D5]."""
    if payload_hash != key.payload_hash:
        raise Invalid("This key was used for another payload.")
    return answer


def _plain(record: msgspec.Struct) -> dict[str, Any]:
    return msgspec.structs.asdict(record)


def key_names(key: Key) -> tuple[str, str, str]:
    """What a key is found by."""
    return key.user_id, key.command, findable(key.key)


def _key_values(key: Key, answer: bytes, now: datetime) -> Values:
    user_id, command, name = key_names(key)
    found_by = {"user_id": user_id, "command": command, "key": name}
    return {**found_by, "payload_hash": key.payload_hash, "answer": answer, "at": now}
