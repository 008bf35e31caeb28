"""Engine.IO's packets in the bodies of long-polling, both ways."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime.engine import packets
from realtime.engine.packets import BadPayload, binary_message, message, packets_in, payload_of, text_message
from tests.support.frames import BINARY, TEXT, received

SEPARATOR = "\x1e"
# U+001E separates packets, so no text on this transport has it; JSON writes it as an escape.
texts = st.text(st.characters(exclude_characters=SEPARATOR, codec="utf-8"), max_size=50)
messages = st.lists(texts | st.binary(max_size=80), min_size=1, max_size=12)


def body(said: list[str | bytes]) -> bytes:
    """As the protocol's document has it: `4` and the text, `b` and base64, and U+001E between them."""
    written = ["4" + one if isinstance(one, str) else "b" + base64.b64encode(one).decode() for one in said]
    return SEPARATOR.join(written).encode()


@given(messages)
def test_what_waited_for_a_poll_leaves_as_the_document_has_it(said: list[str | bytes]) -> None:
    assert payload_of([message(one) for one in said]) == body(said)


@given(messages)
def test_what_was_posted_comes_as_it_was_written(said: list[str | bytes]) -> None:
    assert packets_in(body(said)) == ["4" + one if isinstance(one, str) else one for one in said]


@given(messages)
def test_a_payload_read_back_is_the_same_packets(said: list[str | bytes]) -> None:
    """Written and read by this server."""
    assert packets_in(payload_of(map(message, said))) == packets_in(body(said))


@given(st.text(max_size=300), st.binary(max_size=300))
def test_on_a_websocket_a_text_is_a_text_and_bytes_are_bare(text: str, data: bytes) -> None:
    frames = received(text_message(text.encode()) + binary_message(data))
    assert frames == [(TEXT, b"4" + text.encode()), (BINARY, data)]


@given(st.binary(max_size=200))
def test_any_body_is_packets_or_refused(noise: bytes) -> None:
    """[S2]"""
    try:
        read = packets_in(noise)
    except BadPayload:
        return
    assert all(isinstance(packet, str | bytes) for packet in read)
    assert SEPARATOR not in "".join(packet for packet in read if isinstance(packet, str))


@pytest.mark.parametrize("encoded", ["b!", "bQQ", "bQQ=", "bQ===", "bQQ==x", "bQ Q=", "b\u00e9", "b====", "bQQ\n=="])
def test_what_is_no_base64_is_refused(encoded: str) -> None:
    """[S2] Not skipped over, as lenient decoders do."""
    with pytest.raises(BadPayload):
        packets_in(f"4fine{SEPARATOR}{encoded}".encode())


def test_what_is_no_utf_8_is_refused() -> None:
    with pytest.raises(BadPayload):
        packets_in(b"4\xff")


def test_packets_in_a_body_are_counted() -> None:
    """[S2]"""
    most = SEPARATOR.join(["4"] * packets.PACKETS_AT_ONCE)
    assert len(packets_in(most.encode())) == packets.PACKETS_AT_ONCE
    with pytest.raises(BadPayload):
        packets_in(f"{most}{SEPARATOR}4".encode())


@given(
    st.booleans(),
    st.floats(0.001, 1_000, allow_nan=False),
    st.floats(0.001, 1_000, allow_nan=False),
    st.integers(1, 1 << 40),
)
def test_times_are_told_in_milliseconds(upgrades: bool, interval: float, timeout: float, most: int) -> None:
    """A whole number of them, and not 0 for a part of a second."""
    packet = packets.open_packet("sid", upgrades, interval, timeout, most).decode()
    told = json.loads(packet.removeprefix("0"))
    assert told == {
        "sid": "sid",
        "upgrades": ["websocket"] if upgrades else [],
        "pingInterval": pytest.approx(interval * 1000, abs=0.5),
        "pingTimeout": pytest.approx(timeout * 1000, abs=0.5),
        "maxPayload": most,
    }
    assert isinstance(told["pingInterval"], int)
