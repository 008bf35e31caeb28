"""Presence as others see it, and how often they hear of it [D6] [D9]."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rooms.presence import Coalescer, Diff, Roster

NOTHING = Diff({}, frozenset())


def test_entering_is_told_once() -> None:
    roster = Roster()
    assert roster.enter("ana", b"1") == Diff({"ana": b"1"}, frozenset())
    assert roster.enter("ana", b"1") == NOTHING
    assert roster.enter("ana", b"2") == Diff({"ana": b"2"}, frozenset())
    assert roster.shown() == {"ana": b"2"}


def test_who_leaves_goes_at_once() -> None:
    roster = Roster()
    roster.enter("ana", b"1")
    assert roster.leave("ana") == Diff({}, frozenset({"ana"}))
    assert roster.leave("ana") == NOTHING


def test_d9_who_comes_back_within_the_grace_was_never_gone() -> None:
    roster = Roster(grace=60)
    roster.enter("ana", b"1")
    roster.break_off("ana", now=100)
    assert roster.expire(now=159) == NOTHING
    assert roster.shown() == {"ana": b"1"}
    assert roster.enter("ana", b"1") == NOTHING
    assert roster.expire(now=500) == NOTHING


def test_d9_the_grace_begins_with_the_first_break() -> None:
    roster = Roster(grace=60)
    roster.enter("ana", b"1")
    roster.break_off("ana", now=100)
    roster.break_off("ana", now=150)
    roster.break_off("nobody", now=100)
    assert roster.expire(now=160) == Diff({}, frozenset({"ana"}))
    assert roster.shown() == {}


def test_d6_who_is_missing_at_the_broker_enters_the_grace_and_then_goes() -> None:
    roster = Roster(grace=60)
    assert roster.sync({"ana": b"1", "bruno": b"2"}, now=0) == Diff({"ana": b"1", "bruno": b"2"}, frozenset())
    assert roster.sync({"ana": b"1"}, now=15) == NOTHING
    assert set(roster.shown()) == {"ana", "bruno"}
    assert roster.sync({"ana": b"1", "carla": b"3"}, now=75) == Diff({"carla": b"3"}, frozenset({"bruno"}))


def test_d6_of_several_signals_the_newest_is_sent_when_its_time_comes() -> None:
    signals: Coalescer[str, int] = Coalescer(interval=100)
    assert signals.offer("ana", "focus", 1, now=0)
    assert not signals.offer("ana", "focus", 2, now=10)
    assert not signals.offer("ana", "focus", 3, now=20)
    assert signals.next_due() == 100
    assert signals.due(now=99) == []
    assert signals.due(now=100) == [("ana", "focus", 3)]
    assert signals.next_due() is None
    assert not signals.offer("ana", "focus", 4, now=150)
    assert signals.due(now=200) == [("ana", "focus", 4)]


def test_d6_sources_and_kinds_do_not_hold_up_each_other() -> None:
    signals: Coalescer[str, int] = Coalescer(interval=100)
    assert signals.offer("ana", "focus", 1, now=0)
    assert signals.offer("ana", "typing", 1, now=1)
    assert signals.offer("bruno", "focus", 1, now=2)
    assert signals.due(now=1000) == []


def test_d6_a_waiting_signal_does_not_outlive_its_source() -> None:
    signals: Coalescer[str, int] = Coalescer(interval=100)
    for source in ("ana", "bruno"):
        signals.offer(source, "focus", 1, now=0)
        signals.offer(source, "focus", 2, now=1)
    signals.forget("ana")
    assert signals.due(now=100) == [("bruno", "focus", 2)]


def test_a_newer_signal_takes_the_place_of_one_nobody_fetched() -> None:
    signals: Coalescer[str, int] = Coalescer(interval=100)
    signals.offer("ana", "focus", 1, now=0)
    signals.offer("ana", "focus", 2, now=1)
    assert signals.offer("ana", "focus", 3, now=500)
    assert signals.due(now=1000) == []


steps = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["offer", "due"]), st.sampled_from("ab"), st.sampled_from("xy"))
)


@given(steps)
def test_d6_at_most_one_signal_per_interval_and_the_last_one_always_arrives(
    script: list[tuple[int, str, str, str]],
) -> None:
    signals: Coalescer[str, int] = Coalescer(interval=100)
    sent: dict[tuple[str, str], list[tuple[int, int]]] = {}
    offered: dict[tuple[str, str], int] = {}
    now = 0
    for number, (passing, action, source, kind) in enumerate(script):
        now += passing
        if action == "offer":
            offered[source, kind] = number
            if signals.offer(source, kind, number, now):
                sent.setdefault((source, kind), []).append((now, number))
        else:
            for due_source, due_kind, value in signals.due(now):
                sent.setdefault((due_source, due_kind), []).append((now, value))
    for source, kind, value in signals.due(now + 100):
        sent.setdefault((source, kind), []).append((now + 100, value))
    assert {key: passed[-1][1] for key, passed in sent.items()} == offered
    for passed in sent.values():
        assert all(later - earlier >= 100 for (earlier, _), (later, _) in pairwise(passed))
