"""Frames, however they were cut: the same messages, or the one failure that the violation stands for (RFC 6455)."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from realtime.engine.frames import BINARY, FAILED, TEXT, FrameReader, Message, close_frame, frame, opened
from tests.support.frames import CLOSE, CONTINUATION, PING, PONG, Sent, received, sent

LIMIT = 300
CODES = {1002, 1007, 1009}


@dataclass(frozen=True)
class Story:
    """A client's frames, and what they say."""

    frames: tuple[Sent, ...]
    says: tuple[Message, ...]


masks = st.binary(min_size=4, max_size=4)
contents = st.text(max_size=60) | st.binary(max_size=LIMIT) | st.sampled_from([b"x" * size for size in (125, 126, 127)])


@st.composite
def control(draw: st.DrawFn) -> Story:
    opcode = draw(st.sampled_from([PING, PONG]))
    payload = draw(st.binary(max_size=125))
    return Story((Sent(opcode, payload, mask=draw(masks)),), ((opcode, payload),))


@st.composite
def message(draw: st.DrawFn) -> Story:
    """A message in one frame or in several, with control frames between these."""
    content = draw(contents)
    kind, payload = (TEXT, content.encode()) if isinstance(content, str) else (BINARY, content)
    cuts = sorted(draw(st.lists(st.integers(0, len(payload)), max_size=4)))
    parts = [payload[start:end] for start, end in zip([0, *cuts], [*cuts, len(payload)], strict=True)]
    frames: list[Sent] = []
    says: list[Message] = []
    for number, part in enumerate(parts):
        if number and draw(st.booleans()):
            between = draw(control())
            frames += between.frames
            says += between.says
        opcode = CONTINUATION if number else kind
        width = draw(st.sampled_from([0, 64]))
        frames.append(Sent(opcode, part, number == len(parts) - 1, draw(masks), width=width))
    return Story(tuple(frames), (*says, (kind, content)))


stories = st.lists(message() | control(), max_size=6).map(
    lambda told: Story(sum((one.frames for one in told), ()), sum((one.says for one in told), ()))
)


@st.composite
def cut(draw: st.DrawFn, data: bytes) -> list[bytes]:
    """The same bytes in pieces, single bytes among them."""
    if len(data) < 200 and draw(st.booleans()):
        return [bytes([byte]) for byte in data]
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=12)))
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def read(pieces: Iterable[bytes], limit: int = LIMIT) -> list[Message]:
    reader = FrameReader(limit)
    return [said for piece in pieces for said in reader.feed(piece)]


@given(stories, st.data())
def test_any_cut_says_the_same(story: Story, data: st.DataObject) -> None:
    """Messages come out as an independent writer of frames put them in."""
    pieces = data.draw(cut(sent(*story.frames)))
    assert read(pieces) == list(story.says)


@given(stories, st.data())
def test_nothing_is_said_before_it_is_complete(story: Story, data: st.DataObject) -> None:
    """A prefix says a prefix, and the whole comes without a byte that does not belong to it."""
    whole = sent(*story.frames)
    prefix = whole[: data.draw(st.integers(0, len(whole)))]
    said = read([prefix])
    assert said == list(story.says[: len(said)])


@given(st.binary(max_size=400), st.data())
def test_any_bytes_give_messages_or_one_failure(noise: bytes, data: st.DataObject) -> None:
    """[S2] Never an exception; the same for every cut; and what ends the stream is the last of it."""
    said = read(data.draw(cut(noise)))
    assert said == read([noise])
    ends = [at for at, (opcode, _) in enumerate(said) if opcode in {FAILED, CLOSE}]
    assert ends in ([], [len(said) - 1])
    assert all(code in CODES for opcode, code in said if opcode == FAILED)


VIOLATIONS = (
    (Sent(TEXT, b"a", mask=None), 1002),
    (Sent(PING, b"a", mask=None), 1002),
    *[(Sent(TEXT, b"a", bits=bits), 1002) for bits in range(1, 8)],
    *[(Sent(opcode, b"a"), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)],
    *[(Sent(opcode, b"", fin=False), 1002) for opcode in (CLOSE, PING, PONG)],
    *[(Sent(opcode, b"x" * 126), 1002) for opcode in (CLOSE, PING, PONG)],
    (Sent(CONTINUATION, b"of nothing"), 1002),
    (Sent(TEXT, b"\xff"), 1007),
    (Sent(TEXT, b"\xed\xa0\x80"), 1007),
    (Sent(TEXT, "é".encode()[:1]), 1007),
    (Sent(CLOSE, b"\x03"), 1002),
    *[(Sent(CLOSE, code.to_bytes(2, "big")), 1002) for code in (0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535)],
    (Sent(CLOSE, b"\x03\xe8\xff"), 1007),
    (Sent(BINARY, b"x" * (LIMIT + 1)), 1009),
    (Sent(TEXT, b"x" * (LIMIT + 1)), 1009),
)


