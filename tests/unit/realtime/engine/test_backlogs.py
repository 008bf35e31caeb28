"""[D7] What waits for a session whose socket takes little: in slices, in order, counted."""

import pytest

from realtime.engine.outbox import SLICE
from realtime.engine.packets import PACKETS_IN_ANSWER, REASON, text_message
from realtime.engine.server import Engine
from realtime.engine.sessions import Session
from tests.unit.realtime.engine.sockets import Socket, poll, polled, send
from tests.unit.realtime.node import Wire, link

pytestmark = pytest.mark.asyncio


class Filling:
    """A transport that pauses its session after some writes."""

    def __init__(self, socket: Socket, session: Session, writes: int) -> None:
        self._socket = socket
        self._session = session
        self._writes = writes

    def write(self, data: bytes) -> None:
        self._socket.write(data)
        self._writes -= 1
        if not self._writes:
            self._session.transport = None


def carried(engine: Engine, socket: Socket, *, pauses_after: int) -> Session:
    """A session on a socket that is full after some writes."""
    session = link(Wire(reading=False), engine)
    session.wire, session.transport = socket, Filling(socket, session, pauses_after)
    return session


@pytest.fixture
def engine() -> Engine:
    return Engine(ping_interval=10, ping_timeout=5)


async def test_a_backlog_goes_out_in_slices_as_long_as_there_is_room(engine: Engine) -> None:
    """[D7] No more than a slice is handed over before the socket is asked again."""
    contents = [f"{number}" * (SLICE // 3) for number in range(7)]
    session = polled(engine, *contents)
    socket = Socket(room=2)
    session.writable(socket, socket.paused)
    assert [len(write) <= SLICE for write in socket.writes] == [True, True]
    assert session.transport is None
    assert session.waiting > 0
    session.writable(socket, lambda: False)
    assert socket.texts == contents
    assert (session.waiting, engine.outbox.pending) == (0, 0)
    assert session.transport is socket


async def test_a_frame_larger_than_a_slice_goes_in_parts(engine: Engine) -> None:
    """[D7] Of what a transport is handed, the kernel may take nothing: so it is never much."""
    contents = ["a", "b" * (2 * SLICE), "c"]
    session = polled(engine, *contents)
    socket = Socket()
    session.writable(socket, socket.paused)
    assert max(map(len, socket.writes)) == SLICE
    assert socket.texts == contents
    assert (session.waiting, engine.outbox.pending) == (0, 0)


async def test_what_a_socket_does_not_take_of_a_turn_waits(engine: Engine) -> None:
    """[D7] Counted, and in order with what comes."""
    socket, contents = Socket(), ["a" * 100, "b" * (3 * SLICE), "c"]
    session = carried(engine, socket, pauses_after=2)
    for content in contents:
        session.send(text_message(content.encode()))
    session.flush()
    assert [len(write) for write in socket.writes[1:]] == [SLICE]
    assert (
        session.waiting
        == engine.outbox.pending
        == sum(len(text_message(one.encode())) for one in contents) - sum(map(len, socket.writes))
    )
    send(session, "d")
    session.writable(socket, lambda: False)
    assert socket.texts == [*contents, "d"]
    assert (session.waiting, engine.outbox.pending) == (0, 0)


async def test_who_is_let_go_in_the_midst_of_a_frame_can_read_why(engine: Engine) -> None:
    """[D7] All is thrown away but for the rest of that frame, behind which the last words stand."""
    socket = Socket()
    session = carried(engine, socket, pauses_after=1)
    send(session, "a" * (2 * SLICE), "b", "c")
    session.discard()
    assert session.waiting == engine.outbox.pending > 0
    session.close(REASON.SERVER_DISCONNECT, last=text_message(b"why"))
    assert socket.closed is not None
    socket.write(socket.closed[1])
    assert socket.texts == ["a" * (2 * SLICE), "why"]
    assert (session.waiting, engine.outbox.pending) == (0, 0)


async def test_who_has_read_all_is_told_of_once(engine: Engine) -> None:
    """Whoever holds something back for those that lag goes on then, over either transport."""
    relieved: list[Session] = []
    engine.on_relief = relieved.append
    socket = Socket(room=1)
    session = polled(engine, "a" * SLICE, "b")
    assert session.lags
    session.writable(socket, socket.paused)
    assert relieved == []
    session.writable(socket, lambda: False)
    assert (relieved, session.lags) == ([session], False)
    polls = polled(engine, *(str(number) for number in range(PACKETS_IN_ANSWER + 1)))
    for _ in range(2):
        poll(polls)
        polls.answer_poll()
        polls.poll = None
    assert relieved == [session, polls]


async def test_who_has_anything_waiting_lags_where_room_is_short() -> None:
    """[D7] The room of all is shared: half of it is for what they cannot be spared."""
    engine = Engine(node_bytes=1_000)
    one, other = (polled(engine, "a" * 200) for _ in range(2))
    assert (one.lags, other.lags) == (False, False)
    send(other, "b" * 200)
    assert (one.lags, other.lags) == (True, True)
