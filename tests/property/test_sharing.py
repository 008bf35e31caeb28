"""How relays divide the outbox: whatever relays there are, each part is one's, and few parts move."""

from hypothesis import given
from hypothesis import strategies as st

from backend.services.records import OUTBOX_PARTS
from workers.sharing import share

relays = st.sets(st.uuids().map(str), min_size=1, max_size=8)


@given(relays)
def test_every_part_is_carried_by_one_relay(there: set[str]) -> None:
    carried = [part for relay in there for part in share(relay, there)]
    assert sorted(carried) == list(range(OUTBOX_PARTS))


@given(relays, st.uuids().map(str))
def test_one_that_comes_takes_only_from_the_others(there: set[str], new: str) -> None:
    """And one that goes gives its own, which is the same."""
    for relay in there - {new}:
        assert share(relay, there | {new}) <= share(relay, there - {new})
    taken = share(new, there | {new})
    left = {part for relay in there - {new} for part in share(relay, there | {new})}
    assert taken == set(range(OUTBOX_PARTS)) - left
