"""Names of rooms, audiences and channels: how they are written, taken apart and refused.

A room is `kind:id`, an audience `word` or `word:id`, a channel `room/audience`. Which kinds exist is for the
caller to say: this package knows none by itself.
"""

import re
import sys
from collections.abc import Collection
from typing import NamedTuple

_ROOM = re.compile(r"([a-z]{1,32}):([A-Za-z0-9_-]{1,64})")
_AUDIENCE = re.compile(r"[a-z]{1,32}(?::[A-Za-z0-9_-]{1,64})?")


class BadName(ValueError):
    """A name that does not follow the grammar, or whose kind nobody registered."""


class RoomName(NamedTuple):
    """A room taken apart; `str()` writes it again."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


def parse_room(room: str, kinds: Collection[str]) -> RoomName:
    """The room's kind and id. Raises BadName if it is malformed or of a kind not among `kinds`."""
    name = _split_room(room)
    if name.kind not in kinds:
        raise BadName("unknown kind of room")
    return name


def room_kind(room: str) -> str:
    """The kind of a well-formed room, registered or not. Raises BadName."""
    return _split_room(room).kind


def channel(room: str, audience: str, *, shared: bool = True) -> str:
    """The channel of a room for an audience. Raises BadName if either is malformed.

    `shared`: whether more than one person may be in it.
    """
    _split_room(room)
    if _AUDIENCE.fullmatch(audience) is None:
        raise BadName("malformed audience")
    name = f"{room}/{audience}"
    # Everybody in it keeps the name.
    return sys.intern(name) if shared else name


def split_channel(channel: str) -> tuple[str, str]:
    """`(room, audience)` of a channel. Raises BadName."""
    room, slash, audience = channel.partition("/")
    _split_room(room)
    if not slash or _AUDIENCE.fullmatch(audience) is None:
        raise BadName("malformed channel")
    return room, audience


def _split_room(room: str) -> RoomName:
    match = _ROOM.fullmatch(room)
    if match is None:
        raise BadName("malformed room")
    return RoomName(match[1], match[2])
