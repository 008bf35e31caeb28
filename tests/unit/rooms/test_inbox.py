"""Pages, acknowledgements and the cap of an inbox [D8]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.inbox import Item, Limits, TooManyIds, acknowledged, has_room, page

LIMITS = Limits(page_items=3, page_bytes=100, cap=5, ack_ids=4)


def items(*sizes: int) -> list[Item]:
    return [Item(str(number), b"x" * size) for number, size in enumerate(sizes)]


def test_d8_an_empty_inbox_is_an_empty_page() -> None:
    assert page([], 0, LIMITS).items == ()
    assert page([], 0, LIMITS).left == 0


def test_d8_a_page_is_bounded_in_items_and_says_what_is_left() -> None:
    waiting = items(1, 1, 1, 1)
    found = page(waiting, 4, LIMITS)
    assert found.items == tuple(waiting[:3])
    assert found.left == 1
    assert not found.full


def test_d8_a_page_is_bounded_in_bytes() -> None:
    waiting = items(60, 40, 1)
    assert page(waiting, 3, LIMITS).items == tuple(waiting[:2])


def test_d8_an_item_larger_than_a_page_is_not_stuck() -> None:
    waiting = items(500, 1)
    found = page(waiting, 2, LIMITS)
    assert found.items == tuple(waiting[:1])
    assert found.left == 1


def test_d8_the_cap_is_reported() -> None:
    assert has_room(4, LIMITS)
    assert not has_room(5, LIMITS)
    assert page(items(1), 5, LIMITS).full


def test_d8_an_ack_takes_away_what_waits_and_may_be_repeated() -> None:
    assert acknowledged(["a", "b", "a", "gone"], ["a", "b", "c"], LIMITS) == {"a", "b"}
    assert acknowledged(["a", "b"], ["c"], LIMITS) == frozenset()


def test_s2_an_ack_of_too_many_is_refused() -> None:
    with pytest.raises(TooManyIds):
        acknowledged([str(number) for number in range(5)], [], LIMITS)


@given(st.lists(st.integers(0, 200), max_size=30))
def test_d8_acknowledging_page_after_page_empties_any_inbox_in_order(sizes: list[int]) -> None:
    waiting = items(*sizes)
    everything, read = list(waiting), []
    while waiting:
        found = page(waiting, len(waiting), LIMITS)
        taken = acknowledged([item.id for item in found.items], [item.id for item in waiting], LIMITS)
        read += found.items
        waiting = [item for item in waiting if item.id not in taken]
        assert found.left == len(waiting)
    assert read == everything
