"""The yardstick: no framework, one loop that calls `send()` with the same frame for each member of a room.

It knows just enough of WebSocket and Socket.IO for the generator to connect to it. Its sockets block, so that a
`send()` is all that it takes, and reading asks not to be kept waiting.
"""

import base64
import hashlib
import json
import select
import socket
from collections import defaultdict
from collections.abc import Callable

from tests.bench.engine.servers.ports import listeners

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_KEY = b"sec-websocket-key:"
_OPEN = '0{"sid":"bare","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'


def frame(text: str) -> bytes:
    """A text message of a server, below 64 KB."""
    payload = text.encode()
    size = len(payload)
    header = bytes((0x81, size)) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")
    return header + payload


class Bare:
    """All connections, and who is in which room."""

    def __init__(self, public: socket.socket, private: socket.socket) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Callable[[], None]] = {}
        self.rooms: defaultdict[str, list[Callable[[bytes], int]]] = defaultdict(list)
        self._watch(public, lambda: self._accept(public, self._client))
        self._watch(private, lambda: self._accept(private, self._controller))

    def run(self) -> None:
        while True:
            for fd, _ in self._epoll.poll():
                self._readers[fd]()

    def emit(self, room: str, first: int, count: int, padding: int) -> None:
        pad, members = "x" * padding, self.rooms[room]
        for number in range(first, first + count):
            data = json.dumps(["event", {"n": number, "pad": pad}], separators=(",", ":"))
            message = frame(f"42{data}")
            for send in members:
                send(message)

    def _watch(self, connection: socket.socket, reader: Callable[[], None]) -> None:
        self._readers[connection.fileno()] = reader
        self._epoll.register(connection, select.EPOLLIN)

    def _accept(self, listener: socket.socket, serve: Callable[[socket.socket], Callable[[], None]]) -> None:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._watch(connection, serve(connection))

    def _client(self, connection: socket.socket) -> Callable[[], None]:
        connected = False

        def read() -> None:
            nonlocal connected
            data = self._read(connection)
            if data.startswith(b"GET "):
                connection.send(_upgrade(data) + frame(_OPEN))
            elif data and not connected:
                connected = True
                for room in json.loads(_unmasked(data)[2:] or "{}").get("rooms", ()):
                    self.rooms[room].append(connection.send)
                connection.send(frame('40{"sid":"bare"}'))

        return read

    def _controller(self, connection: socket.socket) -> Callable[[], None]:
        rest = b""

        def read() -> None:
            nonlocal rest
            *lines, rest = (rest + self._read(connection)).split(b"\n")
            for line in lines:
                _, room, first, count, padding = line.decode().split()
                self.emit(room, int(first), int(count), int(padding))

        return read

    def _read(self, connection: socket.socket) -> bytes:
        data = connection.recv(65_536, socket.MSG_DONTWAIT)
        if not data:
            self._epoll.unregister(connection)
        return data


def _upgrade(request: bytes) -> bytes:
    key = next(line[len(_KEY) :].strip() for line in request.split(b"\r\n") if line.lower().startswith(_KEY))
    accept = base64.b64encode(hashlib.sha1(key + _MAGIC, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


def _unmasked(data: bytes) -> bytes:
    """The payload of a client's one frame, below 64 KB."""
    start = 4 if data[1] & 0x7F == 126 else 2
    mask, payload = data[start : start + 4], data[start + 4 :]
    return bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


if __name__ == "__main__":
    Bare(*listeners()).run()
