"""Who of those in a room an audience sees, as what, and whose focus and typing reach it.

| viewer | sees |
|---|---|
| admin | everybody |
| agency | the agency's people; of hotels only that they are there |
| hotel, client | the agency's people |

In its list of quotations an agency sees which of its people are in which; no other list shows anybody.

A hotel that has nothing more to hear of a quotation sees nobody in it. Focus and typing tell what a person does, so
they go where the person is seen as such and the field is seen too: a hotel's or a client's to admins alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from backend.domain.quotation import Quotation
from privacy.audiences import ADMIN, AGENCY, hotel_audience, kind
from privacy.fields import may_see_field

_AGENCY_KNOWN_TO = frozenset(("admin", "agency", "hotel", "client"))


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person in a room, with the audience they joined as, and what they are at.

    In the room of a list, `at` is the room among those listed that they are in.
    """

    audience: str
    user_id: str
    name: str
    hotel_id: str | None = None
    focus: str | None = None
    typing: bool = False
    at: str | None = None


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """What presence needs to know of the room: the invited hotels' names, and the audiences that hear nothing more."""

    hotels: Mapping[str, str] = {}
    frozen: frozenset[str] = frozenset()


def scope_of(quotation: Quotation) -> Scope:
    invitations = quotation.invitations
    return Scope(
        hotels={hotel_id: invitation.hotel.name for hotel_id, invitation in invitations.items()},
        frozen=frozenset(hotel_audience(hotel_id) for hotel_id, invitation in invitations.items() if invitation.seen),
    )


def presence_view(entries: Iterable[Entry], audience: str, scope: Scope) -> dict[str, dict[str, Any]]:
    """Those whom the audience sees, `{id: {kind, id, name, focus?, typing?}}`; several of one hotel are one."""
    seen = [_seen(entry, audience, scope) for entry in entries]
    return {person["id"]: person for person in seen if person}


def whereabouts(entries: Iterable[Entry], audience: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Who is in which of the rooms that a list is of, `{room: {id: {kind, id, name}}}`: colleagues, to an agency."""
    rooms: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in entries:
        if entry.at and audience == entry.audience == AGENCY:
            rooms.setdefault(entry.at, {})[entry.user_id] = {"kind": "agent", "id": entry.user_id, "name": entry.name}
    return rooms


def _seen(entry: Entry, audience: str, scope: Scope) -> dict[str, Any] | None:
    if _knows_person(audience, entry.audience, scope):
        person: dict[str, Any] = {"kind": _role(entry.audience), "id": entry.user_id, "name": entry.name}
        if entry.focus and may_see_field(entry.focus, kind(audience)):
            person["focus"] = entry.focus
            person |= {"typing": True} if entry.typing else {}
        return person
    house = scope.hotels.get(entry.hotel_id) if entry.hotel_id and audience == AGENCY else None
    return {"kind": "hotel", "id": entry.hotel_id, "name": house} if house else None


def _knows_person(audience: str, other: str, scope: Scope) -> bool:
    if audience == ADMIN:
        return True
    return other == AGENCY and kind(audience) in _AGENCY_KNOWN_TO and audience not in scope.frozen


def _role(audience: str) -> str:
    return "agent" if audience == AGENCY else kind(audience)
