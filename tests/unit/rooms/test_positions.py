"""What a node does with a frame that arrives [D1]."""

import pytest

from rooms.positions import Cursor, Frame, Position, Verdict


@pytest.mark.parametrize(
    ("gen", "seq", "verdict"),
    [
        (2, 6, Verdict.DELIVER),
        (2, 5, Verdict.IGNORE),
        (2, 1, Verdict.IGNORE),
        (2, 0, Verdict.IGNORE),
        (2, 7, Verdict.GAP),
        (1, 6, Verdict.IGNORE),
        (1, 99, Verdict.IGNORE),
        (3, 0, Verdict.RESET),
        (3, 1, Verdict.RESET),
        (4, 9, Verdict.RESET),
    ],
)
def test_d1_a_frame_is_delivered_once_in_order_or_a_gap_or_reset_is_seen(gen: int, seq: int, verdict: Verdict) -> None:
    assert Cursor(2, 5).judge(gen, seq) is verdict


def test_cursors_of_a_channel_are_ordered_in_time() -> None:
    assert Cursor(1, 9) < Cursor(2, 0) < Cursor(2, 1)


def test_a_frame_knows_its_position() -> None:
    assert Frame(3, "e", 7, "offer.submitted", b"{}").position == Position("e", 7)