@pytest.mark.parametrize(("broken", "code"), VIOLATIONS)
def test_every_violation_has_its_code(broken: Sent, code: int) -> None:
    """In one piece and byte by byte."""
    whole = sent(broken)
    assert read([whole]) == [(FAILED, code)]
    assert read([bytes([byte]) for byte in whole]) == [(FAILED, code)]


@given(stories, st.sampled_from(VIOLATIONS), stories, st.data())
def test_a_violation_ends_it(before: Story, violation: tuple[Sent, int], after: Story, data: st.DataObject) -> None:
    """What came before it counts, what comes after it does not."""
    broken, code = violation
    pieces = data.draw(cut(sent(*before.frames, broken, *after.frames)))
    assert read(pieces) == [*before.says, (FAILED, code)]


@given(st.binary(min_size=1, max_size=40), st.booleans())
def test_a_message_inside_a_message_is_a_violation(part: bytes, fin: bool) -> None:
    """A new one may not begin before the fragments of the last are complete."""
    begun = Sent(BINARY, part, fin=False)
    assert read([sent(begun, Sent(TEXT, b"", fin=fin))]) == [(FAILED, 1002)]


@given(st.lists(st.integers(0, LIMIT), min_size=1, max_size=6))
@example([LIMIT, 0])
@example([LIMIT, 1])
@example([1, LIMIT])
def test_fragments_count_together(sizes: list[int]) -> None:
    """[S2] The limit is the message's."""
    last = len(sizes) - 1
    frames = [Sent(CONTINUATION if at else BINARY, b"x" * size, fin=at == last) for at, size in enumerate(sizes)]
    whole = b"x" * sum(sizes)
    expected: list[Message] = [(BINARY, whole)] if len(whole) <= LIMIT else [(FAILED, 1009)]
    assert read([sent(*frames)]) == expected


@given(st.integers(1 << 63, (1 << 64) - 1))
def test_a_length_of_64_bits_has_its_first_at_zero(size: int) -> None:
    """RFC 6455, 5.2."""
    assert read([b"\x82\xff" + size.to_bytes(8, "big") + b"mask"]) == [(FAILED, 1002)]


@given(st.integers(LIMIT + 1, (1 << 63) - 1))
def test_what_is_announced_too_big_is_not_waited_for(size: int) -> None:
    """[S2] The head is enough to refuse it."""
    assert read([b"\x82\xff" + size.to_bytes(8, "big") + b"mask"]) == [(FAILED, 1009)]


@given(st.sampled_from([0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 65_537]), st.data())
def test_sizes_at_the_edges_of_their_encodings(size: int, data: st.DataObject) -> None:
    """Both ways, and at a limit that they just fit and just do not."""
    payload = b"\xa5" * size
    assert received(frame(BINARY, payload)) == [(BINARY, payload)]
    assert opened(frame(BINARY, payload)) == (BINARY, payload)
    pieces = data.draw(cut(sent(Sent(BINARY, payload))))
    assert read(pieces, size) == [(BINARY, payload)]
    if size:
        assert read(pieces, size - 1) == [(FAILED, 1009)]


@given(st.sampled_from([1000, 1001, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 4999]), st.text(max_size=30))
def test_a_close_says_its_code_once(code: int, reason: str) -> None:
    """What follows it is not read."""
    closing = Sent(CLOSE, code.to_bytes(2, "big") + reason.encode()[:123])
    assert read([sent(closing, closing, Sent(TEXT, b"more"))]) == [(CLOSE, code)]
    assert received(close_frame(code)) == [(CLOSE, code.to_bytes(2, "big"))]


def test_a_close_without_a_code() -> None:
    assert read([sent(Sent(CLOSE))]) == [(CLOSE, 1005)]
    assert received(close_frame(1005)) == [(CLOSE, b"")]


def test_control_frames_do_not_count_with_the_fragments_around_them() -> None:
    """A message at its limit may still be interrupted by a ping."""
    frames = Sent(BINARY, b"x" * LIMIT, fin=False), Sent(PING, b"?" * 125), Sent(CONTINUATION)
    assert read([sent(*frames)]) == [(PING, b"?" * 125), (BINARY, b"x" * LIMIT)]
