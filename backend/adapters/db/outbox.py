"""The relay's side of the commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, delete, select

from backend.adapters.db import tables
from backend.adapters.db.rows import outbox_from
from backend.adapters.db.store import Store
from backend.adapters.db.writes import RESET
from backend.services.records import OutboxChannel, OutboxRow
from rooms.positions import Frame

_outbox = tables.outbox.c
_OLDEST = select(_outbox.id, _outbox.payload).order_by(_outbox.id).limit(bindparam("limit", type_=BigInteger))
_OLDEST_AT = select(_outbox.at).order_by(_outbox.id).limit(1)
_FORGET = delete(tables.outbox).where(_outbox.id == bindparam("row_id"))

FrameKey = tuple[str, str, int]
"""Channel, epoch, seq."""


class OutboxReads(Store):
    """The port `Outbox`, but for `outbox_frames`."""

    async def outbox(self, limit: int) -> tuple[OutboxRow, ...]:
        return tuple(outbox_from(row.id, row.payload) for row in await self.rows(_OLDEST, {"limit": limit}))

    async def forget(self, ids: Sequence[int]) -> None:
        if ids:
            await self.write(_FORGET, [{"row_id": row_id} for row_id in sorted(ids)])

    async def outbox_age(self, now: datetime) -> float:
        rows = await self.rows(_OLDEST_AT)
        return max(0.0, (now - rows[0].at).total_seconds()) if rows else 0.0


def by_channel(rows: Sequence[OutboxRow], stored: Mapping[FrameKey, Frame]) -> dict[str, tuple[Frame, ...]]:
    """The frames of the rows in order, each channel's resets among them."""
    result: dict[str, list[Frame]] = {}
    parts = (part for row in rows for part in row.channels)
    for part in sorted(parts, key=lambda part: (part.gen, part.first, part.last)):
        frames = result.setdefault(part.channel, [])
        frames += [_reset(part)] if part.reset else _range(part, stored)
    return {channel: tuple(frames) for channel, frames in result.items() if frames}


def _reset(part: OutboxChannel) -> Frame:
    return Frame(part.gen, part.epoch, 0, RESET, b"{}")


def _range(part: OutboxChannel, stored: Mapping[FrameKey, Frame]) -> list[Frame]:
    keys = ((part.channel, part.epoch, seq) for seq in range(part.first, part.last + 1))
    return [stored[key] for key in keys if key in stored]
