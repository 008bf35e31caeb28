"""Reading what is not a quotation: announcements, hotels, clients, people."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from backend.domain.principals import Principal, Role
from backend.domain.quotation import Hotel
from backend.domain.refusals import Forbidden
from backend.services.announcements import announcement_view
from backend.services.deps import Deps
from backend.services.paging import PAGE, Item, opened, page, slice_after
from backend.services.records import User
from privacy.wire import decimal_text


class Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


async def announcements(deps: Deps, cursor: str | None, limit: int = PAGE) -> Item:
    """Newest first, for everybody, logged in or not."""
    found = await deps.db.announcements(opened(cursor), limit + 1)
    return page([(one.id, announcement_view(one)) for one in found], limit)


async def hotels(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """The catalogue by name, for those who invite; a hotel learns of no other.

    Raises:
        Refusal: `command.forbidden`.
    """
    allow(principal, "admin", "agent")
    return _listed(await deps.db.hotels(), cursor, limit, _hotel)


async def clients(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """An agency's own customers, or all of them for an admin, by name.

    Raises:
        Refusal: `command.forbidden`.
    """
    allow(principal, "admin", "agent")
    everybodys = principal.role == "admin"
    found = await (deps.db.users_of(role="client") if everybodys else deps.db.clients_of(principal.company_id or ""))
    return _listed(found, cursor, limit, _client)


async def people(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """Everybody with a login, by name, for admins.

    Raises:
        Refusal: `command.forbidden`.
    """
    allow(principal, "admin")
    return _listed(await deps.db.users_of(), cursor, limit, person_view)


def allow(principal: Principal, *roles: Role) -> None:
    """Raises:
    Refusal: `command.forbidden`, whatever there is.
    """
    if principal.role not in roles:
        raise Forbidden("command.forbidden", "That is not for your role.")


def person_view(user: User) -> Item:
    """A person to an admin, and to themselves."""
    who: Item = {"id": user.id, "email": user.email, "name": user.name, "role": user.role, "active": user.active}
    belongs = {"company_id": user.company_id, "hotel_id": user.hotel_id, "customer_of": user.customer_of}
    return who | {name: id_ for name, id_ in belongs.items() if id_}


def _listed(found: Iterable[T], cursor: str | None, limit: int, shown: Callable[[T], Item]) -> Item:
    by_name = sorted(found, key=_place)
    rest = slice_after(by_name, _place, opened(cursor), limit)
    return page([(_place(one), shown(one)) for one in rest], limit)


def _hotel(hotel: Hotel) -> Item:
    return {
        "id": hotel.id,
        "name": hotel.name,
        "city": hotel.city,
        "rating": decimal_text(hotel.rating),
        "distance_km": decimal_text(hotel.distance_km),
        "capacity": hotel.capacity,
        "amenities": list(hotel.amenities),
        "answer_rate": decimal_text(hotel.answer_rate),
    }


def _client(user: User) -> Item:
    return {"id": user.id, "name": user.name, "email": user.email}


def _place(one: Named) -> str:
    return f"{one.name.casefold()}|{one.id}"
