"""[D7] A reader who does not read is let go; nobody else waits for them."""

import asyncio
import contextlib
import json
import os
import re
import socket
from base64 import b64encode
from urllib.parse import urlsplit

import aiohttp

from tests.support.client import Client
from tests.support.server import Server
from tests.support.wait import until
from tests.wire.stories import draft, edit

SLOW = "spirit_slow_readers_total"
ANSWERED = "spirit_command_seconds_count"
AT_ONCE = 30


async def _counted(server: Server, metric: str) -> float:
    """The sum of a counter of the server's, over its labels."""
    async with aiohttp.ClientSession() as http, http.get(f"{server.url}/metrics") as answer:
        values = re.findall(rf"^{metric}(?:\{{.*\}})? (\S+)$", await answer.text(), re.MULTILINE)
        return sum(map(float, values))


def _deaf(url: str, token: str, room: str) -> socket.socket:
    """A WebSocket that joins a room and then never reads, with a window as small as the system allows."""
    address = urlsplit(url)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    deaf.settimeout(10)
    deaf.connect((address.hostname, address.port))
    key = b64encode(os.urandom(16)).decode()
    deaf.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    _read_until(deaf, b"0{")
    deaf.sendall(_masked(b"40" + json.dumps({"token": token}).encode()))
    _read_until(deaf, b"session.ready")
    deaf.sendall(_masked(b'421["room.join",' + json.dumps({"room": room}).encode() + b"]"))
    _read_until(deaf, b"431[")
    return deaf


def _read_until(deaf: socket.socket, end: bytes) -> None:
    received = b""
    while end not in received:
        more = deaf.recv(4_096)
        assert more, f"closed after {received[:500]!r}"
        received += more


def _masked(payload: bytes) -> bytes:
    """A text frame of a client; the mask is zero."""
    length = len(payload)
    head = bytes((0x81, 0x80 | length)) if length < 126 else bytes((0x81, 0xFE)) + length.to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


async def test_a_reader_who_does_not_read_is_let_go(live_server: Server) -> None:
    """Its buffer is bounded, its connection is cut, and a colleague's frames come all the while."""
    async with live_server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana, notes='n' * 9_900, internal_notes='i' * 9_900)}"
        await ana.join(room)
        await bruno.join(room)
        before = await _counted(live_server, SLOW)
        deaf = await asyncio.to_thread(_deaf, live_server.url, await live_server.token("ana"), room)
        with deaf:
            for number in range(60):
                await _ask_again(live_server, deaf, room, before)
                await edit(ana, room, "title", f"Title {number}")
                await asyncio.gather(ana.reaches(room, number + 2), bruno.reaches(room, number + 2))
                if await _counted(live_server, SLOW) > before:
                    break
            assert await _counted(live_server, SLOW) == before + 1
            assert await asyncio.to_thread(_reads_to_the_end, deaf)


async def _ask_again(server: Server, deaf: socket.socket, room: str, before: float) -> None:
    """Has the deaf client ask for the room's snapshot many times, and waits until the server has answered."""
    done = await _counted(server, ANSWERED) + AT_ONCE
    asked = _masked(b'421["room.join",' + json.dumps({"room": room}).encode() + b"]")
    with contextlib.suppress(ConnectionError):
        await asyncio.to_thread(deaf.sendall, asked * AT_ONCE)

    async def answered() -> bool:
        return await _counted(server, ANSWERED) >= done or await _counted(server, SLOW) > before

    await until(answered)


def _reads_to_the_end(deaf: socket.socket) -> bool:
    """Whether the connection was closed; what was on its way may still be read."""
    try:
        while deaf.recv(65_536):
            pass
    except ConnectionResetError:
        return True
    return True


async def test_a_large_snapshot_alone_is_no_slowness(live_server: Server) -> None:
    """A text larger than what a lagging reader is granted goes out to one who does not lag."""
    async with live_server.client("ana") as ana:
        room = f"quotation:{await draft(ana, notes='n' * 10_000, internal_notes='i' * 10_000)}"
        await asyncio.gather(*(_joined(ana, room) for _ in range(30)))


async def _joined(ana: Client, room: str) -> None:
    assert (await ana.join(room))["snapshot"]["notes"]
