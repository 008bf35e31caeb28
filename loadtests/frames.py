"""WebSocket from the client's side, as bytes: the upgrade, masked frames out, plain frames in."""

import base64
import hashlib
import os
from typing import NamedTuple

TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
FINAL = 0x80
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SHORT, _TWO_BYTES, _EIGHT_BYTES = 126, 126, 127

Message = tuple[int, bytes]


class BadFrame(ValueError):
    """The server sent what this client does not read: a fragment, a reserved bit, a masked frame."""


class Upgrade(NamedTuple):
    """A request for a WebSocket, and the `Sec-WebSocket-Accept` of a sound answer. May be sent by many connections."""

    request: bytes
    accept: bytes

    def accepts(self, head: bytes) -> bool:
        """Whether the answer's head agrees."""
        return head.startswith(b"HTTP/1.1 101") and self.accept in head


def upgrade(host: str, path: str) -> Upgrade:
    """The request that asks `host` (as in a URL, with its port) for a WebSocket at `path`."""
    key = base64.b64encode(os.urandom(16))
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key.decode()}",
        "Sec-WebSocket-Version: 13",
    )
    digest = hashlib.sha1(key + _GUID, usedforsecurity=False).digest()
    return Upgrade(("\r\n".join(lines) + "\r\n\r\n").encode(), base64.b64encode(digest))


def masked(payload: bytes, opcode: int = TEXT) -> bytes:
    """One final frame with a random mask. It may be sent any number of times."""
    size, mask = len(payload), os.urandom(4)
    if size < _SHORT:
        head = bytes((FINAL | opcode, 0x80 | size))
    elif size < 65_536:
        head = bytes((FINAL | opcode, 0x80 | _TWO_BYTES)) + size.to_bytes(2, "big")
    else:
        head = bytes((FINAL | opcode, 0x80 | _EIGHT_BYTES)) + size.to_bytes(8, "big")
    pad = (mask * (size // 4 + 1))[:size]
    body = (int.from_bytes(payload, "little") ^ int.from_bytes(pad, "little")).to_bytes(size, "little")
    return head + mask + body


def split(data: bytes) -> tuple[list[Message], int]:
    """The whole frames that `data` begins with, as (opcode, payload), and how many bytes they take.

    Raises:
        BadFrame: for what a server of these protocols has no reason to send.
    """
    messages: list[Message] = []
    at, size = 0, len(data)
    while size - at >= 2:
        first, length, start = data[at], data[at + 1], at + 2
        if first & 0xF0 != FINAL or length > _EIGHT_BYTES:
            raise BadFrame(f"a frame begins with {data[at : at + 2].hex()}")
        if length == _TWO_BYTES:
            start = at + 4
            length = int.from_bytes(data[at + 2 : start], "big")
        elif length == _EIGHT_BYTES:
            start = at + 10
            length = int.from_bytes(data[at + 2 : start], "big")
        if start + length > size:
            break
        messages.append((first & 0x0F, data[start : start + length]))
        at = start + length
    return messages, at
