"""Where rooms live in a cluster: together by room, evenly over the slots [D1]."""

from collections import Counter
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from rooms.keys import Keys
from rooms.slots import PARTITIONS, SLOTS, slot_of, tag_of, tags

HINTS = {b"": 0, b"123456789": 12_739, b"foo{}{bar}": 8_363, b"foo{{bar}}zap": 4_015, b"foo{bar}{zap}": 5_061}
"""By Redis' own CLUSTER KEYSLOT."""


@pytest.mark.parametrize(("name", "slot"), HINTS.items())
def test_slots_are_those_of_the_server(name: bytes, slot: int) -> None:
    assert slot_of(name) == slot


@pytest.mark.parametrize("partitions", [1, 3, PARTITIONS])
def test_each_share_of_the_slots_has_one_partition(partitions: int) -> None:
    slots = [slot_of(tag.encode()) for tag in tags(partitions)]
    assert [slot * partitions // SLOTS for slot in slots] == list(range(partitions))
    assert all(later - one < 2 * SLOTS // partitions for one, later in pairwise(slots))


def test_rooms_are_spread_evenly() -> None:
    """However their ids are made."""
    for ids in (range(50_000), [UUID(int=number << 60) for number in range(50_000)], [uuid4() for _ in range(50_000)]):
        rooms = Counter(tag_of(f"quotation:{one}") for one in ids)
        assert len(rooms) == PARTITIONS
        assert max(rooms.values()) < 2 * min(rooms.values())


def test_all_that_belongs_to_a_room_is_in_one_slot() -> None:
    keys = Keys("prefix")
    names = [*keys.of_channel("quotation:1/agency"), keys.published("quotation:1/hotel:7"), keys.present("quotation:1")]
    assert len(set(names)) == 4
    assert len({slot_of(name.encode()) for name in names}) == 1
    assert slot_of(keys.wake.encode()) == slot_of(tags(PARTITIONS)[0].encode())
