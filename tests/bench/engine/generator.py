"""The load: a crowd of raw sockets at one server, which checks every byte that it gets.

All servers send the same bytes for the same message, so what a member of a room receives is one known stream. Comparing
with it proves that nothing is lost, doubled, changed or out of order, and costs a `memcmp`.
"""

import gc
import json
import socket
import sys
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from loadtests.frames import masked
from loadtests.sockets import Address, Connection, Swarm
from tests.bench.engine.subjects import Server

MESSAGE_BYTES = 300
FRAME_BYTES = MESSAGE_BYTES + 4
FIRST = 10_000_000
"""Numbers begin here, so that all have the same length."""
AT_ONCE = 64
"""Connections that are being opened at the same time."""
STALLED = 120.0
"""Seconds after which a server that still owes something is given up."""

_HEARTBEAT = b"\x81\x012"
_PADDING = MESSAGE_BYTES - len(f'42["event",{{"n":{FIRST},"pad":""}}]')
_NOT_A_MEMBER = 1 << 60

_INFO_BYTES, _SEGMENTS_AT = 160, 152
"""Linux' struct tcp_info up to and including tcpi_data_segs_in, and where that is."""

Reader = Callable[[Connection, bytearray, int], None]


class Failed(Exception):
    """The server did not do what is measured: it lost a connection, sent what nobody expects, or stands still."""


