"""Reads of quotations and channels."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from backend.adapters.db import tables
from backend.adapters.db.rows import announcement_from, quotation_from, version_from
from backend.adapters.db.store import HIGHEST_ID, Store
from backend.adapters.db.writes import fresh_epoch
from backend.domain.quotation import Quotation, State
from backend.services.records import Announcement, ChannelPosition, VersionRow
from rooms.positions import Cursor, Frame

_HIGHEST_VERSION = 2**31 - 1

_audiences, _channels, _frames = tables.quotation_audiences.c, tables.channels.c, tables.frames.c
_quotations, _versions, _announcements = tables.quotations.c, tables.versions.c, tables.announcements.c


def _where(name: str) -> Any:
    return bindparam(name)


_QUOTATION = select(_quotations.doc).where(_quotations.id == _where("quotation_id"))
_QUOTATION_OF_BOOKING = select(_quotations.doc).where(_quotations.booking_id == _where("booking_id"))
# One statement sees one moment, so document and position fit exactly and no transaction is needed around them.
_QUOTATION_AT = select(_QUOTATION.scalar_subquery().label("doc"), _channels.gen, _channels.epoch, _channels.seq).where(
    _channels.name == _where("channel")
)
_FRAMES = (
    select(_frames.gen, _frames.epoch, _frames.seq, _frames.name, _frames.body)
    .where(
        _frames.channel == _where("channel"),
        _frames.epoch == _where("epoch"),
        _frames.seq > _where("after"),
        _frames.seq > 0,
    )
    .order_by(_frames.seq)
    .limit(_where("limit"))
)
_QUOTATIONS = (
    select(_quotations.doc)
    .join(tables.quotation_audiences, _audiences.quotation_id == _quotations.id)
    .where(_audiences.audience == _where("audience"), _audiences.quotation_id < _where("before"))
    .order_by(_audiences.quotation_id.desc())
    .limit(_where("limit"))
)
_VERSION = select(_versions.doc).where(
    _versions.quotation_id == _where("quotation_id"), _versions.version == _where("version")
)
_VERSIONS = (
    select(_versions.doc)
    .where(_versions.quotation_id == _where("quotation_id"), _versions.version < _where("before"))
    .order_by(_versions.version.desc())
    .limit(_where("limit"))
)
_ANNOUNCEMENTS = (
    select(_announcements.doc)
    .where(_announcements.id < _where("before"))
    .order_by(_announcements.id.desc())
    .limit(_where("limit"))
)
_DUE = (
    select(_quotations.id)
    .where(_quotations.due_at.is_not(None), _quotations.due_at <= _where("now"))
    .order_by(_quotations.due_at, _quotations.id)
    .limit(_where("limit"))
)


class SnapshotReads(Store):
    """The port `Snapshots`."""

    def __init__(self) -> None:
        super().__init__()
        self._positions = select(tables.channels).where(self.dialect.among(_channels.name, "names"))
        self._moved = (
            select(_frames.channel, _frames.gen, _frames.seq)
            .where(_frames.at > self.dialect.ago("within"))
            .limit(_where("limit"))
        )
        self._in_states = (
            select(_quotations.doc)
            .where(self.dialect.among(_quotations.state, "states"), _quotations.id > _where("after"))
            .order_by(_quotations.id)
            .limit(_where("limit"))
        )
        self._open_channels = self.dialect.insert(tables.channels).on_conflict_do_nothing()

    async def position(self, channels: Collection[str]) -> Mapping[str, ChannelPosition]:
        found = await self._found(channels)
        if missing := set(channels) - found.keys():
            await self._open(missing)
            found |= await self._found(missing)
        return found

    async def moved(self, within: timedelta, limit: int) -> tuple[tuple[str, Cursor], ...]:
        rows = await self.rows(self._moved, {"within": self.dialect.span(within), "limit": limit})
        return tuple((row.channel, Cursor(row.gen, row.seq)) for row in rows)

    async def quotation_at(self, quotation_id: str, channel: str) -> tuple[Quotation | None, ChannelPosition]:
        parameters = {"quotation_id": quotation_id, "channel": channel}
        rows = await self.rows(_QUOTATION_AT, parameters)
        if not rows:
            await self._open([channel])
            rows = await self.rows(_QUOTATION_AT, parameters)
        row = rows[0]
        return quotation_from(row.doc), ChannelPosition(row.gen, row.epoch, row.seq)

    async def frames(self, channel: str, epoch: str, after: int, limit: int) -> tuple[Frame, ...]:
        rows = await self.rows(_FRAMES, {"channel": channel, "epoch": epoch, "after": after, "limit": limit})
        return tuple(Frame(row.gen, row.epoch, row.seq, row.name, row.body.encode()) for row in rows)

    async def quotation(self, quotation_id: str) -> Quotation | None:
        return await self._one(_QUOTATION, {"quotation_id": quotation_id})

    async def quotation_of_booking(self, booking_id: str) -> Quotation | None:
        return await self._one(_QUOTATION_OF_BOOKING, {"booking_id": booking_id})

    async def quotations(self, audience: str, before: str | None, limit: int) -> tuple[Quotation, ...]:
        parameters = {"audience": audience, "before": before or HIGHEST_ID, "limit": limit}
        found = [quotation_from(row.doc) for row in await self.rows(_QUOTATIONS, parameters)]
        return tuple(quotation for quotation in found if quotation)

    async def quotations_in(self, states: Collection[State], after: str, limit: int) -> tuple[Quotation, ...]:
        parameters = {"states": self.dialect.many(states), "after": after, "limit": limit}
        found = [quotation_from(row.doc) for row in await self.rows(self._in_states, parameters)]
        return tuple(quotation for quotation in found if quotation)

    async def version(self, quotation_id: str, version: int) -> VersionRow | None:
        rows = await self.rows(_VERSION, {"quotation_id": quotation_id, "version": version})
        return version_from(rows[0].doc) if rows else None

    async def versions(self, quotation_id: str, before: int | None, limit: int) -> tuple[VersionRow, ...]:
        before = _HIGHEST_VERSION if before is None else before
        rows = await self.rows(_VERSIONS, {"quotation_id": quotation_id, "before": before, "limit": limit})
        return tuple(version_from(row.doc) for row in rows)

    async def announcements(self, before: str | None, limit: int) -> tuple[Announcement, ...]:
        rows = await self.rows(_ANNOUNCEMENTS, {"before": before or HIGHEST_ID, "limit": limit})
        return tuple(announcement_from(row.doc) for row in rows)

    async def due(self, now: datetime, limit: int) -> tuple[str, ...]:
        return tuple(row.id for row in await self.rows(_DUE, {"now": now, "limit": limit}))

    async def _one(self, statement: Select[Any], parameters: Mapping[str, str]) -> Quotation | None:
        rows = await self.rows(statement, parameters)
        return quotation_from(rows[0].doc) if rows else None

    async def _found(self, channels: Collection[str]) -> dict[str, ChannelPosition]:
        rows = await self.rows(self._positions, {"names": self.dialect.many(channels)})
        return {row.name: ChannelPosition(row.gen, row.epoch, row.seq) for row in rows}

    async def _open(self, channels: Collection[str]) -> None:
        """Gives channels that never were their first epoch; in sorted order, as every writer locks them."""
        new = [{"name": name, "gen": 1, "epoch": fresh_epoch(), "seq": 0} for name in sorted(channels)]
        await self.write(self._open_channels, new)
