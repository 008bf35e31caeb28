"""Hotels' rooms, guides and vehicles for tests, and a look at whether anything was given twice."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
from sqlalchemy import text

from backend.adapters.db.claiming import kept_from
from backend.adapters.db.database import SqlDatabase
from backend.domain.quotation import Hotel
from backend.domain.resources.claims import Claim, ClaimKind
from backend.domain.resources.guides import Guide
from backend.domain.resources.vehicles import Vehicle
from backend.domain.terms import RoomType
from backend.services.ports import Catalogue, Database

FIRST = date(2027, 3, 1)


def day(number: int) -> date:
    """That many days after the first."""
    return FIRST + timedelta(days=number)


def rooms_of(hotel: str, first: int, last: int, *, id_: str = "", booking: str = "", **rooms: int) -> Claim:
    """A claim of rooms for the nights numbered so."""
    named: dict[RoomType, int] = dict(rooms)  # type: ignore[assignment]  # the test's own words
    return Claim(id_ or f"{hotel}-{booking}", booking or "b", "allotment", hotel, day(first), day(last), named)


def days_of(kind: ClaimKind, resource: str, first: int, last: int, *, id_: str = "", booking: str = "b") -> Claim:
    """A claim of a guide's or a vehicle's days."""
    return Claim(id_ or f"{resource}-{booking}", booking, kind, resource, day(first), day(last))


def guide(id_: str, **fields: Any) -> Guide:
    return msgspec.structs.replace(Guide(id=id_, name=id_.title()), **fields)


def vehicle(id_: str, seats: int = 20, **fields: Any) -> Vehicle:
    plain = Vehicle(id=id_, name=id_.title(), vehicle_class="minibus", seats=seats)
    return msgspec.structs.replace(plain, **fields)


async def furnish(
    database: Database, guides: Sequence[str] = ("teo", "lía"), vehicles: Sequence[str] = ("bus",)
) -> None:
    """A hotel, guides and vehicles."""
    await database.put_hotel(Hotel(id="plaza", name="Plaza", city="Cusco"))
    for item in (*map(guide, guides), *map(vehicle, vehicles)):
        await put(database, item)


async def put(database: Catalogue, item: Any) -> None:
    assert await database.put_item(item, None)


async def allot(database: Database, hotel: str, first: int, last: int, **rooms: int) -> None:
    """An allotment of as many rooms in each of these nights, where there was none."""
    totals = {(day(n), kind): number for n in range(first, last + 1) for kind, number in rooms.items()}
    assert await database.set_allotment(hotel, (day(first), day(last)), totals=totals, seen={})  # type: ignore[arg-type]  # as above


async def violations(database: SqlDatabase) -> list[str]:
    """What is given twice, or counted otherwise than it is claimed."""
    rows = await database.rows(text("SELECT id, doc FROM claims WHERE NOT released"))
    kept = [kept_from(row.doc) for row in rows]
    claimed = Counter[tuple[str, str, str]]()
    for one in kept:
        for night, kind, number in one.nights:
            claimed[one.claim.resource_id, night.isoformat(), kind] += number
    found = []
    for row in await database.rows(text("SELECT hotel_id, night, room_type, total, taken FROM allotments")):
        when = str(row.night)
        counted = claimed.pop((row.hotel_id, when, row.room_type), 0)
        if counted != row.taken or row.taken > row.total:
            found.append(f"{row.hotel_id} {when}: {counted} claimed, {row.taken} taken, {row.total} there")
    found += [f"nothing there for {key}" for key in claimed]
    given = Counter(
        (one.claim.kind, one.claim.resource_id, day)
        for one in kept
        if one.claim.kind != "allotment"
        for day in one.claim.days
    )
    found += [f"{key} is given {times} times" for key, times in given.items() if times > 1]
    entered = await database.rows(text("SELECT kind, resource_id, day FROM resource_days WHERE claim_id IS NOT NULL"))
    if len(entered) != sum(given.values()):
        found.append(f"{len(entered)} days are entered, {sum(given.values())} claimed")
    return found
