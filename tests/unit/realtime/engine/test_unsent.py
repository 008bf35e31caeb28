"""[D7] What a connection has that nobody takes: counted, and bounded in the kernel."""

import socket
from types import SimpleNamespace
from typing import Any, cast

import pytest

from realtime.engine.frames import NORMAL
from realtime.engine.server import Engine
from realtime.engine.websocket import WebSocket
from realtime.listening import UNSENT_BYTES, bound

pytestmark = pytest.mark.asyncio


class Full:
    """A transport that holds whatever it is given."""

    def __init__(self) -> None:
        self.held = b""
        self.aborted = False

    def write(self, data: bytes) -> None:
        self.held += data

    def get_write_buffer_size(self) -> int:
        return len(self.held)

    def abort(self) -> None:
        self.aborted = True


def stuck(engine: Engine, size: int) -> tuple[WebSocket, Full]:
    """A WebSocket whose peer has stopped reading."""
    transport, wire = Full(), WebSocket({}, SimpleNamespace(connections=set()), "http")
    wire.engine = engine
    wire.connection_made(cast(Any, transport))
    transport.write(b"x" * size)
    wire.pause_writing()
    return wire, transport


async def test_what_a_transport_holds_counts_until_it_is_gone() -> None:
    engine = Engine(node_bytes=10_000)
    wire, transport = stuck(engine, 300)
    other, _ = stuck(engine, 200)
    assert engine.outbox.pending == 500
    transport.held = b""
    wire.resume_writing()
    assert engine.outbox.pending == 200
    other.connection_lost(None)
    assert engine.outbox.pending == 0


async def test_last_words_count_and_where_room_is_short_there_are_none() -> None:
    """Whoever reads nothing may take their time to learn why, as long as others have room."""
    engine = Engine(node_bytes=1_000)
    wire, transport = stuck(engine, 300)
    wire.close(NORMAL, b"why")
    assert (transport.held[300:303], transport.aborted) == (b"why", False)
    assert engine.outbox.pending == len(transport.held)
    other, full = stuck(engine, 400)
    other.close(NORMAL, b"why")
    assert (len(full.held), full.aborted) == (400, True)


async def test_the_kernel_takes_little_for_who_does_not_read() -> None:
    """Each connection has the bound from the socket that accepted it."""
    with bound("127.0.0.1", 0) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT) == UNSENT_BYTES
