"""Reading quotations and bookings, each as its viewer may see it. [P5] Every reading leaves an audit row. [S1]"""

import asyncio
import re
from collections.abc import AsyncIterator

import msgspec

from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import booking_not_found, quotation_not_found
from backend.domain.terms import Terms
from backend.services.deps import Deps
from backend.services.paging import PAGE, Item, cursor_at, opened, opened_number, page
from backend.services.records import AuditRow, VersionRow
from privacy.audiences import actor_view, audience_of
from privacy.fields import may_see_field
from privacy.views import Views, view
from privacy.wire import time_text

_SCANNED = 100
"""Documents looked at for one page of a list that has only some of them."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BOOKED_TERMS = ("title", "destination", "check_in", "check_out")


async def quotations(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """The principal's quotations, newest first: each one's view, and what else the live list keeps in its rows."""
    before, found = opened(cursor), []
    _write(deps, principal, "quotation.list", "quotations", principal.company_id)
    async for seen in _seen(deps, principal, before, limit + 1):
        found.append((str(seen["id"]), seen))
        if len(found) > limit:
            break
    return page(found, limit)


async def quotation(deps: Deps, principal: Principal, quotation_id: str) -> Item:
    """One quotation's view.

    Raises:
        Refusal: `quotation.not_found`, alike for what is not theirs and what is not there.
    """
    document, audience = await theirs(deps, principal, quotation_id)
    record(deps, principal, document, "quotation.read")
    return view(document, audience)


async def offers(deps: Deps, principal: Principal, quotation_id: str) -> Item:
    """The offers of one quotation's view, by id; a hotel's list has its own alone.

    Raises:
        Refusal: `quotation.not_found`.
    """
    seen = await quotation(deps, principal, quotation_id)
    return {"items": [offer for _, offer in sorted(seen.get("offers", {}).items())], "next": None}


async def versions(deps: Deps, principal: Principal, quotation_id: str, cursor: str | None, limit: int = PAGE) -> Item:
    """The versions of the terms, newest first: who made each, what changed, and the terms as they then were.

    Raises:
        Refusal: `quotation.not_found`, also for those who see no history.
    """
    before = opened_number(cursor)
    document, audience = await theirs(deps, principal, quotation_id)
    if "version" not in view(document, audience):
        raise quotation_not_found()
    record(deps, principal, document, "quotation.history_read")
    rows = await deps.db.versions(quotation_id, before, limit + 1)
    return page([(str(made.version), _version(made, document, audience)) for made in rows], limit)


async def bookings(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """The principal's bookings, those of the newest quotations first. A page may be short and still have a next."""
    before, scanned = opened(cursor), 0
    found: list[tuple[str, Item]] = []
    _write(deps, principal, "booking.list", "bookings", principal.company_id)
    async for seen in _seen(deps, principal, before, _SCANNED):
        scanned += 1
        found += [(str(seen["id"]), _booking(seen))] if "booking" in seen else []
        if len(found) > limit:
            break
        if scanned == _SCANNED:
            return {"items": [item for _, item in found], "next": cursor_at(seen["id"])}
    return page(found, limit)


async def booking(deps: Deps, principal: Principal, booking_id: str) -> Item:
    """One booking as its viewer may see it, with the trip it is for.

    Raises:
        Refusal: `booking.not_found`, alike for what is not theirs and what is not there.
    """
    document, audience = await their_booking(deps, principal, booking_id)
    record(deps, principal, document, "booking.read")
    return _booking(view(document, audience))


def index_of(principal: Principal) -> str | None:
    """Under which name lists have what the principal may see."""
    match principal.role:
        case "admin":
            return "admin"
        case "agent":
            return f"agency:{principal.company_id}" if principal.company_id else None
        case "hotel":
            return f"hotel:{principal.hotel_id}" if principal.hotel_id else None
        case role:
            return f"{role}:{principal.user_id}"


async def _seen(deps: Deps, principal: Principal, before: str | None, at_once: int) -> AsyncIterator[Item]:
    """Everything that the principal may see below the id `before`, newest first; read `at_once` together."""
    index = index_of(principal)
    while index:
        documents = await deps.db.quotations(index, before, at_once)
        for document in documents:
            audience = audience_of(principal, document)
            views = Views(document)
            if audience and (seen := views.of(audience)):
                yield views.row(audience) | seen
            # A view takes a moment, and many of them in a row would keep everybody else waiting.
            await asyncio.sleep(0)
        if len(documents) < at_once:
            return
        before = documents[-1].id


async def theirs(deps: Deps, principal: Principal, quotation_id: str) -> tuple[Quotation, str]:
    """A quotation, and as which audience the principal sees it; who asks for it has it recorded what was read.

    Raises:
        Refusal: `quotation.not_found`.
    """
    document = await deps.db.quotation(quotation_id) if _ID.fullmatch(quotation_id) else None
    audience = audience_of(principal, document) if document else None
    if document is None or audience is None:
        raise quotation_not_found()
    return document, audience


async def their_booking(deps: Deps, principal: Principal, booking_id: str) -> tuple[Quotation, str]:
    """As `theirs`, of a booking that the principal sees.

    Raises:
        Refusal: `booking.not_found`.
    """
    document = await deps.db.quotation_of_booking(booking_id) if _ID.fullmatch(booking_id) else None
    audience = audience_of(principal, document) if document else None
    if document is None or audience is None or "booking" not in view(document, audience):
        raise booking_not_found()
    return document, audience


def _version(made: VersionRow, document: Quotation, audience: str) -> Item:
    # Offers and what came of them say nothing about terms, and take long to price.
    then = view(
        msgspec.structs.replace(document, terms=made.terms, offers={}, award=None, booking=None, costing=None), audience
    )
    changes = [
        {"field": field, "old": change.get("old"), "new": change.get("new")}
        for field, change in sorted(made.changes.items())
        if may_see_field(field, audience)
    ]
    return {
        "version": made.version,
        "at": time_text(made.at),
        "by": actor_view(made.by, audience, document),
        "changes": changes,
        "terms": {name: then[name] for name in Terms.__struct_fields__ if name in then},
    }


def _booking(seen: Item) -> Item:
    trip = {name: seen[name] for name in _BOOKED_TERMS if name in seen}
    return {**seen["booking"], "quotation_id": seen["id"], **trip}


def record(
    deps: Deps, principal: Principal, document: Quotation, action: str, detail: dict[str, str] | None = None
) -> None:
    """An agency reads in its audit who looked at its quotations, but hotels' staff are no business of its own."""
    company_id = None if principal.role == "hotel" else document.company.id
    _write(deps, principal, action, f"quotation:{document.id}", company_id, detail)


def _write(
    deps: Deps,
    principal: Principal,
    action: str,
    subject: str,
    company_id: str | None,
    detail: dict[str, str] | None = None,
) -> None:
    deps.db.record(
        AuditRow(
            id=deps.new_id(),
            at=deps.now(),
            user_id=principal.user_id,
            company_id=company_id,
            action=action,
            subject=subject,
            outcome="ok",
            detail=detail or {},
        )
    )
