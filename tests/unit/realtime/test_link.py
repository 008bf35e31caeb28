"""[D7] What a client may have waiting."""

from realtime.link import Budget, Link
from realtime.wire import Text
from tests.unit.realtime.node import Wire


def _text(size: int, letter: str = "x") -> Text:
    return Text(letter * size, size)


def _link(wire: Wire, limit: int = 100, budget: Budget | None = None) -> tuple[Link, list[bool]]:
    slow: list[bool] = []
    return Link(wire.put, limit, budget or Budget(10_000), lambda: slow.append(True)), slow


def test_a_reader_who_keeps_up_is_never_slow() -> None:
    """However much there is in all."""
    wire = Wire()
    link, slow = _link(wire)
    for _ in range(1_000):
        link.send(_text(90))
    assert (len(wire.texts), link.pending, slow) == (1_000, 0, [])


def test_beyond_its_bound_a_link_gives_up_once() -> None:
    """And sends nothing more, whatever is read later."""
    wire = Wire()
    wire.reading = False
    budget = Budget(10_000)
    link, slow = _link(wire, budget=budget)
    for _ in range(5):
        link.send(_text(60))
    assert (len(wire.texts), slow) == (1, [True])
    assert (link.pending, budget.pending) == (0, 0)
    wire.read()
    link.send(_text(1))
    assert (len(wire.texts), budget.pending) == (1, 0)


def test_one_text_alone_may_be_larger_than_the_bound() -> None:
    """A snapshot has to go out; what follows it has to wait for it."""
    wire = Wire()
    wire.reading = False
    link, slow = _link(wire)
    link.send(_text(500))
    assert (len(wire.texts), slow) == (1, [])
    link.send(_text(1))
    assert slow == [True]


def test_signals_are_dropped_first() -> None:
    """Half the buffer belongs to facts."""
    wire = Wire()
    wire.reading = False
    link, slow = _link(wire)
    assert link.signal(_text(30)) is True
    assert link.signal(_text(30)) is False
    link.send(_text(60))
    assert (len(wire.texts), slow) == (2, [])


def test_a_node_has_a_bound_of_its_own() -> None:
    """Somebody who lags is let go when all together have too much; who does not lag is served."""
    budget = Budget(150)
    lagging, quick = Wire(), Wire()
    lagging.reading = False
    link, slow = _link(lagging, 1_000, budget)
    other, _ = _link(quick, 1_000, budget)
    link.send(_text(100))
    other.send(_text(100))
    link.send(_text(100))
    assert (len(quick.texts), slow) == (1, [True])
    assert budget.pending == 0
