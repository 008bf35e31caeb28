"""WebSocket frames as a server reads and writes them (RFC 6455). Pure: bytes in, messages out.

What a server sends is not masked, so that one frame can go to everybody as the same bytes.
"""

import struct
from typing import Final

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA
FAILED: Final = -1
"""Stands in for an opcode: the peer broke the protocol, and the payload is the code to close with."""

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
PROTOCOL_ERROR: Final = 1002
NO_CODE: Final = 1005
BAD_TEXT: Final = 1007
TOO_BIG: Final = 1009

Message = tuple[int, str | bytes | int]
"""An opcode with what came: a text, bytes, or the code of a close."""

_FIN = 0x80
_RESERVED = 0x70
_MASKED = 0x80
_WHOLE_TEXT = _FIN | TEXT
_DATA = (CONTINUATION, TEXT, BINARY)
_CONTROL = (CLOSE, PING, PONG)
_MAY_BE_SENT = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
_APPLICATION_CODES = range(3000, 5000)


def frame(opcode: int, payload: bytes) -> bytes:
    """One unfragmented frame of a server."""
    size = len(payload)
    if size < 126:
        return bytes((_FIN | opcode, size)) + payload
    if size < 65_536:
        return struct.pack("!BBH", _FIN | opcode, 126, size) + payload
    return struct.pack("!BBQ", _FIN | opcode, 127, size) + payload


def close_frame(code: int) -> bytes:
    """A close frame; `NO_CODE` closes without one."""
    return frame(CLOSE, b"" if code == NO_CODE else code.to_bytes(2, "big"))


def opened(whole: bytes) -> tuple[int, bytes]:
    """Opcode and payload of a frame made by `frame`."""
    size = whole[1]
    return whole[0] & 0x0F, whole[2 if size < 126 else 4 if size == 126 else 10 :]


class _Broken(Exception):
    """The peer broke the protocol."""

    def __init__(self, code: int) -> None:
        self.code = code


class _Incomplete(Exception):
    """The frame goes on."""

    def __init__(self, size: int) -> None:
        self.size = size


def only_text(data: bytes, limit: int) -> str | None:
    """The text, of at most `limit` bytes, if what a client sent is one whole text message and nothing else.

    None for anything else, broken or not: that is a `FrameReader`'s to read.
    """
    head, size = 6, len(data) - 6
    if size > 125:
        head, size = 8, size - 2
    if size < 0 or size > limit or data[0] != _WHOLE_TEXT:
        return None
    told = data[1] & 0x7F if head == 6 else (data[1] == _MASKED | 126 and data[2] << 8 | data[3])
    if told != size or not data[1] & _MASKED or (head == 8 and size < 126):
        return None
    try:
        return _unmasked(data[head:], data[head - 4 : head]).decode()
    except UnicodeDecodeError:
        return None


class FrameReader:
    """Takes a client's bytes apart, however they were cut. `limit`: bytes of a message, fragments together.

    After a failure or a close, nothing more is read.
    """

    __slots__ = ("_buffer", "_fragments", "_kind", "_limit", "_need", "_over")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer: bytearray | None = None
        self._need = 0
        self._kind = 0
        self._fragments: bytearray | None = None
        self._over = False

    @property
    def between(self) -> bool:
        """Whether no message is half read, so that another reader may go on."""
        return self._buffer is None and self._fragments is None and not self._over

    def feed(self, data: bytes) -> list[Message]:
        """The messages that are complete with these bytes, in order."""
        if self._over:
            return []
        if self._buffer is not None:
            self._buffer += data
            if len(self._buffer) < self._need:
                return []
            data = bytes(self._buffer)
            self._buffer = None
        return self._read(data)

    def _read(self, data: bytes) -> list[Message]:
        messages: list[Message] = []
        at = 0
        try:
            while at < len(data) and not self._over:
                at = self._frame(data, at, messages)
        except _Incomplete as cut:
            self._buffer = bytearray(data[at:])
            self._need = cut.size
        except _Broken as broken:
            self._over = True
            messages.append((FAILED, broken.code))
        return messages

    def _frame(self, data: bytes, at: int, messages: list[Message]) -> int:
        """Reads the frame at an offset; returns where the next begins."""
        left = len(data) - at
        if left < 2:
            raise _Incomplete(2)
        first, size = data[at], data[at + 1] & 0x7F
        self._check_head(first, data[at + 1], size)
        head = 6
        if size >= 126:
            width = 2 if size == 126 else 8
            head += width
            if left < head:
                raise _Incomplete(head)
            size = int.from_bytes(data[at + 2 : at + 2 + width], "big")
            if size >> 63:
                raise _Broken(PROTOCOL_ERROR)
        if size + len(self._fragments or b"") > self._limit and not first & 0x08:
            raise _Broken(TOO_BIG)
        end = head + size
        if left < end:
            raise _Incomplete(end)
        payload = _unmasked(data[at + head : at + end], data[at + head - 4 : at + head])
        self._take(first, payload, messages)
        return at + end

    def _check_head(self, first: int, second: int, size: int) -> None:
        opcode = first & 0x0F
        if first & _RESERVED or not second & _MASKED:
            raise _Broken(PROTOCOL_ERROR)
        if opcode in _CONTROL:
            if size > 125 or not first & _FIN:
                raise _Broken(PROTOCOL_ERROR)
        elif opcode not in _DATA or (opcode == CONTINUATION) == (self._fragments is None):
            raise _Broken(PROTOCOL_ERROR)

    def _take(self, first: int, payload: bytes, messages: list[Message]) -> None:
        opcode = first & 0x0F
        if opcode == CLOSE:
            self._over = True
            messages.append((CLOSE, _close_code(payload)))
        elif opcode in _CONTROL:
            messages.append((opcode, payload))
        elif first & _FIN and self._fragments is None:
            messages.append((opcode, _text(payload) if opcode == TEXT else payload))
        else:
            self._take_fragment(first, payload, messages)

    def _take_fragment(self, first: int, payload: bytes, messages: list[Message]) -> None:
        if self._fragments is None:
            self._kind = first & 0x0F
            self._fragments = bytearray()
        self._fragments += payload
        if first & _FIN:
            whole = bytes(self._fragments)
            self._fragments = None
            messages.append((self._kind, _text(whole) if self._kind == TEXT else whole))


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise _Broken(BAD_TEXT) from None


def _close_code(payload: bytes) -> int:
    """The code of a close frame, once it and the reason are as they may be (RFC 6455, 5.5.1 and 7.4)."""
    if not payload:
        return NO_CODE
    code = int.from_bytes(payload[:2], "big")
    if len(payload) < 2 or (code not in _MAY_BE_SENT and code not in _APPLICATION_CODES):
        raise _Broken(PROTOCOL_ERROR)
    _text(payload[2:])
    return code
