"""The catalogues that admins keep. Who writes has seen the revision that stands there, or is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import msgspec
from sqlalchemy import Table, bindparam, delete, func, select, update

from backend.adapters.db import tables
from backend.adapters.db.rows import hotel_values, json_text
from backend.adapters.db.store import Store
from backend.domain.computation.tariff import Rate, Tariff
from backend.domain.resources import rates
from backend.domain.resources.catalogue import SHAPES, Item, ItemKind, id_of, kind_of, place_of, rate_place

_rows = tables.catalogue.c
_LAST: Final = "|~"
"""Stands behind every id at a place."""
_LIST = select(_rows.doc).where(_rows.kind == bindparam("of"), _rows.place > bindparam("after")).order_by(_rows.place)
_BACK = (
    select(_rows.doc)
    .where(_rows.kind == bindparam("of"), _rows.place > bindparam("low"), _rows.place <= bindparam("high"))
    .order_by(_rows.place.desc())
)
_DECODERS: Final[Mapping[str, msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(shape) for kind, shape in SHAPES.items()
}


class CatalogueRows(Store):
    """The port `Catalogue`. Hotels have a table of their own, and no place in their list but their name."""

    async def items(self, kind: ItemKind, after: str = "", limit: int | None = None) -> tuple[Any, ...]:
        statement = _LIST if limit is None else _LIST.limit(limit)
        rows = await self.rows(statement, {"of": kind, "after": after})
        return tuple(_DECODERS[kind].decode(row.doc) for row in rows)

    async def item(self, kind: ItemKind, item_id: str) -> tuple[Any, int] | None:
        columns = _table(kind).c
        found = await self.rows(select(columns.doc, columns.revision).where(*_named(kind, item_id)))
        return (_DECODERS[kind].decode(found[0].doc), found[0].revision) if found else None

    async def put_item(self, item: Item, seen: int | None) -> bool:
        kind, values = kind_of(item), _values(item)
        table = _table(kind)
        if seen is None:
            insert = self.dialect.insert(table).values(**values, revision=1).on_conflict_do_nothing()
            return bool(await self.write(insert.returning(table.c.id)))
        change = update(table).where(*_named(kind, id_of(item)), table.c.revision == seen)
        return bool(await self.write(change.values(**values, revision=seen + 1).returning(table.c.id)))

    async def drop_item(self, kind: ItemKind, item_id: str, seen: int) -> bool:
        table = _table(kind)
        gone = delete(table).where(*_named(kind, item_id), table.c.revision == seen)
        return bool(await self.write(gone.returning(table.c.id)))

    async def count_items(self, kind: ItemKind) -> int:
        mine = () if kind == "hotel" else (_rows.kind == kind,)
        return int((await self.rows(select(func.count()).select_from(_table(kind)).where(*mine)))[0][0])

    async def tariff(self, on: date, currency: str | None = None) -> Tariff | None:
        found = await self._back("tariff", "", f"{on.isoformat()}{_LAST}", 50)
        valid = [one for one in found if one.valid_until is None or one.valid_until >= on]
        return next((one for one in valid if one.currency == currency), valid[0] if valid else None)

    async def rate(self, base: str, quote: str, on: date) -> Rate | None:
        if base == quote:
            return rates.same(base, on)
        known = await self._quoted(base, quote, on)
        for pivot in rates.PIVOTS:
            if known is None and pivot not in (base, quote):
                known = rates.by_way(await self._quoted(base, pivot, on), await self._quoted(pivot, quote, on))
        return known

    async def _quoted(self, base: str, quote: str, on: date) -> Rate | None:
        """The last one that was quoted one way or the other."""
        direct = await self._last_rate(base, quote, on)
        other = await self._last_rate(quote, base, on)
        return rates.newer(direct, rates.inverse(other) if other else None)

    async def _last_rate(self, base: str, quote: str, on: date) -> Rate | None:
        found = await self._back("rate", f"{base}/{quote}|", rate_place(base, quote, on), 1)
        return found[0] if found else None

    async def _back(self, kind: ItemKind, low: str, high: str, limit: int) -> tuple[Any, ...]:
        """From a place backwards."""
        rows = await self.rows(_BACK.limit(limit), {"of": kind, "low": low, "high": high})
        return tuple(_DECODERS[kind].decode(row.doc) for row in rows)


def _table(kind: ItemKind) -> Table:
    return tables.hotels if kind == "hotel" else tables.catalogue


def _named(kind: ItemKind, item_id: str) -> tuple[Any, ...]:
    if kind == "hotel":
        return (tables.hotels.c.id == item_id,)
    return (_rows.kind == kind, _rows.id == item_id)


def _values(item: Item) -> dict[str, Any]:
    kind = kind_of(item)
    if kind == "hotel":
        return hotel_values(item)  # type: ignore[arg-type]  # its kind says that it is one
    return {"kind": kind, "id": id_of(item), "place": place_of(item), "doc": json_text(item)}
