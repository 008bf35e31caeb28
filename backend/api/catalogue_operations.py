"""The catalogues: items by kind, and months of allotments and calendars.

A write says what it has seen: `If-Match` with the ETag of what it replaces, or `If-None-Match: *` for what is new.
"""

from typing import Any, NamedTuple

from backend.api import catalogue_schemas as shapes
from backend.api import schemas
from backend.api.bodies import converted
from backend.api.operations import Call, Created, Handler, Operation, Paging
from backend.api.problems import BadRequest
from backend.domain.computation.tariff import Rate, Tariff
from backend.domain.quotation import Hotel
from backend.domain.refusals import Invalid
from backend.domain.resources.catalogue import Item, ItemKind, id_of
from backend.domain.resources.claims import CalendarKind
from backend.domain.resources.guides import Guide
from backend.domain.resources.templates import Profile, Template
from backend.domain.resources.vehicles import Vehicle
from backend.services import catalogues, months
from backend.services.guards import guard
from backend.services.tags import ANY, Seen, tags_in

_ROOT = "/api/v1/catalogue"


class _Shelf(NamedTuple):
    """A kind of item as REST has it; `dropped` if nothing refers to it, so that it can be."""

    kind: ItemKind
    shape: type[Item]
    body: Any
    answer: Any
    dropped: bool = True

    @property
    def path(self) -> str:
        return f"{_ROOT}/{self.kind}s"

    @property
    def one(self) -> str:
        return f"{self.path}/{{{self.kind}_id}}"

    @property
    def named(self) -> str:
        """Its name in those of schemas."""
        return self.kind.capitalize()


_SHELVES = (
    _Shelf("hotel", Hotel, shapes.HotelBody, schemas.HotelView, dropped=False),
    _Shelf("guide", Guide, shapes.GuideBody, Guide, dropped=False),
    _Shelf("vehicle", Vehicle, shapes.VehicleBody, Vehicle, dropped=False),
    _Shelf("tariff", Tariff, shapes.TariffBody, Tariff),
    _Shelf("rate", Rate, Rate, shapes.RateView),
    _Shelf("template", Template, shapes.TemplateBody, Template),
    _Shelf("profile", Profile, shapes.ProfileBody, Profile),
)


def _seen(call: Call) -> Seen:
    """Raises:
    BadRequest: the request does not say (428).
    Invalid: it says what cannot be.
    """
    match, none = call.request.headers.get("if-match"), call.request.headers.get("if-none-match")
    if none is not None and (none != ANY or match is not None):
        raise Invalid("A write has If-Match with an ETag, or If-None-Match: * and nothing else.")
    if none is None and not match:
        raise BadRequest(428, "Say what you have seen: If-Match with its ETag, or If-None-Match: * for what is new.")
    return Seen(match=tags_in(match or ""), new=none is not None)


def _item(shelf: _Shelf, item_id: str, body: dict[str, Any]) -> Item:
    """The body as an item of that id.

    Raises:
        Invalid: it is none.
    """
    guard(body)
    converted(body, shelf.body)
    if shelf.kind != "rate":
        return converted(body | {"id": item_id}, shelf.shape)
    rate = converted(body, Rate)
    if id_of(rate) != item_id:
        raise Invalid(f"A rate's id is made of its currencies and its day: {id_of(rate)}.")
    return rate


def _items(shelf: _Shelf) -> tuple[Operation, ...]:
    kind, name = shelf.kind, f"{shelf.kind}_id"

    async def listed(call: Call) -> object:
        return await catalogues.listed(call.rest.deps, call.who, kind, call.query.next, call.query.limit)

    async def read(call: Call) -> object:
        return await catalogues.one(call.rest.deps, call.who, kind, call.path(name))

    async def put(call: Call) -> object:
        seen, item = _seen(call), _item(shelf, call.path(name), call.body)
        view, new = await catalogues.put(call.rest.deps, call.who, item, seen)
        return Created(view) if new else view

    async def drop(call: Call) -> object:
        return await catalogues.drop(call.rest.deps, call.who, kind, call.path(name), _seen(call))

    page = shapes.list_of(shelf.answer, f"Catalogue{shelf.named}List")
    made = (
        _operation("GET", shelf.path, f"list_catalogue_{kind}s", f"The {kind}s", listed, page, query=Paging),
        _operation("GET", shelf.one, f"get_catalogue_{kind}", f"One of the {kind}s", read, shelf.answer),
        _write(shelf.one, f"put_catalogue_{kind}", f"Keep one of the {kind}s", put, shelf.answer, shelf.body, new=True),
    )
    if not shelf.dropped:
        return made
    gone = f"Drop one of the {kind}s"
    return (*made, _write(shelf.one, f"drop_catalogue_{kind}", gone, drop, schemas.Empty, None, method="DELETE"))


async def _allotment(call: Call) -> object:
    return await months.allotment(call.rest.deps, call.who, call.path("hotel_id"), call.path("month"))


async def _put_allotment(call: Call) -> object:
    seen, body = _seen(call), converted(call.body, shapes.AllotmentBody)
    hotel, month = call.path("hotel_id"), call.path("month")
    return await months.put_allotment(call.rest.deps, call.who, hotel, month, body.nights, seen)


def _calendar(kind: CalendarKind) -> tuple[Operation, ...]:
    path = f"{_ROOT}/{kind}s/{{{kind}_id}}/calendar/{{month}}"

    async def read(call: Call) -> object:
        return await months.calendar(call.rest.deps, call.who, kind, call.path(f"{kind}_id"), call.path("month"))

    async def put(call: Call) -> object:
        seen, body = _seen(call), converted(call.body, shapes.DaysOffBody)
        whose, month = call.path(f"{kind}_id"), call.path("month")
        return await months.put_days_off(call.rest.deps, call.who, kind, whose, month, body.off, seen)

    answer = shapes.CalendarView
    return (
        _operation("GET", path, f"get_{kind}_calendar", f"A {kind}'s days off and bookings of a month", read, answer),
        _write(path, f"put_{kind}_calendar", f"Keep a {kind}'s days off of a month", put, answer, shapes.DaysOffBody),
    )


def _operation(
    method: Any, path: str, name: str, summary: str, handler: Handler, answer: Any, **more: Any
) -> Operation:
    return Operation(
        name=name, method=method, path=path, summary=summary, tag="catalogue", handler=handler, answer=answer, **more
    )


def _write(
    path: str,
    name: str,
    summary: str,
    handler: Handler,
    answer: Any,
    body: Any,
    *,
    method: str = "PUT",
    new: bool = False,
) -> Operation:
    return _operation(method, path, name, summary, handler, answer, body=body, conditional=True, creates=new)


_ALLOTMENT = f"{_ROOT}/hotels/{{hotel_id}}/allotment/{{month}}"

OPERATIONS = (
    *(operation for shelf in _SHELVES for operation in _items(shelf)),
    _operation(
        "GET",
        _ALLOTMENT,
        "get_allotment",
        "A hotel's rooms to sell in a month, and how many are taken; for the hotel itself and admins",
        _allotment,
        shapes.AllotmentView,
    ),
    _write(
        _ALLOTMENT,
        "put_allotment",
        "Keep a hotel's rooms to sell in a month",
        _put_allotment,
        shapes.AllotmentView,
        shapes.AllotmentBody,
    ),
    *_calendar("guide"),
    *_calendar("vehicle"),
)
