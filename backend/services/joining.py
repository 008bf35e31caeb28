"""Who may be in which room, and what a join answers with. Authorising is mapping a principal to its one channel."""

from typing import Any

import msgspec

from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden, Refusal
from backend.services.deps import Deps
from backend.services.records import ChannelPosition
from privacy.audiences import audience_of
from privacy.views import view
from rooms.names import BadName, RoomName, channel, parse_room

ANNOUNCEMENTS = "public:announcements"
ROOM_KINDS = frozenset({"quotation", "company", "hotel", "user", "public"})


class RoomState(msgspec.Struct, frozen=True):
    """A channel's position and what its audience sees of the room there; list rooms have no snapshot."""

    channel: str
    position: ChannelPosition
    snapshot: dict[str, Any] | None


def automatic_rooms(principal: Principal) -> tuple[str, ...]:
    """The rooms that a principal is in without asking."""
    own = [f"user:{principal.user_id}"]
    if company := company_room(principal):
        own.append(company)
    if principal.hotel_id and principal.role == "hotel":
        own.append(f"hotel:{principal.hotel_id}")
    return (*own, ANNOUNCEMENTS)


def company_room(principal: Principal) -> str | None:
    """The list of the agency whose people one belongs to."""
    return f"company:{principal.company_id}" if principal.company_id and principal.role == "agent" else None


async def authorise(deps: Deps, principal: Principal, room: str) -> str:
    """The one channel of `room` that the principal may have.

    Raises:
        Refusal: `room.unknown` for a malformed name, else `room.forbidden`, alike for what is not theirs and
            what is not there.
    """
    name = _parse(room)
    if name.kind != "quotation":
        return _own_channel(principal, room, name)
    return _quotation_channel(principal, room, await deps.db.quotation(name.id))


async def room_state(deps: Deps, principal: Principal, room: str) -> RoomState:
    """The snapshot and the position that fits it exactly, authorised by that same reading.

    Raises:
        Refusal: as `authorise`.
    """
    name = _parse(room)
    if name.kind != "quotation":
        own = _own_channel(principal, room, name)
        return RoomState(own, (await deps.db.position([own]))[own], None)
    expected = await authorise(deps, principal, room)
    quotation, position = await deps.db.quotation_at(name.id, expected)
    if _quotation_channel(principal, room, quotation) != expected or quotation is None:
        raise _forbidden()
    return RoomState(expected, position, view(quotation, expected.partition("/")[2]))


def _own_channel(principal: Principal, room: str, name: RoomName) -> str:
    if room not in automatic_rooms(principal):
        raise _forbidden()
    audience = {"user": "self", "company": "agency", "public": "public"}.get(name.kind, room)
    return channel(room, audience, shared=audience != "self")


def _quotation_channel(principal: Principal, room: str, quotation: Quotation | None) -> str:
    audience = audience_of(principal, quotation) if quotation else None
    if audience is None:
        raise _forbidden()
    return channel(room, audience)


def _parse(room: str) -> RoomName:
    try:
        return parse_room(room, ROOM_KINDS)
    except BadName:
        raise Refusal("room.unknown", "That is not the name of a room.") from None


def _forbidden() -> Forbidden:
    return Forbidden("room.forbidden", "You may not join that room.")
