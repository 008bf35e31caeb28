"""Messages between broker and node: bodies travel untouched, and what we did not write is refused [S2]."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.positions import Frame
from rooms.wire import BadMessage, decode_frame, decode_signal, encode_frame, encode_signal

words = st.text(st.characters(exclude_characters=" \n", codec="utf-8"), min_size=1, max_size=20)
numbers = st.integers(min_value=0, max_value=2**53)


@given(st.builds(Frame, numbers, words, numbers, words, st.binary(max_size=200)))
def test_a_frame_survives_the_way(frame: Frame) -> None:
    assert decode_frame(encode_frame(frame)) == frame


@given(words, st.binary(max_size=200))
def test_a_signal_survives_the_way(name: str, body: bytes) -> None:
    assert decode_signal(encode_signal(name, body)) == (name, body)


@pytest.mark.parametrize(
    "message",
    [b"", b"F", b"F1 2 e n", b"S1 2 e n\n{}", b"F1 2 e\n", b"F1 2 e n x\n", b"Fx 2 e n\n", b"F1 2 \xff n\n{}"],
)
def test_s2_what_is_no_frame_is_refused(message: bytes) -> None:
    with pytest.raises(BadMessage):
        decode_frame(message)


@pytest.mark.parametrize("message", [b"", b"S", b"Sname", b"Fname\n{}", b"S\xff\n{}"])
def test_s2_what_is_no_signal_is_refused(message: bytes) -> None:
    with pytest.raises(BadMessage):
        decode_signal(message)


@given(st.binary(max_size=60))
def test_s2_no_bytes_raise_anything_else(message: bytes) -> None:
    for decode in (decode_frame, decode_signal):
        try:
            decode(message)
        except BadMessage:
            continue
