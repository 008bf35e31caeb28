"""Where in a Redis Cluster a room lives: its partition, whose tag stands in all of its keys.

There are fewer partitions than slots, so that the channels of many rooms can be subscribed to in one command, and there
is one in each equal share of the slots, so that masters with equal shares of the slots have equal shares of the rooms.
All processes have to agree on the number.
"""

from binascii import crc_hqx
from functools import cache
from itertools import count
from typing import Final
from zlib import crc32

SLOTS: Final = 16_384
PARTITIONS: Final = 256


def slot_of(name: bytes) -> int:
    """The slot of a key or shard channel: that of what its first braces hold, if they hold anything."""
    _, opened, rest = name.partition(b"{")
    tag, closed, _ = rest.partition(b"}")
    return crc_hqx(tag if opened and closed and tag else name, 0) % SLOTS


def tag_of(room: str) -> str:
    """The hash tag of a room's partition, without braces."""
    return tags(PARTITIONS)[crc32(room.encode()) % PARTITIONS]


@cache
def tags(partitions: int) -> tuple[str, ...]:
    """A tag for each partition, in the order of their slots: the first number whose slot is in that share of them."""
    found: dict[int, str] = {}
    numbers = count()
    while len(found) < partitions:
        tag = str(next(numbers))
        found.setdefault(slot_of(tag.encode()) * partitions // SLOTS, tag)
    return tuple(found[partition] for partition in range(partitions))
