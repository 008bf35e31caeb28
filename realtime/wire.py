"""Texts as they go out: Socket.IO packets of the namespace `/`, encoded once and sent as they are to many."""

from typing import Any, Final

import msgspec
import orjson

from backend.domain.refusals import Refusal

FORBIDDEN_ROOM: Final = "room.forbidden"


class Text(msgspec.Struct, frozen=True, gc=False):
    """One packet, encoded; `size` is its length in bytes, or a little more."""

    text: str
    size: int


def encode(value: Any) -> bytes:
    """Compact JSON."""
    return orjson.dumps(value)


def event(name: str, body: bytes) -> Text:
    """The packet of an event with one argument; `name` is a word of the protocol, `body` complete JSON."""
    return Text(f'2["{name}",{body.decode()}]', len(name) + len(body) + 6)


def ack(number: int, body: bytes) -> Text:
    """The packet that answers a client's event; `body` is complete JSON."""
    head = f"3{number}["
    return Text(f"{head}{body.decode()}]", len(head) + len(body) + 1)


def accepted(data: bytes) -> bytes:
    """An ack's body around the command's data."""
    return b'{"ok":true,"data":' + data + b"}"


def refused(refusal: Refusal) -> bytes:
    """An ack's body for a refusal."""
    return encode({"ok": False, "error": error_of(refusal)})


def error_of(refusal: Refusal) -> dict[str, Any]:
    """`{code, message, retry_after?, data?}`."""
    error: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
    if refusal.retry_after is not None:
        error["retry_after"] = refusal.retry_after
    if refusal.data is not None:
        error["data"] = refusal.data
    return error


def positioned(room: str, epoch: str, seq: int) -> dict[str, Any]:
    """Where a room stands, as `session.ready` lists it."""
    return {"room": room, "epoch": epoch, "seq": seq}
