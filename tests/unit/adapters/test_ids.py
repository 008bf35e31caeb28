"""Ids tell when they were made and nothing else. [P4]"""

import time
import uuid

from backend.adapters.ids import new_id


def test_an_id_is_a_uuid_of_version_7_with_the_time_of_its_making() -> None:
    before = time.time_ns() // 1_000_000
    made = uuid.UUID(new_id())
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert before <= made.int >> 80 <= after


def test_what_follows_the_time_is_random_and_does_not_count() -> None:
    """[P4] Two ids of one millisecond tell nothing of how many lie between them."""
    tails = [uuid.UUID(new_id()).int & ((1 << 80) - 1) for _ in range(500)]
    assert len(set(tails)) == len(tails)
    assert tails != sorted(tails)
    ones = [sum(tail >> bit & 1 for tail in tails) for bit in range(80) if bit not in (62, 63, 76, 77, 78, 79)]
    assert all(150 < count < 350 for count in ones)
