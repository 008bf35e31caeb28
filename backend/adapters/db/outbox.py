"""The relay's side of the commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, bindparam, delete, func, select

from backend.adapters.db import tables
from backend.adapters.db.rows import outbox_from
from backend.adapters.db.store import Store
from backend.adapters.db.writes import RESET
from backend.services.records import OutboxChannel, OutboxRow
from rooms.positions import Frame

_outbox = tables.outbox.c
_OLDEST = select(_outbox.id, _outbox.payload).order_by(_outbox.id).limit(bindparam("limit", type_=BigInteger))
_OLDEST_AT = select(_outbox.at).order_by(_outbox.id).limit(1)
_MOST_COUNTED = 100_000
_DEPTH = select(func.count().label("depth")).select_from(select(_outbox.id).limit(_MOST_COUNTED).subquery())

FrameKey = tuple[str, str, int]
"""Channel, epoch, seq."""


class OutboxReads(Store):
    """The port `Outbox`, but for `outbox_frames`."""

    def __init__(self) -> None:
        super().__init__()
        self._oldest_of = _OLDEST.where(self.dialect.among(_outbox.part, "parts"))
        self._forget = delete(tables.outbox).where(self.dialect.among(_outbox.id, "ids"))

    async def outbox(self, limit: int, parts: Collection[int] | None = None) -> tuple[OutboxRow, ...]:
        if parts is None:
            found = await self.rows(_OLDEST, {"limit": limit})
        else:
            found = await self.rows(self._oldest_of, {"limit": limit, "parts": self.dialect.many(parts)})
        return tuple(outbox_from(row.id, row.payload) for row in found)

    async def forget(self, ids: Sequence[int]) -> None:
        if ids:
            await self.write(self._forget, {"ids": self.dialect.many(ids)})

    async def outbox_age(self, now: datetime) -> float:
        rows = await self.rows(_OLDEST_AT)
        return max(0.0, (now - rows[0].at).total_seconds()) if rows else 0.0

    async def outbox_depth(self) -> int:
        return int((await self.rows(_DEPTH))[0].depth)


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
