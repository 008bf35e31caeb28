"""A session over its transports: polls that wait, the change to a WebSocket, and how each end is told."""

from collections.abc import Callable
from typing import Any

import pytest

from realtime.engine.frames import GOING_AWAY, NORMAL
from realtime.engine.packets import (
    CLOSE_FRAME,
    NOOP_FRAME,
    PACKETS_IN_ANSWER,
    PING_FRAME,
    REASON,
    text_message,
)
from realtime.engine.server import Engine
from realtime.engine.sessions import Session
from tests.support.frames import received
from tests.unit.realtime.engine.sockets import Socket, poll, polled, said, send

pytestmark = pytest.mark.asyncio


@pytest.fixture
def ends() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def engine(ends: list[tuple[str, str]]) -> Engine:
    engine = Engine(ping_interval=10, ping_timeout=5)
    engine.on("disconnect", lambda sid, reason: ends.append((sid, reason)))
    return engine


async def test_what_comes_answers_the_poll_that_waits(engine: Engine) -> None:
    session = polled(engine)
    answer = poll(session)
    assert not answer.done()
    send(session, "a")
    assert said(answer) == ["4a"]
    send(session, "b", "c")
    session.poll = None
    answer = poll(session)
    session.answer_poll()
    assert said(answer) == ["4b", "4c"]
    assert (session.waiting, engine.outbox.pending) == (0, 0)


async def test_a_poll_is_answered_once_and_loses_nothing(engine: Engine) -> None:
    """[D1] What comes between an answer and its end on the wire waits for the next poll."""
    session = polled(engine, "a")
    answer = poll(session)
    session.answer_poll()
    send(session, "b")
    session.answer_poll()
    assert said(answer) == ["4a"]
    assert [payload for _, payload in received(b"".join(session.take_backlog(1_000)))] == [b"4b"]


async def test_an_answer_has_no_more_packets_than_clients_take(engine: Engine) -> None:
    contents = [str(number) for number in range(2 * PACKETS_IN_ANSWER + 1)]
    session = polled(engine, *contents)
    got: list[list[str]] = []
    while session.waiting:
        answer = poll(session)
        session.answer_poll()
        got.append(said(answer))
        session.poll = None
    assert [len(one) for one in got] == [PACKETS_IN_ANSWER, PACKETS_IN_ANSWER, 1]
    assert [packet for one in got for packet in one] == [f"4{content}" for content in contents]


async def test_an_upgrade_releases_the_poll_and_brings_what_waited(engine: Engine) -> None:
    """[D1] In order, and before what is sent from then on."""
    session = polled(engine, "a", "b")
    answer, socket = poll(session), Socket()
    session.upgrade(socket, socket, socket.paused)
    send(session, "c")
    assert said(answer) == ["6"]
    assert (socket.texts, session.upgraded, session.waiting) == (["a", "b", "c"], True, 0)


async def test_an_upgrade_leaves_an_answered_poll_alone(engine: Engine) -> None:
    session = polled(engine, "a")
    answer, socket = poll(session), Socket()
    session.answer_poll()
    send(session, "b")
    session.upgrade(socket, socket, socket.paused)
    assert (said(answer), socket.texts) == (["4a"], ["b"])


async def test_an_upgrade_to_a_full_socket_keeps_the_order(engine: Engine) -> None:
    session = polled(engine, "a")
    socket = Socket(room=0)
    session.upgrade(socket, socket, socket.paused)
    send(session, "b")
    assert (socket.writes, session.transport) == ([], None)
    session.writable(socket, lambda: False)
    send(session, "c")
    assert socket.texts == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("close", "code"),
    [
        (lambda session: session.close(REASON.SERVER_DISCONNECT), NORMAL),
        (lambda session: session.close(REASON.SERVER_DISCONNECT, GOING_AWAY), GOING_AWAY),
        (lambda session: session.receive("1"), NORMAL),
    ],
)
async def test_a_close_on_a_socket_brings_what_waits_first(
    engine: Engine, close: Callable[[Session], Any], code: int
) -> None:
    session = polled(engine, "a")
    session.wire = socket = Socket()
    session.send(text_message(b"b"))
    close(session)
    assert socket.closed == (code, text_message(b"a") + text_message(b"b"))
    assert (session.closed, session.waiting, engine.outbox.pending) == (True, 0, 0)


