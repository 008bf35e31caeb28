"""What belongs to one person: the inbox and refresh tokens."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, bindparam, delete, func, select, update

from backend.adapters.db import tables
from backend.adapters.db.store import Store
from backend.services.records import Notification, RefreshToken

_notifications, _tokens = tables.notifications.c, tables.refresh_tokens.c
_ORDER = (_notifications.at, _notifications.quotation_id, _notifications.kind, _notifications.id)


class InboxRows(Store):
    """The port `Inbox`."""

    def __init__(self) -> None:
        super().__init__()
        among = self.dialect.among(_notifications.user_id, "ids")
        self._somebody_waits = select(_notifications.user_id).where(among).distinct()
        self._ack = delete(tables.notifications).where(self.dialect.among(_notifications.id, "ids"))
        self._newest = (
            select(_notifications.id)
            .where(_notifications.user_id == bindparam("whose"), ~_notifications.dropped)
            .order_by(*(column.desc() for column in _ORDER))
            .limit(bindparam("most"))
        )

    async def waiting(self, user_ids: Collection[str]) -> frozenset[str]:
        return frozenset(
            row.user_id for row in await self.rows(self._somebody_waits, {"ids": self.dialect.many(user_ids)})
        )

    async def unread(self, user_id: str, limit: int) -> tuple[tuple[Notification, ...], int]:
        statement = (
            select(tables.notifications, func.count().over().label("total"))
            .where(_notifications.user_id == user_id, ~_notifications.dropped)
            .order_by(*_ORDER)
            .limit(limit)
        )
        rows = [row._asdict() for row in await self.rows(statement)]
        total = max((row.pop("total") for row in rows), default=0)
        return tuple(Notification(**row) for row in rows), total

    async def drop_oldest(self, user_id: str, most: int) -> None:
        mine = (_notifications.user_id == user_id, ~_notifications.dropped, _notifications.id.not_in(self._newest))
        drop = update(tables.notifications).where(*mine).values(dropped=True)
        await self.write(drop, {"whose": user_id, "most": most})

    async def dropped(self, user_id: str) -> int:
        return await self._count(user_id, _notifications.dropped)

    async def ack(self, user_id: str, ids: Collection[str]) -> tuple[frozenset[str], int]:
        mine = _notifications.user_id == user_id
        acked = await self.write(
            self._ack.where(mine, ~_notifications.dropped).returning(_notifications.id), {"ids": self.dialect.many(ids)}
        )
        if acked:
            await self.write(delete(tables.notifications).where(mine, _notifications.dropped))
        return frozenset(row.id for row in acked), await self._count(user_id, ~_notifications.dropped)

    async def drop_notifications(self, before: datetime, forgotten: datetime) -> None:
        """Drops what is older than `before`; of what is older than `forgotten` not even the number is kept."""
        old = (_notifications.at < before, ~_notifications.dropped)
        await self.write(update(tables.notifications).where(*old).values(dropped=True))
        await self.write(delete(tables.notifications).where(_notifications.at < forgotten))

    async def _count(self, user_id: str, condition: ColumnElement[bool]) -> int:
        mine = (
            select(func.count()).select_from(tables.notifications).where(_notifications.user_id == user_id, condition)
        )
        return int((await self.rows(mine))[0][0])


class TokenRows(Store):
    """The port `Tokens`."""

    def __init__(self) -> None:
        super().__init__()
        self._ended = select(_tokens.family).where(self.dialect.among(_tokens.family, "ids"), _tokens.ended).distinct()

    async def put_token(self, token: RefreshToken) -> None:
        values = msgspec.structs.asdict(token) | {"ended": False}
        await self.write(self.dialect.insert(tables.refresh_tokens), values)

    async def use_token(self, token_hash: bytes, now: datetime) -> RefreshToken | None:
        """The update is what decides between two at once; who finds nothing to update came second, or too late."""
        family = tables.refresh_tokens.alias("family")
        ended = select(family.c.family).where(family.c.family == _tokens.family, family.c.ended).exists()
        valid = (_tokens.token_hash == token_hash, _tokens.expires_at > now, ~ended)
        use = update(tables.refresh_tokens).where(*valid, ~_tokens.used).values(used=True)
        used_now = await self.write(use.returning(_tokens.token_hash))
        columns = (_tokens.token_hash, _tokens.family, _tokens.user_id, _tokens.expires_at)
        rows = await self.rows(select(*columns).where(*valid))
        return RefreshToken(**rows[0]._asdict(), used=not used_now) if rows else None

    async def end_family(self, family: str) -> None:
        await self.write(update(tables.refresh_tokens).where(_tokens.family == family).values(ended=True))

    async def end_families(self, user_id: str) -> None:
        await self.write(update(tables.refresh_tokens).where(_tokens.user_id == user_id).values(ended=True))

    async def ended_families(self, families: Collection[str]) -> frozenset[str]:
        return frozenset(row.family for row in await self.rows(self._ended, {"ids": self.dialect.many(families)}))
