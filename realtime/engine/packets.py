"""Engine.IO packets (protocol revision 4). Pure.

A message that leaves is a WebSocket frame from the start, whatever the transport: it is made once for all who get it,
and taken apart again for the few who poll.
"""

from base64 import b64decode, b64encode
from binascii import Error as BadBase64
from collections.abc import Iterable
from typing import Final

import orjson
from engineio.base_server import BaseServer

from realtime.engine.frames import BINARY, TEXT, frame, opened

REASON: Final = BaseServer.reason
"""Why a session ended, in python-engineio's words."""
REVISION: Final = "4"
OPEN, CLOSE, PING, PONG, MESSAGE, UPGRADE, NOOP = "0123456"
PROBE: Final = "2probe"

PING_FRAME: Final = frame(TEXT, b"2")
NOOP_FRAME: Final = frame(TEXT, b"6")
PROBE_FRAME: Final = frame(TEXT, b"3probe")
CLOSE_FRAME: Final = frame(TEXT, b"1")

PACKETS_AT_ONCE: Final = 10_000
"""Packets in one request at most; a client that was offline for long sends what it kept in one."""
PACKETS_IN_ANSWER: Final = 16
"""Packets in one answer at most: python-engineio's client gives up on more."""

_SEPARATOR = "\x1e"


class BadPayload(ValueError):
    """The body of a request is not a payload."""


def text_message(text: bytes) -> bytes:
    """The frame of a message with a text, given in UTF-8."""
    return frame(TEXT, b"4" + text)


def binary_message(data: bytes) -> bytes:
    """The frame of a message with bytes."""
    return frame(BINARY, data)


def message(data: str | bytes) -> bytes:
    """The frame of a message."""
    return text_message(data.encode()) if isinstance(data, str) else binary_message(bytes(data))


def open_packet(sid: str, upgrades: bool, ping_interval: float, ping_timeout: float, max_payload: int) -> bytes:
    """What a session begins with; times in seconds."""
    told = {
        "sid": sid,
        "upgrades": ["websocket"] if upgrades else [],
        "pingInterval": round(ping_interval * 1000),
        "pingTimeout": round(ping_timeout * 1000),
        "maxPayload": max_payload,
    }
    return b"0" + orjson.dumps(told)


def payload_of(frames: Iterable[bytes]) -> bytes:
    """The body of a poll's answer: the same packets, as long-polling writes them."""
    return _SEPARATOR.encode().join(map(_packet, frames))


def packets_in(body: bytes) -> list[str | bytes]:
    """The packets in a request's body: texts, and the contents of binary messages.

    Raises:
        BadPayload: no text, too many packets, or no base64 where there should be.
    """
    try:
        packets = body.decode().split(_SEPARATOR)
    except UnicodeDecodeError:
        raise BadPayload("not a text") from None
    if len(packets) > PACKETS_AT_ONCE:
        raise BadPayload("too many packets")
    return [_binary(packet) if packet.startswith("b") else packet for packet in packets]


def _packet(whole: bytes) -> bytes:
    opcode, packet = opened(whole)
    return b"b" + b64encode(packet) if opcode == BINARY else packet


def _binary(packet: str) -> bytes:
    try:
        return b64decode(packet[1:], validate=True)
    except (BadBase64, ValueError):
        raise BadPayload("not base64") from None
