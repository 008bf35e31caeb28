"""The load tests' WebSocket frames: what they write can be unmasked, what they read may come in any pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtests.frames import FINAL, TEXT, BadFrame, Message, masked, split

SIZES = st.one_of(st.integers(0, 300), st.sampled_from([65_535, 65_536, 70_001]))


def _plain(payload: bytes) -> bytes:
    """A server's frame."""
    size = len(payload)
    if size < 126:
        return bytes((FINAL | TEXT, size)) + payload
    if size < 65_536:
        return bytes((FINAL | TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((FINAL | TEXT, 127)) + size.to_bytes(8, "big") + payload


@given(SIZES)
def test_a_masked_frame_holds_its_payload(size: int) -> None:
    payload = bytes(at % 251 for at in range(size))
    frame = masked(payload)
    start = {126: 4, 127: 10}.get(frame[1] & 0x7F, 2)
    length = int.from_bytes(frame[2:start], "big") if start > 2 else frame[1] & 0x7F
    mask, body = frame[start : start + 4], frame[start + 4 :]
    assert frame[0] == FINAL | TEXT
    assert frame[1] & 0x80
    assert length == size == len(body)
    assert bytes(byte ^ mask[at % 4] for at, byte in enumerate(body)) == payload


@given(st.lists(SIZES, max_size=5), st.data())
def test_any_split_of_the_stream_gives_the_same_messages(sizes: list[int], data: st.DataObject) -> None:
    expected = [(TEXT, b"x" * size) for size in sizes]
    stream = b"".join(_plain(payload) for _, payload in expected)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    found: list[Message] = []
    rest = b""
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        rest += stream[start:end]
        messages, taken = split(rest)
        found += messages
        rest = rest[taken:]
    assert found == expected
    assert rest == b""


@pytest.mark.parametrize("head", [b"\x01\x01", b"\xc1\x01", b"\x81\x81"], ids=["fragment", "reserved bit", "masked"])
def test_what_no_server_sends_is_refused(head: bytes) -> None:
    with pytest.raises(BadFrame):
        split(head + b"data")
