"""WebSocket by hand (RFC 6455): frames as wrong as one likes on a bare socket, and a strict reader of the answers."""

import asyncio
import base64
import hashlib
import os
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum

from tests.wire.engine.echo import PATIENCE, Echo

QUERY = "/engine.io/?EIO=4&transport=websocket"
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Op(IntEnum):
    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


@dataclass(frozen=True)
class Frame:
    """A frame of the server's."""

    op: int
    payload: bytes
    fin: bool = True


def frame(
    op: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    reserved: int = 0,
    mask: bytes | None = b"\x37\xfa\x21\x3d",
    declared: int | None = None,
) -> bytes:
    """A client's frame. `reserved` are the three bits (4 is RSV1), `declared` a length that may not be true."""
    length = len(payload) if declared is None else declared
    head = bytes([fin << 7 | reserved << 4 | op])
    masked = 0x80 if mask else 0
    if length < 126:
        head += bytes([masked | length])
    elif length < 1 << 16:
        head += bytes([masked | 126]) + struct.pack("!H", length)
    else:
        head += bytes([masked | 127]) + struct.pack("!Q", length)
    if mask is None:
        return head + payload
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


def text(message: str, *, fin: bool = True) -> bytes:
    return frame(Op.TEXT, message.encode(), fin=fin)


def close(code: int | None = None, reason: bytes = b"") -> bytes:
    return frame(Op.CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


def accept_of(key: str) -> str:
    """What a server answers to a handshake's key."""
    return base64.b64encode(hashlib.sha1(f"{key}{_GUID}".encode()).digest()).decode()  # noqa: S324 - the RFC's hash


@dataclass
class Raw:
    """A connection whose handshake is done."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *frames: bytes) -> None:
        """All of them in one segment, if it takes them."""
        self.writer.write(b"".join(frames))
        with suppress(ConnectionError):
            await self.writer.drain()

    async def frame(self) -> Frame:
        """The server's next frame, which must be one: unmasked, no reserved bits, a known kind."""
        async with asyncio.timeout(PATIENCE):
            first, second = await self.reader.readexactly(2)
            assert first & 0x70 == 0, "reserved bits"
            assert second & 0x80 == 0, "a server's frame is not masked"
            length = second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", await self.reader.readexactly(2))
                assert length > 125
            elif length == 127:
                (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
                assert length >> 16
            payload = await self.reader.readexactly(length)
        op = Op(first & 0x0F)
        assert op < Op.CLOSE or (first & 0x80 and length < 126), "control frames are short and whole"
        return Frame(op, payload, bool(first & 0x80))

    async def message(self) -> str | bytes:
        """The next message, put together; fails on any control frame."""
        got = await self.frame()
        kind, payload = got.op, got.payload
        assert kind in {Op.TEXT, Op.BINARY}, got
        while not got.fin:
            got = await self.frame()
            assert got.op == Op.CONTINUATION, got
            payload += got.payload
        return payload.decode() if kind == Op.TEXT else payload

    async def closed(self) -> int | None:
        """Waits for the server's close frame, answers it, sees the connection end. The code, None if there was none."""
        got = await self.frame()
        assert got.op == Op.CLOSE, got
        await self.send(frame(Op.CLOSE, got.payload))
        await self.ended()
        if not got.payload:
            return None
        got.payload[2:].decode()
        return int.from_bytes(got.payload[:2], "big")

    async def ended(self) -> None:
        """Sees the connection end with nothing more on it."""
        with suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                assert await self.reader.read() == b""

    async def echoes(self) -> None:
        """Asserts that the session works."""
        await self.send(text("4still there?"))
        assert await self.message() == "4still there?"


@dataclass(frozen=True)
class Answer:
    """The head of an HTTP response."""

    status: int
    headers: dict[str, str]


async def ask(
    echo: Echo, headers: Iterable[str], line: str = f"GET {QUERY} HTTP/1.1"
) -> tuple[Answer, asyncio.StreamReader, asyncio.StreamWriter]:
    """Sends a request with these header lines and Host, and reads the response's head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    writer.write("\r\n".join([line, f"Host: 127.0.0.1:{echo.port}", *headers, "", ""]).encode())
    async with asyncio.timeout(PATIENCE):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    named = (one.partition(":") for one in head[1:] if one)
    return Answer(int(head[0].split()[1]), {name.lower(): value.strip() for name, _, value in named}), reader, writer


def handshake(key: str | None = None) -> dict[str, str]:
    """The headers of a good one."""
    key = key or base64.b64encode(os.urandom(16)).decode()
    return {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"}


def lines(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]


@asynccontextmanager
async def raw(echo: Echo) -> AsyncIterator[Raw]:
    """An Engine.IO session on a WebSocket of our own, its open packet read."""
    answer, reader, writer = await ask(echo, lines(handshake()))
    assert answer.status == 101
    connection = Raw(reader, writer)
    try:
        first = await connection.message()
        assert isinstance(first, str)
        assert first.startswith("0{")
        yield connection
    finally:
        writer.transport.abort()
