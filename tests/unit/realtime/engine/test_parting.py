"""[D7] What is kept for those who may never come for it is bounded, in sessions and in bytes."""

from realtime.engine.parting import AT_ONCE, BYTES, Parting


def test_last_frames_are_taken_once() -> None:
    parting = Parting()
    parting.keep("ana", [b"x"])
    assert parting.take("ana") == [b"x"]
    assert parting.take("ana") is None


def test_the_oldest_go_beyond_the_bytes() -> None:
    """However few sessions they belong to; what was taken no longer counts."""
    parting = Parting()
    half = [b"x" * (BYTES // 2)]
    for sid in ("first", "second", "third"):
        parting.keep(sid, half)
    assert parting.take("first") is None
    assert parting.take("second") == parting.take("third") == half
    for sid in ("fourth", "fifth"):
        parting.keep(sid, half)
    assert parting.take("fourth") == half


def test_the_oldest_go_beyond_the_count() -> None:
    parting = Parting()
    for number in range(AT_ONCE + 1):
        parting.keep(str(number), [b"x"])
    assert parting.take("0") is None
    assert parting.take("1") == [b"x"]
