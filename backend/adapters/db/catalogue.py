"""The catalogues that admins keep. Who writes has seen the revision that stands there, or is told."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, delete, select, update

from backend.adapters.db import tables
from backend.adapters.db.rows import json_text
from backend.adapters.db.store import Store
from backend.domain.resources.catalogue import SHAPES, Item, ItemKind, kind_of, place_of

_rows = tables.catalogue.c
_LIST = select(_rows.doc).where(_rows.kind == bindparam("of"), _rows.place > bindparam("after")).order_by(_rows.place)
_DECODERS: Final[Mapping[str, msgspec.json.Decoder[Any]]] = {
    kind: msgspec.json.Decoder(shape) for kind, shape in SHAPES.items()
}


class CatalogueRows(Store):
    """The port `Catalogue`."""

    async def items(self, kind: ItemKind, after: str = "", limit: int | None = None) -> tuple[Any, ...]:
        statement = _LIST if limit is None else _LIST.limit(limit)
        rows = await self.rows(statement, {"of": kind, "after": after})
        return tuple(_DECODERS[kind].decode(row.doc) for row in rows)

    async def item(self, kind: ItemKind, item_id: str) -> tuple[Any, int] | None:
        wanted = select(_rows.doc, _rows.revision).where(_rows.kind == kind, _rows.id == item_id)
        found = await self.rows(wanted)
        return (_DECODERS[kind].decode(found[0].doc), found[0].revision) if found else None

    async def put_item(self, item: Item, seen: int | None) -> bool:
        place = place_of(item)
        values = {"kind": kind_of(item), "id": item.id, "place": place, "doc": json_text(item)}
        if seen is None:
            insert = self.dialect.insert(tables.catalogue).values(**values, revision=1)
            return bool(await self.write(insert.on_conflict_do_nothing().returning(_rows.id)))
        mine = (_rows.kind == values["kind"], _rows.id == item.id, _rows.revision == seen)
        change = update(tables.catalogue).where(*mine).values(place=place, doc=values["doc"], revision=seen + 1)
        return bool(await self.write(change.returning(_rows.id)))

    async def drop_item(self, kind: ItemKind, item_id: str, seen: int) -> bool:
        mine = (_rows.kind == kind, _rows.id == item_id, _rows.revision == seen)
        return bool(await self.write(delete(tables.catalogue).where(*mine).returning(_rows.id)))
