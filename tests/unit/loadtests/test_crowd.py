"""What the driver calls lost, doubled and missed: a crowd is shown packets, and its tally says what they were."""

import socket
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from loadtests.clients import Client, Deployment
from loadtests.crowd import Crowd
from loadtests.following import ANNOUNCEMENTS
from loadtests.frames import upgrade
from loadtests.people import population
from loadtests.places import Place
from loadtests.sockets import Address, Connection, Stage

DEPLOYMENT = Deployment((Address("127.0.0.1", 1),), "x" * 32, 60.0, population(10, 0))
ROOM = ANNOUNCEMENTS.decode()


def _frame(seq: int, epoch: str = "e", room: str = ROOM) -> dict[str, Any]:
    return {
        "v": 1,
        "id": f"id-{seq}",
        "name": "announcement.published",
        "room": room,
        "epoch": epoch,
        "seq": seq,
        "data": {},
    }


class Someone:
    """A client of a crowd, with its connection; what it sends goes nowhere."""

    def __init__(self) -> None:
        self.crowd = Crowd(DEPLOYMENT, ("",))
        self.near, self.far = socket.socketpair()
        self.connection = Connection(self.near, upgrade("host", "/"), b"", 0.0, Stage.SOCKET_IO)
        self.connection.stage = Stage.SOCKET_IO
        self.client = Client(5, 0)
        self.connection.tag = self.client
        self.client.connection = self.connection

    def hears(self, packet: bytes) -> None:
        self.crowd.message(self.connection, packet)

    def event(self, name: str, body: Any) -> None:
        self.hears(b"2" + orjson.dumps([name, body]))

    def frames(self, *seqs: int, **more: str) -> None:
        for seq in seqs:
            self.event("announcement.published", _frame(seq, **more))

    def session(self, seq: int) -> None:
        self.event("session.ready", {"user": {}, "rooms": [{"room": ROOM, "epoch": "e", "seq": seq}]})

    def joined(self, seq: int, events: list[Any], recovered: bool = True, epoch: str = "e") -> None:
        """The ack of its last command, a join."""
        data = {"room": ROOM, "epoch": epoch, "seq": seq, "recovered": recovered, "events": events}
        self.hears(b"3%d%s" % (self.client.numbers, orjson.dumps([{"ok": True, "data": data}])))

    @property
    def counted(self) -> dict[str, int]:
        return {name: many for name, many in self.crowd.tally.counts.items() if many}

    @property
    def place(self) -> Place:
        return (self.client.places or {})[ANNOUNCEMENTS]


@pytest.fixture
def someone() -> Iterator[Someone]:
    made = Someone()
    yield made
    made.near.close()
    made.far.close()


def test_frames_in_order_are_counted_and_delivered_once_each(someone: Someone) -> None:
    someone.session(3)
    someone.frames(4, 5, 6)
    assert someone.counted == {"connected": 1, "frames": 3}
    assert someone.crowd.tally.delivered == {b"id-4": 1, b"id-5": 1, b"id-6": 1}


def test_a_gap_is_as_many_as_are_missing(someone: Someone) -> None:
    someone.session(3)
    someone.frames(4, 7, 8)
    assert someone.counted == {"connected": 1, "frames": 2, "gaps": 2}


def test_the_first_frame_counts_from_where_the_session_began(someone: Someone) -> None:
    someone.session(3)
    someone.frames(5)
    assert someone.counted["gaps"] == 1


def test_what_comes_twice_is_doubled(someone: Someone) -> None:
    someone.session(3)
    someone.frames(4, 4, 3, 5)
    assert someone.counted == {"connected": 1, "frames": 2, "duplicates": 2}


def test_another_epoch_or_room_is_strange(someone: Someone) -> None:
    someone.session(3)
    someone.frames(4, epoch="other")
    someone.frames(4, room="quotation:1")
    assert someone.counted == {"connected": 1, "strange": 2}


def test_after_a_break_it_gets_what_it_missed_and_ignores_what_precedes_the_ack(someone: Someone) -> None:
    someone.session(3)
    someone.crowd.lost(someone.connection, "eof")
    someone.client.connection = someone.connection
    someone.session(5)
    assert someone.client.joining == 1
    someone.frames(6)
    someone.joined(6, [_frame(4), _frame(5), _frame(6)])
    someone.frames(7)
    wanted = {"connected": 1, "lost eof": 1, "early": 1, "replayed": 3, "back": 1, "frames": 1}
    assert someone.counted == wanted
    assert someone.crowd.tally.delivered == {b"id-4": 1, b"id-5": 1, b"id-6": 1, b"id-7": 1}
    assert someone.place.seq == 7


def test_a_replay_with_a_hole_is_a_gap(someone: Someone) -> None:
    someone.session(3)
    someone.crowd.join(someone.client, ANNOUNCEMENTS)
    someone.joined(6, [_frame(4), _frame(6)])
    assert someone.counted["gaps"] == 2
    assert someone.counted["replayed"] == 1


def test_a_join_that_ends_before_what_was_heard_goes_back(someone: Someone) -> None:
    someone.session(3)
    someone.crowd.join(someone.client, ANNOUNCEMENTS)
    someone.frames(4)
    someone.joined(3, [])
    assert someone.counted["went back"] == 1
    assert someone.place.seq == 4


def test_nothing_missed_needs_no_join(someone: Someone) -> None:
    someone.session(3)
    someone.crowd.lost(someone.connection, "eof")
    someone.client.connection = someone.connection
    someone.session(3)
    assert someone.client.joining == 0
    assert someone.counted["back"] == 1


def test_another_epoch_means_a_snapshot_and_its_position(someone: Someone) -> None:
    someone.session(3)
    someone.crowd.join(someone.client, ANNOUNCEMENTS)
    someone.joined(1, [], recovered=False, epoch="new")
    assert someone.counted["snapshots"] == 1
    assert (someone.place.epoch, someone.place.seq) == (b"new", 1)
