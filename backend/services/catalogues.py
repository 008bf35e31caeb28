"""The catalogues by REST: admins keep them, agents read what they choose from. Nobody writes over what they have not
seen, and every change is an audit row. [S1]"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from backend.domain.principals import Principal, Role
from backend.domain.quotation import Hotel
from backend.domain.refusals import Forbidden, Refusal
from backend.domain.resources.catalogue import MOST, Item, ItemKind, id_of, kind_of, place_of
from backend.services import paging
from backend.services.catalogue import allow
from backend.services.deps import Deps
from backend.services.paging import PAGE
from backend.services.records import AuditRow
from backend.services.repricing import catalogue_changed
from backend.services.tags import Seen, conflict, require_seen

_READERS: Final[Mapping[ItemKind, tuple[Role, ...]]] = {
    "hotel": ("admin", "agent"),
    "template": ("admin", "agent"),
    "profile": ("admin", "agent"),
}
"""Who reads a kind besides whoever writes it: admins."""


async def listed(
    deps: Deps, principal: Principal, kind: ItemKind, cursor: str | None, limit: int = PAGE
) -> paging.Item:
    """A page of a kind's list, by name; tariffs and rates by the day from which they hold.

    Raises:
        Refusal: `command.forbidden`.
    """
    allow(principal, *_READERS.get(kind, ("admin",)))
    after = paging.opened(cursor)
    if kind == "hotel":
        hotels = sorted(await deps.db.hotels(), key=place_of)
        found = tuple(paging.slice_after(hotels, place_of, after, limit))
    else:
        found = await deps.db.items(kind, after or "", limit + 1)
    return paging.page([(place_of(one), view(one)) for one in found], limit)


async def one(deps: Deps, principal: Principal, kind: ItemKind, item_id: str) -> paging.Item:
    """Raises:
    Refusal: `command.forbidden`, `catalogue.not_found`.
    """
    allow(principal, *_READERS.get(kind, ("admin",)))
    found = await deps.db.item(kind, item_id)
    if found is None:
        raise not_found()
    return view(found[0])


async def put(deps: Deps, principal: Principal, item: Item, seen: Seen) -> tuple[paging.Item, bool]:
    """Stores an item; its view, and whether it is a new one.

    Raises:
        Refusal: `command.forbidden`; `catalogue.conflict`, something else stands there than was seen; `catalogue.full`.
    """
    allow(principal, "admin")
    kind = kind_of(item)
    found = await deps.db.item(kind, id_of(item))
    require_seen(seen, view(found[0]) if found else None)
    if found is None and await deps.db.count_items(kind) >= MOST[kind]:
        raise Refusal("catalogue.full", f"There are {MOST[kind]} of these already.")
    if not await deps.db.put_item(item, found[1] if found else None):
        raise conflict()
    record(deps, principal, "catalogue.put", f"{kind}:{id_of(item)}")
    await catalogue_changed(deps, kind)
    return view(item), found is None


async def drop(deps: Deps, principal: Principal, kind: ItemKind, item_id: str, seen: Seen) -> paging.Item:
    """Forgets an item of a kind that nothing refers to.

    Raises:
        Refusal: `command.forbidden`, `catalogue.not_found`, `catalogue.conflict`.
    """
    allow(principal, "admin")
    found = await deps.db.item(kind, item_id)
    if found is None:
        raise not_found()
    require_seen(seen, view(found[0]))
    if not await deps.db.drop_item(kind, item_id, found[1]):
        raise conflict()
    record(deps, principal, "catalogue.drop", f"{kind}:{item_id}")
    await catalogue_changed(deps, kind)
    return {}


def view(item: Item) -> paging.Item:
    """An item as everybody sees it who may see it."""
    shown: dict[str, Any] = msgspec.to_builtins(item)
    return {"id": id_of(item)} | shown


def not_found() -> Forbidden:
    return Forbidden("catalogue.not_found", "There is nothing like that in the catalogue.")


def record(deps: Deps, principal: Principal, action: str, subject: str, detail: dict[str, str] | None = None) -> None:
    deps.db.record(
        AuditRow(
            id=deps.new_id(),
            at=deps.now(),
            user_id=principal.user_id,
            company_id=principal.company_id,
            action=action,
            subject=subject,
            outcome="ok",
            detail=detail or {},
        )
    )


async def known_hotel(deps: Deps, hotel_id: str) -> Hotel:
    """Raises:
    Refusal: `catalogue.not_found`.
    """
    found = await deps.db.item("hotel", hotel_id)
    if found is None:
        raise not_found()
    hotel: Hotel = found[0]
    return hotel
