"""[D7] A reader who does not read is let go; nobody else waits for them."""

import asyncio
import json
import os
import re
import socket
from base64 import b64encode
from urllib.parse import urlsplit

import aiohttp

from tests.support.client import Client
from tests.support.server import Server
from tests.wire.stories import draft, edit

SLOW = "spirit_slow_readers_total"
ANSWERED = "spirit_command_seconds_count"
AT_ONCE = 60


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
        room = f"quotation:{await draft(ana, notes='n' * 9_900)}"
        await ana.join(room)
        await bruno.join(room)
        before = await _counted(live_server, SLOW)
        deaf = await asyncio.to_thread(_deaf, live_server.url, await live_server.token("ana"), room)
        with deaf:
            for number in range(200):
                await edit(ana, room, "notes", f"{number:03}{'n' * 9_900}")
                await asyncio.gather(ana.reaches(room, number + 2), bruno.reaches(room, number + 2))
                if await _counted(live_server, SLOW) > before:
                    break
            assert await _counted(live_server, SLOW) == before + 1
            said = await asyncio.to_thread(_read_to_the_end, deaf)
            assert b'"session.closed",{"code":"reader.slow"}' in said[-200:]


async def test_who_does_not_read_is_answered_no_further(live_server: Server) -> None:
    """What it asks for costs nobody anything until it reads; then it gets each answer, in order."""
    async with live_server.client("ana") as ana:
        room = f"quotation:{await draft(ana, notes='n' * 10_000, internal_notes='i' * 10_000)}"
        await ana.join(room)
        before = await _counted(live_server, SLOW)
        deaf = await asyncio.to_thread(_deaf, live_server.url, await live_server.token("bruno"), room)
        with deaf:
            answered = await _counted(live_server, ANSWERED)
            body = json.dumps({"room": room}).encode()
            asked = (_masked(b'42%d["room.join",' % number + body + b"]") for number in range(100, 100 + AT_ONCE))
            await asyncio.to_thread(deaf.sendall, b"".join(asked))
            for number in range(AT_ONCE):
                await edit(ana, room, "title", f"Title {number}")
            assert await _counted(live_server, ANSWERED) - answered - AT_ONCE < AT_ONCE / 2
            for number in range(100, 100 + AT_ONCE):
                await asyncio.to_thread(_read_until, deaf, b'43%d[{"ok":true' % number)
        assert await _counted(live_server, SLOW) == before


def _read_to_the_end(deaf: socket.socket) -> bytes:
    """What was still on its way when the connection was closed."""
    received = b""
    while more := deaf.recv(65_536):
        received += more
    return received


async def test_a_large_snapshot_alone_is_no_slowness(live_server: Server) -> None:
    """A text larger than what a lagging reader is granted goes out to one who does not lag."""
    async with live_server.client("ana") as ana:
        room = f"quotation:{await draft(ana, notes='n' * 10_000, internal_notes='i' * 10_000)}"
        await asyncio.gather(*(_joined(ana, room) for _ in range(30)))


async def _joined(ana: Client, room: str) -> None:
    assert (await ana.join(room))["snapshot"]["notes"]
