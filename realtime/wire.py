"""What goes out: Socket.IO packets of the namespace `/`, as frames that are made once and sent as they are to many."""

from typing import Any, Final

import orjson

from backend.domain.refusals import Refusal
from realtime.engine.packets import text_message

FORBIDDEN_ROOM: Final = "room.forbidden"


def encode(value: Any) -> bytes:
    """Compact JSON."""
    return orjson.dumps(value)


def event(name: str, body: bytes, offset: str = "") -> bytes:
    """The packet of an event; `name` is a word of the protocol, `body` complete JSON.

    An `offset` is its last argument: what a client gives back to have what follows it.
    """
    last = b',"' + offset.encode() + b'"' if offset else b""
    return text_message(b'2["' + name.encode() + b'",' + body + last + b"]")


def ack(number: int, body: bytes) -> bytes:
    """The packet that answers a client's event; `body` is complete JSON."""
    return text_message(b"3%d[" % number + body + b"]")


def packet_frame(kind: int, data: bytes = b"") -> bytes:
    """Another packet, of a type by its number; `data` is complete JSON or nothing."""
    return text_message(b"%d" % kind + data)


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