async def test_a_close_answers_the_poll_with_what_waits(engine: Engine) -> None:
    session = polled(engine)
    answer = poll(session)
    session.send(text_message(b"a"))
    session.close(REASON.SERVER_DISCONNECT, last=text_message(b"last"))
    assert said(answer) == ["4a"]
    assert engine.parting.take(session.sid) == [text_message(b"last"), CLOSE_FRAME]


async def test_a_close_with_nothing_new_answers_the_poll_itself(engine: Engine) -> None:
    session = polled(engine)
    answer = poll(session)
    session.close(REASON.SERVER_DISCONNECT, last=text_message(b"last"))
    assert said(answer) == ["4last", "1"]
    assert engine.parting.take(session.sid) is None


async def test_who_polls_after_the_close_is_told(engine: Engine) -> None:
    """Once."""
    session = polled(engine, "a")
    session.close(REASON.SERVER_DISCONNECT)
    assert engine.parting.take(session.sid) == [text_message(b"a"), CLOSE_FRAME]
    assert engine.parting.take(session.sid) is None


async def test_who_closed_by_itself_gets_a_noop(engine: Engine, ends: list[tuple[str, str]]) -> None:
    session = polled(engine)
    answer = poll(session)
    session.receive("1")
    assert answer.result() == [NOOP_FRAME]
    assert ends == [(session.sid, REASON.CLIENT_DISCONNECT)]


@pytest.mark.parametrize("packet", ["", "2", "3x", "5", "2probe", "7", "x", "0{}"])
async def test_a_packet_that_no_client_sends_ends_the_session(
    engine: Engine, ends: list[tuple[str, str]], packet: str
) -> None:
    """[S2]"""
    session = polled(engine)
    session.wire = socket = Socket()
    session.receive(packet)
    assert socket.closed == (1002, b"")
    assert ends == [(session.sid, REASON.TRANSPORT_ERROR)]


async def test_an_end_is_told_once_and_nothing_is_left(engine: Engine, ends: list[tuple[str, str]]) -> None:
    session = polled(engine, "a")
    session.lost(REASON.TRANSPORT_CLOSE)
    session.close(REASON.SERVER_DISCONNECT)
    session.lost(REASON.TRANSPORT_ERROR)
    send(session, "b")
    session.receive("4c")
    session.receive("")
    assert ends == [(session.sid, REASON.TRANSPORT_CLOSE)]
    assert (session.waiting, engine.outbox.pending, dict(engine.sockets)) == (0, 0, {})


async def test_the_probe_goes_with_its_session(engine: Engine) -> None:
    """Half an upgrade ends with what it was to carry."""
    session = polled(engine)
    session.probe = probe = Socket()
    session.close(REASON.SERVER_DISCONNECT)
    assert probe.closed == (NORMAL, b"")


async def test_pings_are_answered_or_it_is_over(engine: Engine, ends: list[tuple[str, str]]) -> None:
    """[D9] A ping after each interval of rest; without its answer the session ends at the timeout, not before."""
    session = polled(engine)
    session.wire = session.transport = socket = Socket()
    start = session.due - 10
    session.beat(start + 9)
    assert socket.writes == []
    session.beat(start + 10)
    session.flush()
    assert socket.writes == [PING_FRAME]
    assert not session.overdue(start + 14.9)
    assert session.overdue(start + 15)
    session.rest(start + 12)
    assert session.due == start + 22
    session.beat(start + 22)
    session.beat(start + 26)
    assert not ends
    session.beat(start + 27)
    assert ends == [(session.sid, REASON.PING_TIMEOUT)]


async def test_a_late_wheel_does_not_prolong_a_session(engine: Engine) -> None:
    """What should have been pinged and answered long ago is overdue, whether it was pinged or not."""
    session = polled(engine)
    assert not session.overdue(session.due + 4.9)
    assert session.overdue(session.due + 5)


async def test_who_floods_is_not_read_until_it_is_resumed(engine: Engine) -> None:
    """[S2] On the socket that it has, and on the one that it changes over to."""
    session = polled(engine)
    session.pause()
    session.pause()
    waits = session.resumed
    assert waits is not None
    socket = Socket()
    session.upgrade(socket, socket, socket.paused)
    session.resume()
    session.resume()
    assert socket.listened == [False, True]
    assert waits.is_set()
    assert session.resumed is None


async def test_who_is_ended_is_read_for_its_goodbye(engine: Engine) -> None:
    """And can't be paused any more."""
    session = polled(engine)
    session.wire = socket = Socket()
    session.pause()
    session.close(REASON.SERVER_DISCONNECT)
    session.pause()
    assert socket.listened == [False, True]
