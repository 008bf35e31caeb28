"""The demo's catalogues, put there as admins and hotels would keep them."""

import asyncio
from datetime import date, timedelta
from typing import Final

from backend.domain.resources.catalogue import Item
from backend.domain.terms import RoomType
from backend.services.deps import Deps
from workers.demo.crew import VEHICLES, guides
from workers.demo.prices import rates, tariffs
from workers.demo.templates import PROFILES, TEMPLATES

_NIGHTS: Final = 330
_ALLOTTED: Final[dict[str, dict[RoomType, int]]] = {
    "plaza": {"single": 24, "double": 30, "twin": 20, "triple": 6},
    "mirador": {"single": 10, "double": 16, "twin": 16, "triple": 4},
    "sol": {"single": 22, "double": 20, "twin": 16, "triple": 5},
    "murallas": {"single": 8, "double": 24, "twin": 18, "triple": 4},
}
"""What some of the hotels let the platform sell every night; the others are on request."""


async def put_catalogue(deps: Deps) -> None:
    """Everything but the hotels, which are there already."""
    today = deps.now().date()
    items: tuple[Item, ...] = (*guides(today), *VEHICLES, *tariffs(today), *rates(today), *TEMPLATES, *PROFILES)
    await asyncio.gather(*(deps.db.put_item(item, None) for item in items))
    await asyncio.gather(*(_allot(deps, hotel_id, today, rooms) for hotel_id, rooms in _ALLOTTED.items()))
    next_month = today + timedelta(days=30)
    off = [next_month + timedelta(days=n) for n in range(5)]
    await deps.db.set_days_off("guide", "nilda", (off[0], off[-1]), off=off, seen=())


async def _allot(deps: Deps, hotel_id: str, first: date, rooms: dict[RoomType, int]) -> None:
    nights = [first + timedelta(days=n) for n in range(_NIGHTS)]
    totals = {(night, kind): number for night in nights for kind, number in rooms.items()}
    await deps.db.set_allotment(hotel_id, (nights[0], nights[-1]), totals=totals, seen={})