class Crowd:
    """Connections to one server, and a line to its control port."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connections: list[Connection] = []
        self.reader: Reader = only_heartbeats
        self._address = Address("127.0.0.1", server.port)
        self._waiting: Iterator[tuple[int, bytes]] = iter(())
        self._refusals: list[str] = []
        self._swarm = Swarm(self, on_read=self._read)
        self._control = socket.create_connection(("127.0.0.1", server.control))
        self._control.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    @property
    def heartbeats(self) -> int:
        """Pings that were answered."""
        return self._swarm.heartbeats

    def connect(self, auths: Sequence[bytes]) -> None:
        """Opens a connection for each `auth`, some at a time, and waits for all. They are kept in this order."""
        had = len(self.connections)
        self._waiting = iter(enumerate(auths))
        for _ in range(AT_ONCE):
            self._next()
        self.run(lambda: len(self.connections) >= had + len(auths))
        self.connections[had:] = sorted(self.connections[had:], key=lambda connection: connection.tag)

    def refuses(self, auth: bytes) -> bool:
        """Whether the server refuses it."""
        connected, refused = len(self.connections), len(self._refusals)
        self._swarm.connect(self._address, auth)
        self.run(lambda: len(self.connections) > connected or len(self._refusals) > refused)
        return len(self._refusals) > refused

    def order(self, room: str, first: int, count: int) -> None:
        """Has the server emit messages to a room, in one turn of its loop."""
        self._control.sendall(f"emit {room} {first} {count} {_PADDING}\n".encode())

    def send(self, connection: Connection, frame: bytes) -> None:
        self._swarm.send(connection, frame)

    def run(self, until: Callable[[], bool]) -> None:
        """Reads what comes until the condition holds. Raises Failed when it takes too long."""
        deadline = time.monotonic() + STALLED
        self._swarm.run(lambda: until() or time.monotonic() > deadline)
        if not until():
            raise Failed("it stands still")

    def rest(self, seconds: float) -> None:
        """Reads what comes for so long."""
        end = time.monotonic() + seconds
        self._swarm.run(lambda: time.monotonic() >= end)

    def spin(self, until: Callable[[], bool]) -> None:
        """As `run`, without ever sleeping: nothing is noticed a millisecond late."""
        deadline = time.monotonic() + STALLED
        while not until():
            self._swarm.turn(0.0)
            if time.monotonic() > deadline:
                raise Failed("it stands still")

    def close(self) -> None:
        self._swarm.close_all()
        self._control.close()

    def ready(self, connection: Connection) -> None:
        self.connections.append(connection)
        self._next()

    def message(self, connection: Connection, text: bytes) -> None:
        raise Failed(f"it sent {text[:60]!r} with the CONNECT")

    def lost(self, connection: Connection, reason: str) -> None:
        if not reason.startswith("refused: {"):
            raise Failed(f"it lost a connection: {reason}")
        self._refusals.append(reason)

    def _read(self, connection: Connection, buffer: bytearray, size: int) -> None:
        self.reader(connection, buffer, size)

    def _next(self) -> None:
        for at, auth in islice(self._waiting, 1):
            self._swarm.connect(self._address, auth, tag=at)


class Stream:
    """What the members of a room are sent, and how far they are."""

    def __init__(self, crowd: Crowd, room: str, members: Sequence[Connection]) -> None:
        self.messages = 0
        self._crowd = crowd
        self._room = room
        self._members = len(members)
        self._expected = bytearray()
        self._missing = 0
        self._low = -1
        self._refill: Callable[[], None] = lambda: None
        for connection in crowd.connections:
            connection.tag = _NOT_A_MEMBER
        for connection in members:
            connection.tag = 0

    @property
    def complete(self) -> bool:
        """Whether everybody has everything."""
        return self._missing == 0

    def emit(self, count: int) -> None:
        """Has the next messages emitted in one turn."""
        first = FIRST + self.messages
        for number in range(first, first + count):
            self._expected += frame(number)
        self.messages += count
        self._missing += count * FRAME_BYTES * self._members
        self._crowd.order(self._room, first, count)

    def keep_on(self, burst: int, ahead: int, seconds: float) -> None:
        """Keeps so many bursts under way for so long, and reads until everybody has everything."""
        end = time.monotonic() + seconds

        def refill() -> None:
            if time.monotonic() < end:
                self.emit(burst)
            else:
                self._low = -1

        self._low = burst * (ahead - 1) * self._members * FRAME_BYTES
        self._refill = refill
        for _ in range(ahead):
            self.emit(burst)
        self._crowd.run(lambda: self.complete)

    def read(self, connection: Connection, buffer: bytearray, size: int) -> None:
        at: int = connection.tag
        end = at + size
        if end > len(self._expected) or not buffer.startswith(self._expected[at:end]):
            size = self._look_closer(at, bytes(buffer[:size]))
        connection.tag = at + size
        self._missing -= size
        if self._missing <= self._low:
            self._refill()

    def _look_closer(self, at: int, data: bytes) -> int:
        """How much there is besides heartbeats."""
        data = data.replace(_HEARTBEAT, b"")
        if data and data != self._expected[at : at + len(data)]:
            raise Failed(f"out of order at message {at // FRAME_BYTES}: {data[:80]!r}")
        return len(data)


class Timed(Stream):
    """A stream at a fixed rate that notes how long after its scheduled moment each message arrives everywhere."""

    def __init__(self, crowd: Crowd, room: str, members: Sequence[Connection], rate: float, count: int) -> None:
        super().__init__(crowd, room, members)
        self.delays = array("d")
        self._step = 1 / rate
        self._count = count
        self._began = time.monotonic() + self._step

    @property
    def over(self) -> bool:
        return self.messages == self._count and self.complete

    def pace(self) -> None:
        """Emits what is due."""
        while self.messages < self._count and time.monotonic() >= self._began + self.messages * self._step:
            self.emit(1)

    def read(self, connection: Connection, buffer: bytearray, size: int) -> None:
        had = connection.tag // FRAME_BYTES
        super().read(connection, buffer, size)
        now = time.monotonic()
        for number in range(had, connection.tag // FRAME_BYTES):
            self.delays.append(now - self._began - number * self._step)
        self.pace()


def frame(number: int) -> bytes:
    """The WebSocket frame of a message, as every server writes it."""
    data = json.dumps(["event", {"n": number, "pad": "x" * _PADDING}], separators=(",", ":"))
    return b"\x81\x7e" + MESSAGE_BYTES.to_bytes(2, "big") + b"42" + data.encode()


class Callers:
    """Connections that each send a command when the one before was acknowledged."""

    def __init__(self, crowd: Crowd, payload: object) -> None:
        text = json.dumps(payload, separators=(",", ":"))
        ack = f"431[{text}]".encode()
        head = bytes((0x81, len(ack))) if len(ack) < 126 else b"\x81\x7e" + len(ack).to_bytes(2, "big")
        self.answered = 0
        self._crowd = crowd
        self._command = masked(f'421["echo",{text}]'.encode())
        self._ack = head + ack
        self._waiting = 0
        self._until = 0.0

    def call(self, seconds: float) -> None:
        """Keeps everybody calling for so long, and waits for the last answers."""
        self._until = time.monotonic() + seconds
        self._crowd.reader = self._read
        self._waiting = len(self._crowd.connections)
        for connection in self._crowd.connections:
            self._crowd.send(connection, self._command)
        self._crowd.run(lambda: self._waiting == 0)

    def _read(self, connection: Connection, buffer: bytearray, size: int) -> None:
        if size != len(self._ack) or not buffer.startswith(self._ack):
            data = bytes(buffer[:size]).replace(_HEARTBEAT, b"")
            if not data:
                return
            if data != self._ack:
                raise Failed(f"it answered {data[:80]!r}")
        self.answered += 1
        if time.monotonic() < self._until:
            self._crowd.send(connection, self._command)
        else:
            self._waiting -= 1


def segments_received(connections: Sequence[Connection]) -> int:
    """TCP segments with data that came, together: what a server joins into one write comes as one."""
    infos = (one.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES) for one in connections)
    return sum(int.from_bytes(info[_SEGMENTS_AT : _SEGMENTS_AT + 4], sys.byteorder) for info in infos)


def only_heartbeats(connection: Connection, buffer: bytearray, size: int) -> None:
    """Reads for a crowd to which nothing is sent."""
    data = bytes(buffer[:size]).replace(_HEARTBEAT, b"")
    if data:
        raise Failed(f"it sent {data[:80]!r}, and nobody asked")


@contextmanager
def without_pauses() -> Iterator[None]:
    """Keeps the garbage collector away: nothing here makes cycles."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
