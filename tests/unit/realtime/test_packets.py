"""[S2] Packets that are accepted, answered or refused."""

import pytest

from realtime.packets import UNREADABLE, BadPacket, WirePacket


def test_an_event_is_read() -> None:
    """With its number and its arguments."""
    packet = WirePacket(encoded_packet='27["room.join",{"room":"quotation:1"}]')
    assert (packet.packet_type, packet.id, packet.data) == (2, 7, ["room.join", {"room": "quotation:1"}])


@pytest.mark.parametrize("text", ['27["x",NaN]', "27[", '27["x",{"a":Infinity}]', "2[" + "[" * 5_000, '2["\\ud800"]'])
def test_an_event_that_is_not_json_can_still_be_answered(text: str) -> None:
    """Its head was sound."""
    packet = WirePacket(encoded_packet=text)
    assert packet.data == [UNREADABLE]
    assert packet.id in (7, None)


BROKEN = [
    "2{}",
    "2[]",
    "2[7]",
    '2"x"',
    '51-["x",{"_placeholder":true,"num":0}]',
    "60-[]",
    "0{",
    "3[",
    b"2",
    {"a": 1},
    "2" + "9" * 200,
]


@pytest.mark.parametrize("packet", BROKEN)
def test_what_breaks_the_protocol_is_refused(packet: object) -> None:
    """No binary packets, no event without a name."""
    with pytest.raises((BadPacket, ValueError)):
        WirePacket(encoded_packet=packet)
