"""Many client connections in one process: raw sockets on one epoll, a hundred bytes or so of Python each.

A `Swarm` is a loop. It opens connections (TCP, WebSocket, Engine.IO, Socket.IO CONNECT with an auth payload), answers
heartbeats, and tells its `Handler` when one is ready, what it received, and when it was lost. It has no task, queue or
timer per connection, and no library between the socket and the bytes.

    class Counter:
        def ready(self, connection): swarm.send(connection, frames.masked(b'42["hello"]'))
        def message(self, connection, text): ...   # one Engine.IO message without its 4: b'2["hello"]'
        def lost(self, connection, reason): ...

    swarm = Swarm(Counter())
    for _ in range(1_000):
        swarm.connect(Address("127.0.0.1", 8000), auth=b'{"token":"..."}')
    swarm.run(until=lambda: ...)

With `on_read` each read of a ready connection is handed over as it is, unparsed, in a buffer that all connections
share: the cheapest way to count. Heartbeats are then looked for in the bytes (no JSON holds theirs) and answered too.
What comes in the same read as the end of the handshake is a message even so.
`loadtests.processes` runs a swarm in a process of its own, with commands and reports through a pipe.
"""

import errno
import heapq
import select
import socket
import time
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import count, cycle
from typing import Any, NamedTuple, Protocol

from loadtests.frames import CLOSE, PING, PONG, TEXT, BadFrame, Upgrade, masked, split, upgrade

ENGINE_PATH = "/socket.io/?EIO=4&transport=websocket"
READ_BYTES = 262_144
EVENTS_AT_ONCE = 1_024
NO_PORT_YET = 24
"""Linux' IP_BIND_ADDRESS_NO_PORT: the port is chosen by connect(), so that one source may reach several servers."""

_HEARTBEAT = b"\x81\x012"
_IN, _OUT = select.EPOLLIN, select.EPOLLOUT


class Address(NamedTuple):
    """Where to connect to. `host` is a number, not a name: nothing is looked up here."""

    host: str
    port: int
    path: str = ENGINE_PATH


class Stage(IntEnum):
    """How far a connection is; also how far it shall go before it is ready (`Swarm.connect(upto=)`)."""

    CONNECTING = 0
    TCP = 1
    WEBSOCKET = 2
    ENGINE_IO = 3
    SOCKET_IO = 4
    CLOSED = 5


class Connection:
    """One client. `scheduled` is when it should have begun (monotonic seconds), `received` counts bytes once ready.

    `tag` is the handler's, to keep what it knows of the connection.
    """

    __slots__ = ("auth", "fd", "received", "scheduled", "sock", "stage", "tag", "unread", "unsent", "upgrade", "upto")

    def __init__(self, sock: socket.socket, upgrade: Upgrade, auth: bytes, scheduled: float, upto: Stage) -> None:
        self.sock = sock
        self.fd = sock.fileno()
        self.stage = Stage.CONNECTING
        self.upgrade = upgrade
        self.auth = auth
        self.upto = upto
        self.scheduled = scheduled
        self.received = 0
        self.unread = b""
        self.unsent = b""
        self.tag: Any = None

    @property
    def is_ready(self) -> bool:
        return self.stage == self.upto


class Handler(Protocol):
    """What happens to connections. Called inside the loop: whatever takes long makes everything late."""

    def ready(self, connection: Connection) -> None:
        """It is as far as it was meant to go."""

    def message(self, connection: Connection, text: bytes) -> None:
        """A Socket.IO packet came (of a connection that goes only to a WebSocket: a frame's payload)."""

    def lost(self, connection: Connection, reason: str) -> None:
        """It is closed, and not by `Swarm.close`. `reason`: `refused: ...`, `closed: 1001`, `reset`, `no route` ..."""


OnRead = Callable[[Connection, bytearray, int], None]
"""Told of each read of a ready connection: the shared buffer, and how many bytes of it were read."""


