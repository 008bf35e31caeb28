"""[D7] What a client may have waiting, and what happens beyond it."""

import pytest

from realtime.engine.frames import TEXT, frame
from realtime.engine.packets import REASON, text_message
from realtime.engine.server import Engine
from realtime.engine.sessions import Session
from tests.unit.realtime.node import Wire, link

pytestmark = pytest.mark.asyncio


def _engine(limit: int = 100, total: int = 10_000) -> tuple[Engine, list[Session]]:
    engine = Engine(session_bytes=limit, node_bytes=total)
    slow: list[Session] = []

    def too_slow(session: Session) -> None:
        slow.append(session)
        session.discard()
        session.close(REASON.SERVER_DISCONNECT)

    engine.on_slow = too_slow
    return engine, slow


def _frame(size: int) -> bytes:
    return frame(TEXT, b"x" * (size - 2))


async def test_a_reader_who_keeps_up_is_never_slow() -> None:
    """However much there is in all."""
    engine, slow = _engine()
    wire = Wire()
    session = link(wire, engine)
    for _ in range(1_000):
        session.send(_frame(90))
    assert (len(wire.texts), session.waiting, slow) == (1_000, 0, [])


async def test_beyond_its_bound_a_session_is_given_up_once() -> None:
    """And is sent nothing more."""
    engine, slow = _engine()
    session = link(Wire(reading=False), engine)
    for _ in range(5):
        session.send(_frame(60))
        session.flush()
    assert slow == [session]
    assert (session.waiting, engine.outbox.pending) == (0, 0)


async def test_one_frame_alone_may_be_larger_than_the_bound() -> None:
    """A snapshot has to go out; what follows it has to wait for it."""
    engine, slow = _engine()
    session = link(Wire(reading=False), engine)
    session.send(frame(TEXT, b"x" * 500))
    session.flush()
    assert (slow, session.closed) == ([], False)
    session.send(_frame(3))
    session.flush()
    assert slow == [session]


async def test_signals_are_dropped_first() -> None:
    """Half of the room belongs to what has to arrive."""
    engine, slow = _engine()
    session = link(Wire(reading=False), engine)
    assert session.signal(_frame(30)) is True
    session.flush()
    assert session.signal(_frame(30)) is False
    session.send(_frame(60))
    session.flush()
    assert (session.waiting, slow) == (90, [])


async def test_a_node_has_a_bound_of_its_own() -> None:
    """Somebody who lags is let go when all together have too much; who does not lag is served."""
    engine, slow = _engine(1_000, 150)
    quick = Wire()
    lagging, other = link(Wire(reading=False), engine), link(quick, engine)
    for session in (lagging, other, lagging):
        session.send(_frame(100))
        session.flush()
    assert (len(quick.texts), slow) == (1, [lagging])
    assert engine.outbox.pending == 0


async def test_what_waited_goes_first_and_in_order() -> None:
    """A reader who reads again gets all of it, then what comes."""
    engine, _ = _engine(1_000)
    wire = Wire(reading=False)
    session = link(wire, engine)
    for number in range(3):
        session.send(text_message(b"%d" % number))
        session.flush()
    session.writable(wire, lambda: False)
    session.send(text_message(b"3"))
    assert wire.texts == ["0", "1", "2", "3"]
    assert (session.waiting, engine.outbox.pending) == (0, 0)
