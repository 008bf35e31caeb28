"""Allotments and calendars, a month at a time: what is kept by hand, beside what bookings have taken of it."""

import re
from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from backend.domain.principals import Principal
from backend.domain.refusals import Invalid
from backend.domain.resources.claims import CalendarKind, Night, Use
from backend.domain.terms import RoomType
from backend.services.catalogue import allow
from backend.services.catalogues import known_hotel, not_found, record
from backend.services.deps import Deps
from backend.services.paging import Item
from backend.services.ports import Span
from backend.services.tags import Seen, conflict, require_seen

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
Rooms = Mapping[date, Mapping[RoomType, int]]


async def allotment(deps: Deps, principal: Principal, hotel_id: str, month: str) -> Item:
    """A hotel's allotment: what it lets the platform sell by night and room type, and how much of that is taken. A
    hotel reads its own, and learns of no other whether it exists.

    Raises:
        Refusal: `command.forbidden`, `catalogue.not_found`, `command.invalid`.
    """
    await _own(deps, principal, hotel_id)
    first, last = span_of(month)
    return _allotment_view(month, await deps.db.allotment(hotel_id, first, last))


async def put_allotment(deps: Deps, principal: Principal, hotel_id: str, month: str, rooms: Rooms, seen: Seen) -> Item:
    """Replaces the whole month; nights and types that are left out are on request.

    Raises:
        Refusal: as above; `catalogue.conflict`, something else stands there than was seen; `resource.taken`, more than
            that is booked.
    """
    await _own(deps, principal, hotel_id)
    first, last = span_of(month)
    _inside(month, rooms)
    before = await deps.db.allotment(hotel_id, first, last)
    require_seen(seen, _allotment_view(month, before))
    totals = {(night, kind): number for night, types in rooms.items() for kind, number in types.items()}
    known = {(one.night, one.room_type): one.total for one in before}
    if not await deps.db.set_allotment(hotel_id, (first, last), totals=totals, seen=known):
        raise conflict()
    record(deps, principal, "catalogue.put", f"hotel:{hotel_id}", {"allotment": month})
    return _allotment_view(month, await deps.db.allotment(hotel_id, first, last))


async def calendar(deps: Deps, principal: Principal, kind: CalendarKind, resource_id: str, month: str) -> Item:
    """A guide's or a vehicle's days off and bookings.

    Raises:
        Refusal: `command.forbidden`, `catalogue.not_found`, `command.invalid`.
    """
    allow(principal, "admin")
    span = span_of(month)
    return _calendar_view(month, await _uses(deps, kind, resource_id, span))


async def put_days_off(
    deps: Deps,
    principal: Principal,
    kind: CalendarKind,
    resource_id: str,
    month: str,
    off: Collection[date],
    seen: Seen,
) -> Item:
    """Replaces the month's days off.

    Raises:
        Refusal: as above; `catalogue.conflict`, something else stands there than was seen; `resource.taken`, a booking
            has one of the days.
    """
    allow(principal, "admin")
    span = span_of(month)
    _inside(month, off)
    before = await _uses(deps, kind, resource_id, span)
    require_seen(seen, _calendar_view(month, before))
    known = {use.day for use in before if use.booking_id is None}
    if not await deps.db.set_days_off(kind, resource_id, span, off=off, seen=known):
        raise conflict()
    record(deps, principal, "catalogue.put", f"{kind}:{resource_id}", {"calendar": month})
    return _calendar_view(month, await _uses(deps, kind, resource_id, span))


def span_of(month: str) -> Span:
    """Raises:
    Invalid: it is no month of this century.
    """
    found = _MONTH.fullmatch(month)
    if found is None:
        raise Invalid("month: is written like 2027-03", data={"field": "month"})
    year, number = int(found[1]), int(found[2])
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def _inside(month: str, days: Collection[date]) -> None:
    if any(day.isoformat()[:7] != month for day in days):
        raise Invalid("Every day lies in the month.")


async def _own(deps: Deps, principal: Principal, hotel_id: str) -> None:
    allow(principal, "admin", "hotel")
    if principal.role == "hotel" and principal.hotel_id != hotel_id:
        raise not_found()
    await known_hotel(deps, hotel_id)


async def _uses(deps: Deps, kind: CalendarKind, resource_id: str, span: Span) -> tuple[Use, ...]:
    if await deps.db.item(kind, resource_id) is None:
        raise not_found()
    return (await deps.db.calendar(kind, *span, [resource_id])).get(resource_id, ())


def _allotment_view(month: str, nights: Collection[Night]) -> Item:
    shown: dict[str, dict[str, dict[str, int]]] = {}
    for one in nights:
        shown.setdefault(one.night.isoformat(), {})[one.room_type] = {"total": one.total, "taken": one.taken}
    return {"month": month, "nights": shown}


def _calendar_view(month: str, uses: Collection[Use]) -> Item:
    off = [use.day.isoformat() for use in uses if use.booking_id is None]
    booked = {use.day.isoformat(): use.booking_id for use in uses if use.booking_id is not None}
    return {"month": month, "off": off, "booked": booked}