class Swarm:
    """The connections of this process. `sources` are the addresses that they take turns to come from.

    `heartbeats` counts the server's pings that were answered, `now` is the monotonic time of the current turn.
    """

    def __init__(self, handler: Handler, *, sources: Sequence[str] = ("",), on_read: OnRead | None = None) -> None:
        self._handler = handler
        self._on_read = on_read
        self._sources = cycle(sources)
        self._epoll = select.epoll()
        self._by_fd: dict[int, Connection] = {}
        self._others: dict[int, Callable[[], None]] = {}
        self._buffer = bytearray(READ_BYTES)
        self._view = memoryview(self._buffer)
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._running = False
        self.heartbeats = 0
        self.now = time.monotonic()

    def __len__(self) -> int:
        return len(self._by_fd)

    def connect(
        self,
        address: Address,
        auth: bytes = b"",
        *,
        scheduled: float | None = None,
        upto: Stage = Stage.SOCKET_IO,
        tag: Any = None,
    ) -> Connection:
        """Begins a connection; `auth` is the JSON of the CONNECT packet. Failures are told as `lost`, later."""
        sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        begun = time.monotonic() if scheduled is None else scheduled
        connection = Connection(sock, _upgrade(address), auth, begun, upto)
        connection.tag = tag
        failure = self._begin(sock, address)
        if failure not in (0, errno.EINPROGRESS):
            sock.close()
            connection.stage = Stage.CLOSED
            self.at(0.0, lambda: self._handler.lost(connection, errno.errorcode.get(failure, str(failure))))
            return connection
        self._by_fd[connection.fd] = connection
        self._epoll.register(connection.fd, _OUT)
        return connection

    def send(self, connection: Connection, frame: bytes) -> None:
        """Sends bytes as they are (see `frames.masked`). What the kernel does not take waits."""
        if connection.stage == Stage.CLOSED:
            return
        if connection.unsent:
            connection.unsent += frame
            return
        try:
            sent = connection.sock.send(frame)
        except BlockingIOError:
            sent = 0
        except OSError as failure:
            self._lose(connection, _name(failure))
            return
        if sent < len(frame):
            connection.unsent = frame[sent:]
            self._epoll.modify(connection.fd, _IN | _OUT)

    def stop_reading(self, connection: Connection) -> None:
        """Leaves what comes in the kernel, as a stalled phone does. Send it nothing meanwhile. [D7]

        Unless the server resets it, its end is noticed only once it reads again.
        """
        self._epoll.modify(connection.fd, 0)

    def read_again(self, connection: Connection) -> None:
        """Ends `stop_reading`."""
        if connection.stage != Stage.CLOSED:
            self._epoll.modify(connection.fd, _IN)

    def close(self, connection: Connection) -> None:
        """Closes without a word, as a lost network does. The handler is not told."""
        if connection.stage != Stage.CLOSED:
            self._forget(connection)

    def close_all(self) -> None:
        """Closes every connection without a word."""
        for connection in list(self._by_fd.values()):
            self._forget(connection)

    def at(self, when: float, call: Callable[[], None]) -> None:
        """Calls at a time on the monotonic clock, or in the next turn if that is past."""
        heapq.heappush(self._due, (when, next(self._order), call))

    def watch(self, fd: int, call: Callable[[], None]) -> None:
        """Calls whenever another file, such as a pipe, can be read."""
        self._others[fd] = call
        self._epoll.register(fd, _IN)

    def stop(self) -> None:
        """Makes `run` return after this turn."""
        self._running = False

    def run(self, until: Callable[[], bool] | None = None) -> None:
        """Turns until `stop` is called or, asked once a turn (every 0.1 s at least), `until` holds."""
        self._running = True
        while self._running and not (until is not None and until()):
            self.turn(0.1)

    def turn(self, longest: float) -> None:
        """Waits for events, `longest` seconds at most, and handles them and what is due."""
        wait = min(longest, max(0.0, self._due[0][0] - time.monotonic())) if self._due else longest
        events = self._epoll.poll(wait, EVENTS_AT_ONCE)
        self.now = time.monotonic()
        for fd, event in events:
            connection = self._by_fd.get(fd)
            if connection is None:
                if fd in self._others:
                    self._others[fd]()
            elif event & _OUT:
                self._writable(connection)
            else:
                self._read(connection)
        while self._due and self._due[0][0] <= self.now:
            heapq.heappop(self._due)[2]()

    def _begin(self, sock: socket.socket, address: Address) -> int:
        try:
            if source := next(self._sources):
                sock.setsockopt(socket.IPPROTO_IP, NO_PORT_YET, 1)
                sock.bind((source, 0))
            return sock.connect_ex((address.host, address.port))
        except OSError as failure:
            return failure.errno or errno.EIO

    def _writable(self, connection: Connection) -> None:
        if connection.stage == Stage.CONNECTING:
            failure = connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failure:
                self._lose(connection, errno.errorcode.get(failure, str(failure)))
                return
            self._reach(connection, Stage.TCP)
            self._epoll.modify(connection.fd, _IN)
            if connection.upto > Stage.TCP:
                self.send(connection, connection.upgrade.request)
            return
        rest, connection.unsent = connection.unsent, b""
        self._epoll.modify(connection.fd, _IN)
        if rest:
            self.send(connection, rest)

    def _read(self, connection: Connection) -> None:
        try:
            size = connection.sock.recv_into(self._buffer)
        except BlockingIOError:
            return
        except OSError as failure:
            self._lose(connection, _name(failure))
            return
        if not size:
            self._lose(connection, "eof")
        elif connection.stage < connection.upto:
            self._shake_hands(connection, bytes(self._view[:size]))
        elif self._on_read is not None:
            connection.received += size
            if self._buffer.find(_HEARTBEAT, 0, size) >= 0:
                self._answer_heartbeat(connection)
            self._on_read(connection, self._buffer, size)
        else:
            connection.received += size
            self._take(connection, bytes(self._view[:size]))

    def _shake_hands(self, connection: Connection, data: bytes) -> None:
        if connection.stage > Stage.TCP:
            self._take(connection, data)
            return
        data = connection.unread + data
        head, end, rest = data.partition(b"\r\n\r\n")
        if not end:
            connection.unread = data
            return
        connection.unread = b""
        if not connection.upgrade.accepts(head):
            self._lose(connection, f"refused: {head[:64].decode(errors='replace').splitlines()[0]}")
            return
        self._reach(connection, Stage.WEBSOCKET)
        if rest:
            self._take(connection, rest)

    def _take(self, connection: Connection, data: bytes) -> None:
        """Handles the frames of what was read, keeping a last incomplete one for the next read."""
        if connection.unread:
            data = connection.unread + data
        try:
            messages, end = split(data)
        except BadFrame as bad:
            self._lose(connection, str(bad))
            return
        connection.unread = data[end:]
        for opcode, payload in messages:
            if connection.stage == Stage.CLOSED:
                return
            self._frame(connection, opcode, payload)

    def _frame(self, connection: Connection, opcode: int, payload: bytes) -> None:
        if opcode == TEXT and connection.upto == Stage.WEBSOCKET:
            self._handler.message(connection, payload)
        elif opcode == TEXT:
            self._packet(connection, payload)
        elif opcode == PING:
            self.send(connection, masked(payload, PONG))
        elif opcode == CLOSE:
            self._lose(connection, f"closed: {int.from_bytes(payload[:2], 'big') or 1005}")

    def _packet(self, connection: Connection, packet: bytes) -> None:
        """One Engine.IO packet."""
        kind = packet[:1]
        if kind == b"2":
            self._answer_heartbeat(connection)
        elif kind == b"1":
            self._lose(connection, "ended")
        elif kind == b"4" and connection.is_ready:
            self._handler.message(connection, packet[1:])
        elif kind == b"0" and connection.stage == Stage.WEBSOCKET:
            self._reach(connection, Stage.ENGINE_IO)
            if not connection.is_ready:
                self.send(connection, masked(b"40" + connection.auth))
        elif packet.startswith(b"40"):
            self._reach(connection, Stage.SOCKET_IO)
        elif packet.startswith(b"44"):
            self._lose(connection, f"refused: {packet[2:].decode(errors='replace')}")

    def _answer_heartbeat(self, connection: Connection) -> None:
        self.heartbeats += 1
        self.send(connection, _PONG)

    def _reach(self, connection: Connection, stage: Stage) -> None:
        connection.stage = stage
        if connection.is_ready:
            connection.auth = b""
            self._handler.ready(connection)

    def _lose(self, connection: Connection, reason: str) -> None:
        self._forget(connection)
        self._handler.lost(connection, reason)

    def _forget(self, connection: Connection) -> None:
        connection.stage = Stage.CLOSED
        connection.unread = connection.unsent = b""
        del self._by_fd[connection.fd]
        connection.sock.close()


_PONG = masked(b"3")


@lru_cache(maxsize=256)
def _upgrade(address: Address) -> Upgrade:
    return upgrade(f"{address.host}:{address.port}", address.path)


def _name(failure: OSError) -> str:
    return errno.errorcode.get(failure.errno or 0, str(failure)).lower()
