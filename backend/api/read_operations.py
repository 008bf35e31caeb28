"""Every read of the API."""

from collections.abc import Awaitable, Callable
from typing import Any

from backend.api import dashboard_schemas, ops_schemas, schemas
from backend.api.operations import Call, Handler, Limit, Operation, Paging
from backend.services import catalogue, dashboard, inbox, ops, reads

ListRead = Callable[..., Awaitable[object]]


def _list(read: ListRead, *names: str) -> Handler:
    """A handler for a list read of `(deps, principal, *path parameters, cursor, limit)`."""

    async def handler(call: Call) -> object:
        given = [call.path(name) for name in names]
        return await read(call.rest.deps, call.who, *given, call.query.next, call.query.limit)

    return handler


def _one(read: ListRead, name: str) -> Handler:
    async def handler(call: Call) -> object:
        return await read(call.rest.deps, call.who, call.path(name))

    return handler


async def _announcements(call: Call) -> object:
    return await catalogue.announcements(call.rest.deps, call.query.next, call.query.limit)


async def _inbox(call: Call) -> object:
    return await inbox.page(call.rest.deps, call.who, call.query.limit, call.rest.inbox_most)


async def _ops(call: Call) -> object:
    return await ops.overview(call.rest.deps, call.who, call.rest.board)


async def _dashboard(call: Call) -> object:
    return await dashboard.dashboard(call.rest.deps, call.who, call.query.company_id)


def _read(path: str, name: str, summary: str, handler: Handler, answer: Any, **more: Any) -> Operation:
    return Operation(
        name=name,
        method="GET",
        path=f"/api/v1/{path}",
        summary=summary,
        tag=path.partition("/")[0],
        handler=handler,
        answer=answer,
        **more,
    )


def _paged(path: str, name: str, summary: str, handler: Handler, answer: Any, **more: Any) -> Operation:
    return _read(path, name, summary, handler, answer, query=Paging, **more)


OPERATIONS = (
    _paged(
        "quotations",
        "list_quotations",
        "One's quotations, newest first",
        _list(reads.quotations),
        schemas.QuotationList,
    ),
    _read(
        "quotations/{quotation_id}",
        "get_quotation",
        "A quotation as one may see it",
        _one(reads.quotation, "quotation_id"),
        schemas.QuotationView,
    ),
    _read(
        "quotations/{quotation_id}/offers",
        "list_offers",
        "A quotation's offers that one may see",
        _one(reads.offers, "quotation_id"),
        schemas.OfferList,
    ),
    _paged(
        "quotations/{quotation_id}/versions",
        "list_versions",
        "The versions of a quotation's terms, newest first",
        _list(reads.versions, "quotation_id"),
        schemas.VersionList,
    ),
    _paged("bookings", "list_bookings", "One's bookings", _list(reads.bookings), schemas.BookingList),
    _read(
        "bookings/{booking_id}",
        "get_booking",
        "A booking as one may see it",
        _one(reads.booking, "booking_id"),
        schemas.BookingView,
    ),
    _read("inbox", "get_inbox", "What waits to be acknowledged", _inbox, schemas.InboxPage, query=Limit),
    _paged(
        "announcements",
        "list_announcements",
        "Announcements, for everybody",
        _announcements,
        schemas.AnnouncementList,
        access="anyone",
    ),
    _paged("hotels", "list_hotels", "The hotels that may be invited", _list(catalogue.hotels), schemas.HotelList),
    _paged("clients", "list_clients", "An agency's customers", _list(catalogue.clients), schemas.ClientList),
    _paged("people", "list_people", "Everybody with a login, for admins", _list(catalogue.people), schemas.PersonList),
    _read(
        "dashboard",
        "get_dashboard",
        "The last weeks in figures: an agency's own, for admins everybody's or one company's",
        _dashboard,
        dashboard_schemas.DashboardView,
        query=dashboard_schemas.DashboardQuery,
    ),
    _read("ops", "get_ops", "The processes that run this and how they do, for admins", _ops, ops_schemas.OpsView),
)
