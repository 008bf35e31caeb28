"""The load tests' sockets at the real server: connected, counted, kept alive, in this process and in another."""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from loadtests.frames import masked
from loadtests.processes import Child, Report
from loadtests.sockets import Address, Connection, Stage, Swarm
from tests.support.client import login
from tests.support.platform import Platform, embedded

MANY = 40
PATIENCE = 30.0


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    folder: Path = tmp_path_factory.mktemp("platform")
    with embedded(folder, ping_interval=0.5, command_rate=10_000, command_burst=10_000) as running:
        yield running


@pytest.fixture(scope="module")
def auth(platform: Platform) -> bytes:
    return orjson.dumps({"token": asyncio.run(login(platform.url, "ana@andes.demo"))})


@pytest.fixture
def address(platform: Platform) -> Address:
    host, port = platform.url.removeprefix("http://").split(":")
    return Address(host, int(port))


class Notes:
    """A handler that keeps all that it is told; also a worker for a process of its own."""

    def __init__(self, report: Report | None = None) -> None:
        self.swarm = Swarm(self, sources=("127.0.0.1", "127.0.0.2"))
        self.report = report
        self.connected: list[Connection] = []
        self.messages: list[bytes] = []
        self.losses: list[str] = []

    def ready(self, connection: Connection) -> None:
        self.connected.append(connection)
        if self.report is not None:
            self.report(len(self.connected))

    def message(self, connection: Connection, text: bytes) -> None:
        self.messages.append(text)

    def lost(self, connection: Connection, reason: str) -> None:
        self.losses.append(reason)

    def connect(self, address: Address, auth: bytes, many: int = MANY, upto: Stage = Stage.SOCKET_IO) -> None:
        for _ in range(many):
            self.swarm.connect(address, auth, upto=upto)

    def until(self, condition: Callable[[], Any]) -> None:
        deadline = time.monotonic() + PATIENCE
        self.swarm.run(until=lambda: bool(condition()) or time.monotonic() > deadline)
        assert condition(), (len(self.connected), self.losses, self.messages[-3:])


def test_all_connect_each_hears_where_it_stands_and_heartbeats_keep_it(address: Address, auth: bytes) -> None:
    notes = Notes()
    notes.connect(address, auth)
    notes.until(lambda: sum(text.startswith(b'2["session.ready"') for text in notes.messages) == MANY)
    assert len(notes.connected) == len(notes.swarm) == MANY
    assert {connection.sock.getsockname()[0] for connection in notes.connected} == {"127.0.0.1", "127.0.0.2"}
    notes.until(lambda: notes.swarm.heartbeats >= 3 * MANY)
    assert notes.losses == []
    notes.swarm.close_all()


def test_a_command_is_answered_each_message_once(address: Address, auth: bytes) -> None:
    notes = Notes()
    notes.connect(address, auth)
    notes.until(lambda: len(notes.connected) == MANY)
    command = masked(b'427["room.join",{"room":"public:announcements"}]')
    for connection in notes.connected:
        notes.swarm.send(connection, command)
    notes.until(lambda: sum(text.startswith(b'37[{"ok":true') for text in notes.messages) == MANY)
    notes.swarm.close_all()


def test_reads_are_handed_over_unparsed_and_counted(address: Address, auth: bytes) -> None:
    sizes: dict[Connection, int] = {}

    def count(connection: Connection, buffer: bytearray, size: int) -> None:
        sizes[connection] = sizes.get(connection, 0) + size

    notes = Notes()
    notes.swarm = Swarm(notes, on_read=count)
    notes.connect(address, auth)
    notes.until(lambda: len(sizes) == MANY and notes.swarm.heartbeats >= 2 * MANY)
    assert all(connection.received == size for connection, size in sizes.items())
    assert all(text.startswith(b'2["session.ready"') for text in notes.messages), "came with the handshake's last read"
    assert notes.losses == []
    notes.swarm.close_all()


def test_a_refusal_says_why(address: Address) -> None:
    notes = Notes()
    notes.connect(address, b'{"token":"no"}', many=1)
    notes.until(lambda: notes.losses)
    assert "auth.invalid" in notes.losses[0]
    assert len(notes.swarm) == 0


def test_a_port_where_nobody_listens_is_a_loss() -> None:
    notes = Notes()
    notes.connect(Address("127.0.0.1", 1), b"", many=2)
    notes.until(lambda: len(notes.losses) == 2)
    assert notes.losses == ["ECONNREFUSED"] * 2


def test_a_worker_obeys_and_reports_from_another_process(address: Address, auth: bytes) -> None:
    child = Child(Notes)
    try:
        child.tell("connect", address, auth)
        counted: list[int] = []
        deadline = time.monotonic() + PATIENCE
        while MANY not in counted and time.monotonic() < deadline:
            counted += child.reports(within=1.0)
        assert counted == list(range(1, MANY + 1))
    finally:
        child.stop()
    assert not Path(f"/proc/{child.pid}").exists()
