"""The shapes of the live protocol, for those who generate code from them. DESIGN.md, "Wire protocol".

Commands are read with the very structs that are named here. What leaves is written elsewhere, most of it in commits;
the structs for it describe it, and a test over real sockets holds the server to them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from backend.api.app import OPERATIONS
from backend.api.schemas import Empty, InboxLeft, InboxPage, Who
from backend.domain.money import Money
from backend.domain.principals import Role
from backend.domain.refusals import Code
from backend.services.commands import COMMANDS as FACTS
from privacy.hearing import NAMES
from realtime.handlers import payloads

JsonObject: TypeAlias = Annotated[dict[str, Any], Meta(title="JsonObject")]
Name: TypeAlias = Annotated[
    str,
    Meta(extra_json_schema={"enum": sorted(NAMES | {"announcement.published", "inbox.read", "notification.created"})}),
]
Yes: TypeAlias = Annotated[bool, Meta(extra_json_schema={"const": True})]
No: TypeAlias = Annotated[bool, Meta(extra_json_schema={"const": False})]


class _Shape(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Accepted(_Shape, frozen=True, kw_only=True):
    """An ack; `data` is the command's own."""

    ok: Yes
    data: JsonObject


class Refusal(_Shape, frozen=True, kw_only=True):
    """A typed "no"; `retry_after` is in seconds."""

    code: Code
    message: str
    retry_after: float | UnsetType = UNSET
    data: JsonObject | UnsetType = UNSET


class Refused(_Shape, frozen=True, kw_only=True):
    """An ack that says no."""

    ok: No
    error: Refusal


class Theirs(_Shape, frozen=True, kw_only=True):
    """What somebody else made of a field meanwhile."""

    value: Any
    by: Who | None
    at: datetime


class Conflict(_Shape, frozen=True, kw_only=True):
    """The data of `quotation.conflict`; `version` is the one to base a second attempt on."""

    version: int
    fields: dict[str, Theirs]


class RoomPosition(_Shape, frozen=True, kw_only=True):
    room: str
    epoch: str
    seq: int


class Change(_Shape, frozen=True, kw_only=True):
    """`change` is a JSON Merge Patch of the viewer's view; the others come with the facts that disclose them."""

    change: JsonObject
    rank: int | UnsetType = UNSET
    of: int | UnsetType = UNSET
    totals: tuple[Money, ...] | UnsetType = UNSET


class Fact(_Shape, frozen=True, kw_only=True):
    """A frame with a position. `by` is null when the viewer may not know who did it."""

    v: Literal[1]
    id: str
    name: Name
    room: str
    epoch: str
    seq: int
    at: datetime
    by: Who | None
    data: Change


class Member(Who, frozen=True, kw_only=True):
    """Somebody in a room, with what they have in focus as far as the viewer may know.

    In the room of a list, `room` is the one among those listed that they are in.
    """

    room: str | UnsetType = UNSET
    focus: str | UnsetType = UNSET
    typing: bool | UnsetType = UNSET


class Comings(_Shape, frozen=True, kw_only=True):
    """`left` are ids; `focus` is by the ids of those who joined. In the room of a list, `room` is where they did."""

    room: str | UnsetType = UNSET
    joined: tuple[Member, ...]
    left: tuple[str, ...]
    focus: dict[str, str]


class Focus(_Shape, frozen=True, kw_only=True):
    focus: str | None


class Typing(_Shape, frozen=True, kw_only=True):
    typing: bool


class _Signal(_Shape, frozen=True, kw_only=True):
    v: Literal[1]
    id: str
    room: str
    at: datetime


class PresenceChanged(_Signal, frozen=True, kw_only=True):
    name: Literal["presence.changed"]
    by: None
    data: Comings


class FocusChanged(_Signal, frozen=True, kw_only=True):
    name: Literal["focus.changed"]
    by: Who
    data: Focus


class TypingChanged(_Signal, frozen=True, kw_only=True):
    name: Literal["typing.changed"]
    by: Who
    data: Typing


class Joined(_Shape, frozen=True, kw_only=True):
    """What a join found: the missed facts if `recovered`, else all that the viewer may see."""

    room: str
    epoch: str
    seq: int
    recovered: bool
    events: tuple[Fact, ...]
    snapshot: JsonObject | None
    presence: tuple[Member, ...]


class SessionUser(_Shape, frozen=True, kw_only=True):
    id: str
    name: str
    role: Role


class ReadyRoom(RoomPosition, frozen=True, kw_only=True):
    """`presence` is who is there, in a room whose members one is shown, if the session was recovered."""

    presence: tuple[Member, ...] | UnsetType = UNSET


class SessionReady(_Shape, frozen=True, kw_only=True):
    """The first event: who one is, and the rooms one is in.

    If `recovered`, it is the session that one had before: in all its rooms, each going on with what was missed after
    the position given. Else in the rooms entered without asking, where they stand.
    """

    user: SessionUser
    rooms: tuple[ReadyRoom, ...]
    expires_at: datetime
    recovered: bool


class Expiry(_Shape, frozen=True, kw_only=True):
    expires_at: datetime


class SessionClosed(_Shape, frozen=True, kw_only=True):
    code: Code


class RoomReset(RoomPosition, frozen=True, kw_only=True):
    """The viewer's rights changed: the room starts anew from this snapshot."""

    snapshot: JsonObject | None


class RoomClosed(_Shape, frozen=True, kw_only=True):
    room: str
    code: Code


class Draining(_Shape, frozen=True, kw_only=True):
    """Seconds until the connection is closed."""

    within: float


class Command(NamedTuple):
    """What a command takes and what its ack's `data` is."""

    payload: type[Struct]
    data: type[Struct]


_ANSWERS = {operation.name: operation.answer for operation in OPERATIONS}
COMMANDS: Final[Mapping[str, Command]] = {
    "room.join": Command(payloads.Join, Joined),
    "room.leave": Command(payloads.Leave, Empty),
    "presence.update": Command(payloads.Update, Empty),
    "inbox.ack": Command(payloads.Ack, InboxLeft),
    "session.refresh": Command(payloads.Refresh, Expiry),
    **{name: Command(fact.payload, _ANSWERS[name.replace(".", "_")]) for name, fact in FACTS.items()},
}
SERVICE: Final[Mapping[str, type[Struct]]] = {
    "session.ready": SessionReady,
    "session.expiring": Expiry,
    "session.closed": SessionClosed,
    "room.reset": RoomReset,
    "room.closed": RoomClosed,
    "inbox.page": InboxPage,
    "server.draining": Draining,
}
SIGNALS: Final[Mapping[str, type[Struct]]] = {
    "presence.changed": PresenceChanged,
    "focus.changed": FocusChanged,
    "typing.changed": TypingChanged,
}
