"""What leaves in one turn of the loop, in which order, and in how many writes."""

import asyncio
from collections.abc import Callable
from itertools import chain

import pytest

from realtime.engine import outbox
from realtime.engine.frames import TEXT, frame, opened
from realtime.engine.packets import REASON
from realtime.engine.server import Engine
from realtime.engine.sessions import Session
from tests.support.frames import received
from tests.unit.realtime.node import Wire
from tests.unit.realtime.node import link as carried

pytestmark = pytest.mark.asyncio


class Writes:
    """A transport that keeps each write. `then` is called with the first."""

    def __init__(self, then: Callable[[], None] | None = None) -> None:
        self.writes: list[bytes] = []
        self._then = then

    def write(self, data: bytes) -> None:
        self.writes.append(data)
        then, self._then = self._then, None
        if then is not None:
            then()

    @property
    def texts(self) -> list[list[str]]:
        """What each write held."""
        return [[payload.decode() for _, payload in received(data)] for data in self.writes]


def session(engine: Engine, transport: Writes | None) -> Session:
    one = carried(Wire(reading=False), engine)
    one.transport = transport
    return one


def text(content: str) -> bytes:
    return frame(TEXT, content.encode())


async def turn() -> None:
    """Until what was queued before is written."""
    await asyncio.sleep(0)


async def test_a_turn_is_one_write_in_order() -> None:
    engine, wire = Engine(), Writes()
    one = session(engine, wire)
    for content in "abc":
        one.send(text(content))
    assert wire.writes == []
    await turn()
    one.send(text("d"))
    await turn()
    await turn()
    assert wire.texts == [["a", "b", "c"], ["d"]]


async def test_those_with_the_same_share_the_bytes() -> None:
    """Joined once for all of them, and one frame is not copied at all."""
    engine = Engine()
    wires = [Writes() for _ in range(4)]
    members = [session(engine, wire) for wire in wires]
    one = text("a" * 100)
    engine.outbox.broadcast(members, one)
    await turn()
    assert all(wire.writes[0] is one for wire in wires)
    for content in "bc":
        engine.outbox.broadcast(members, text(content))
    members[3].send(text("mine"))
    await turn()
    assert all(wire.writes[1] is wires[0].writes[1] for wire in wires[:3])
    assert [wire.texts[1] for wire in wires] == [["b", "c"]] * 3 + [["b", "c", "mine"]]


async def test_to_one_and_to_many_keep_their_order() -> None:
    """Whoever sends: one way out."""
    engine = Engine()
    wires = [Writes(), Writes()]
    one, other = (session(engine, wire) for wire in wires)
    one.send(text("1"))
    engine.outbox.broadcast((one, other), text("2"))
    one.send(text("3"))
    engine.outbox.broadcast((other, one), text("4"))
    await turn()
    assert [wire.texts for wire in wires] == [[["1", "2", "3", "4"]], [["2", "4"]]]


async def test_a_flush_writes_now_and_once() -> None:
    engine, wire = Engine(), Writes()
    one = session(engine, wire)
    one.send(text("a"))
    one.send(text("b"))
    one.flush()
    assert wire.texts == [["a", "b"]]
    one.flush()
    one.send(text("c"))
    await turn()
    assert wire.texts == [["a", "b"], ["c"]]


async def test_many_are_spread_over_turns_and_late_ones_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others get their turn in between; what is queued meanwhile leaves with what still waits."""
    monkeypatch.setattr(outbox, "WRITES_PER_TURN", 10)
    engine = Engine()
    wires = [Writes() for _ in range(25)]
    members = [session(engine, wire) for wire in wires]
    engine.outbox.broadcast(members, text("a"))
    await turn()
    assert [len(wire.writes) for wire in wires] == [1] * 10 + [0] * 15
    engine.outbox.broadcast(members, text("b"))
    for _ in range(5):
        await turn()
    assert [wire.texts for wire in wires] == [[["a"], ["b"]]] * 10 + [[["a", "b"]]] * 15


async def test_what_is_sent_while_it_writes_follows() -> None:
    """A write may make somebody send, to those before and to those after."""
    engine = Engine()
    wires = [Writes(), Writes(lambda: engine.outbox.broadcast(members, text("b"))), Writes()]
    members = [session(engine, wire) for wire in wires]
    engine.outbox.broadcast(members, text("a"))
    await turn()
    await turn()
    assert [list(chain(*wire.texts)) for wire in wires] == [["a", "b"]] * 3


async def test_who_is_closed_while_it_writes_gets_nothing_more() -> None:
    """Its frames go before its end, in no other order, and the others get theirs."""
    engine = Engine()
    wires = [Writes(lambda: members[2].close(REASON.SERVER_DISCONNECT)), Writes(), Writes()]
    members = [session(engine, wire) for wire in wires]
    engine.outbox.broadcast(members, text("a"))
    await turn()
    members[2].send(text("late"))
    await turn()
    assert [wire.texts for wire in wires] == [[["a"]]] * 3
    assert engine.outbox.pending == 0


async def test_who_is_lost_while_it_writes_gets_nothing_at_all() -> None:
    engine = Engine()
    wires = [Writes(lambda: members[1].lost(REASON.TRANSPORT_CLOSE)), Writes(), Writes()]
    members = [session(engine, wire) for wire in wires]
    engine.outbox.broadcast(members, text("a"))
    await turn()
    assert [wire.texts for wire in wires] == [[["a"]], [], [["a"]]]
    assert engine.outbox.pending == 0


async def test_who_is_paused_while_it_writes_keeps_the_rest() -> None:
    """[D7] A transport that is full pauses its session: what is queued waits with the session."""
    engine = Engine()
    wire = Writes(lambda: setattr(one, "transport", None))
    one = session(engine, wire)
    one.send(text("a"))
    await turn()
    one.send(text("b"))
    one.send(text("c"))
    await turn()
    assert wire.texts == [["a"]]
    assert one.waiting == len(text("b") + text("c"))
    assert [opened(waits)[1] for waits in one.take_backlog(1_000)] == [b"b", b"c"]
    assert engine.outbox.pending == 0
