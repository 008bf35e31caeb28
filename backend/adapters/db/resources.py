"""Hotels' allotments, the calendars of guides and vehicles, and the claims on them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import partial

from sqlalchemy import Connection, and_, delete, or_, select

from backend.adapters.db import tables
from backend.adapters.db.claiming import give_back, kept_from, locking, take, take_days
from backend.adapters.db.store import Dialect, Store, upsert
from backend.domain.resources.claims import CalendarKind, Claim, Night, Use, taken
from backend.services.ports import Span, Totals

_allotments, _days, _claims, _catalogue, _hotels = (
    tables.allotments.c,
    tables.resource_days.c,
    tables.claims.c,
    tables.catalogue.c,
    tables.hotels.c,
)
_NIGHT = (_allotments.night, _allotments.room_type, _allotments.total, _allotments.taken)


class ResourceRows(Store):
    """The port `Resources`."""

    def __init__(self) -> None:
        super().__init__()
        self._of_these = self.dialect.among(_days.resource_id, "ids")

    async def claim(self, claims: Sequence[Claim]) -> None:
        if claims:
            await self.transaction(partial(take, dialect=self.dialect, claims=claims))

    async def release(self, claim_ids: Collection[str]) -> None:
        if claim_ids:
            await self.transaction(partial(give_back, dialect=self.dialect, claim_ids=claim_ids))

    async def claims_of(self, booking_id: str) -> tuple[Claim, ...]:
        running = select(_claims.doc).where(_claims.booking_id == booking_id, ~_claims.released).order_by(_claims.id)
        return tuple(kept_from(row.doc).claim for row in await self.rows(running))

    async def booking_of_claim(self, claim_id: str) -> str | None:
        found = await self.rows(select(_claims.booking_id).where(_claims.id == claim_id))
        return next((row.booking_id for row in found), None)

    async def calendar(
        self, kind: CalendarKind, first: date, last: date, ids: Collection[str] | None = None
    ) -> Mapping[str, tuple[Use, ...]]:
        statement = (
            select(_days.resource_id, _days.day, _days.booking_id)
            .where(_days.kind == kind, _days.day.between(first, last))
            .order_by(_days.resource_id, _days.day)
        )
        if ids is not None:
            statement = statement.where(self._of_these)
        found: dict[str, list[Use]] = defaultdict(list)
        for row in await self.rows(statement, {"ids": self.dialect.many(ids)} if ids is not None else None):
            found[row.resource_id].append(Use(row.day, row.booking_id))
        return {id_: tuple(uses) for id_, uses in found.items()}

    async def set_days_off(
        self, kind: CalendarKind, resource_id: str, span: Span, *, off: Collection[date], seen: Collection[date]
    ) -> bool:
        work = partial(_set_days_off, dialect=self.dialect, kind=kind, resource_id=resource_id, span=span)
        return await self.transaction(partial(work, off=frozenset(off), seen=frozenset(seen)))

    async def allotment(self, hotel_id: str, first: date, last: date) -> tuple[Night, ...]:
        mine = (_allotments.hotel_id == hotel_id, _allotments.night.between(first, last))
        rows = await self.rows(select(*_NIGHT).where(*mine).order_by(_allotments.night, _allotments.room_type))
        return tuple(Night(**row._asdict()) for row in rows)

    async def set_allotment(self, hotel_id: str, span: Span, *, totals: Totals, seen: Totals) -> bool:
        work = partial(_set_allotment, dialect=self.dialect, hotel_id=hotel_id, span=span)
        return await self.transaction(partial(work, totals=totals, seen=seen))


def _set_days_off(
    connection: Connection,
    *,
    dialect: Dialect,
    kind: CalendarKind,
    resource_id: str,
    span: Span,
    off: frozenset[date],
    seen: frozenset[date],
) -> bool:
    """The resource's own row is locked, so that of two changes at once the second sees the first's."""
    connection.execute(locking(select(_catalogue.id).where(_catalogue.kind == kind, _catalogue.id == resource_id)))
    mine = (_days.kind == kind, _days.resource_id == resource_id, _days.claim_id.is_(None))
    now = {row.day for row in connection.execute(select(_days.day).where(*mine, _days.day.between(*span)))}
    if now != seen:
        return False
    if gone := now - off:
        connection.execute(delete(tables.resource_days).where(*mine, _days.day.in_(gone)))
    take_days(
        connection, dialect, [{"kind": kind, "resource_id": resource_id, "day": day} for day in sorted(off - now)]
    )
    return True


def _set_allotment(
    connection: Connection,
    *,
    dialect: Dialect,
    hotel_id: str,
    span: Span,
    totals: Totals,
    seen: Totals,
) -> bool:
    """The hotel's own row is locked, so that of two changes at once the second sees the first's."""
    connection.execute(locking(select(_hotels.id).where(_hotels.id == hotel_id)))
    mine = (_allotments.hotel_id == hotel_id, _allotments.night.between(*span))
    rows = connection.execute(locking(select(*_NIGHT).where(*mine).order_by(_allotments.night, _allotments.room_type)))
    now = {(row.night, row.room_type): Night(**row._asdict()) for row in rows}
    if {key: one.total for key, one in now.items()} != dict(seen):
        return False
    short = [key for key, one in now.items() if totals.get(key, 0) < one.taken]
    if short:
        raise taken("allotment", hotel_id, [night for night, _ in short])
    gone = [
        and_(_allotments.night == night, _allotments.room_type == kind) for night, kind in now.keys() - totals.keys()
    ]
    if gone:
        connection.execute(delete(tables.allotments).where(_allotments.hotel_id == hotel_id, or_(*gone)))
    changed = [
        {"hotel_id": hotel_id, "night": night, "room_type": kind, "total": total, "taken": 0}
        for (night, kind), total in sorted(totals.items())
        if (night, kind) not in now or now[night, kind].total != total
    ]
    if changed:
        connection.execute(upsert(dialect, tables.allotments, but=("taken",)), changed)
    return True
