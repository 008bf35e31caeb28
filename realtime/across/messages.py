"""What nodes of one Socket.IO application tell each other, as msgpack; and on which of the broker's channels. Pure.

An event travels as the packet that clients get, made once. A channel's name says nothing of the room that it is for.
"""

from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import msgspec

Room = str | int
SIGNAL: Final = "socketio"
"""The name of the broker's signals that carry messages."""


class Id(NamedTuple):
    """A message's: it may come more than once."""

    node: str
    number: int


class Emit(msgspec.Struct, frozen=True, array_like=True, tag="emit"):
    """An event for rooms, or for all in the namespace: its packet as clients get it, a text, bytes, or both."""

    id: Id
    namespace: str
    rooms: list[Room] | None
    skipped: list[str]
    text: str | None
    binary: list[bytes]

    @property
    def parts(self) -> list[str | bytes]:
        """The packet's texts and bytes, in order."""
        return [*self.binary] if self.text is None else [self.text, *self.binary]


class Ask(msgspec.Struct, frozen=True, array_like=True, tag="ask"):
    """An event that wants acknowledgements, under a number of the asking node's."""

    id: Id
    namespace: str
    rooms: list[Room]
    skipped: list[str]
    arguments: list[Any]
    number: int


class Answer(msgspec.Struct, frozen=True, array_like=True, tag="answer"):
    """What a client acknowledged with."""

    id: Id
    number: int
    arguments: list[Any]


class Enter(msgspec.Struct, frozen=True, array_like=True, tag="enter"):
    """A client is to enter a room."""

    id: Id
    namespace: str
    sid: str
    room: Room
    number: int


class Leave(msgspec.Struct, frozen=True, array_like=True, tag="leave"):
    """A client is to leave a room."""

    id: Id
    namespace: str
    sid: str
    room: Room
    number: int


class Done(msgspec.Struct, frozen=True, array_like=True, tag="done"):
    """A client entered or left, or it is not connected (any more)."""

    id: Id
    number: int
    found: bool


class Close(msgspec.Struct, frozen=True, array_like=True, tag="close"):
    """A room is to be left by all."""

    id: Id
    namespace: str
    room: Room


class Disconnect(msgspec.Struct, frozen=True, array_like=True, tag="disconnect"):
    """A client is to be disconnected from a namespace."""

    id: Id
    namespace: str
    sid: str


Message = Emit | Ask | Answer | Enter | Leave | Done | Close | Disconnect

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Message)


def encode(message: Message) -> bytes:
    """Raises TypeError: something in it can't be sent."""
    return _encoder.encode(message)


def decode(body: bytes) -> Message:
    """Raises ValueError: no message."""
    message: Message = _decoder.decode(body)
    return message


def channel_of(namespace: str, room: Room | None) -> str:
    """The channel of a room, a client being a room of its own and None all who are in the namespace."""
    named = blake2b(_encoder.encode((namespace, room)), digest_size=16).hexdigest()
    return f"socketio:{named}/all"


def channel_of_node(node: str) -> str:
    """The channel on which one node hears of its own clients, and what it asked."""
    return f"socketionode:{node}/all"


def rooms_of(target: Any) -> list[Room] | None:
    """The rooms that an application names by one, several or None. Raises TypeError: no name of a room."""
    if target is None:
        return None
    rooms = list(target) if isinstance(target, list | tuple | set | frozenset) else [target]
    for room in rooms:
        room_name(room)
    return rooms


def room_name(room: Any) -> Room:
    """Raises TypeError: other nodes could not tell it from others."""
    if not isinstance(room, str | int):
        raise TypeError("a room's name is a text or a whole number")
    return room


def sids(skipped: str | Iterable[str] | None) -> list[str]:
    """Whom an application skips."""
    if skipped is None:
        return []
    return [skipped] if isinstance(skipped, str) else list(skipped)
