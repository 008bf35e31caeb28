"""[S2] Packets that are accepted, answered or refused."""

import pytest

from realtime.packets import ATTACHMENTS, UNREADABLE, BadPacket, LivePacket, WirePacket


def test_an_event_is_read() -> None:
    """With its number and its arguments."""
    packet = WirePacket(encoded_packet='27["room.join",{"room":"quotation:1"}]')
    assert (packet.packet_type, packet.id, packet.data) == (2, 7, ["room.join", {"room": "quotation:1"}])


@pytest.mark.parametrize("text", ['27["x",NaN]', "27[", '27["x",{"a":Infinity}]', "2[" + "[" * 5_000, '2["\\ud800"]'])
def test_a_command_that_is_not_json_can_still_be_answered(text: str) -> None:
    """Its head was sound. Elsewhere it breaks the protocol."""
    packet = LivePacket(encoded_packet=text)
    assert packet.data == [UNREADABLE]
    assert packet.id in (7, None)
    with pytest.raises(BadPacket):
        WirePacket(encoded_packet=text)


BROKEN = [
    "2{}",
    "2[]",
    "2[7]",
    '2["connect",{}]',
    '2["disconnect"]',
    '2"x"',
    '2abc["x"]',
    '51-["x"',
    '51["x"]',
    '5["x"]',
    '5100-["x"]',
    f'5{ATTACHMENTS + 1}-["x"]',
    "60-[]",
    "3[]",
    "3[",
    '37{"a":1}',
    "0{",
    "1[]",
    '4{"message":"x"}',
    "7",
    "abc",
    "2/" + "x" * 300 + ',["x"]',
    b"2",
    {"a": 1},
    "2" + "9" * 200,
]


@pytest.mark.parametrize("kind", [WirePacket, LivePacket])
@pytest.mark.parametrize("packet", BROKEN)
def test_what_breaks_the_protocol_is_refused(packet: object, kind: type[WirePacket]) -> None:
    """No event without a name, no attachments that nobody counted, no type that is not there."""
    with pytest.raises(BadPacket):
        kind(encoded_packet=packet)


def test_a_connect_without_an_object_can_be_answered() -> None:
    """Elsewhere it breaks the protocol."""
    assert LivePacket(encoded_packet='0["token"]').data == ["token"]
    with pytest.raises(BadPacket):
        WirePacket(encoded_packet='0["token"]')


def test_the_platform_takes_nothing_binary() -> None:
    """Elsewhere a packet waits for its attachments."""
    text = '51-7["x",{"_placeholder":true,"num":0}]'
    packet = WirePacket(encoded_packet=text)
    assert packet.attachment_count == 1
    assert packet.add_attachment(b"abc")
    assert (packet.id, packet.data) == (7, ["x", b"abc"])
    with pytest.raises(BadPacket):
        LivePacket(encoded_packet=text)


def test_what_is_nested_too_deep_to_be_sent_is_refused() -> None:
    """It could be read, but never echoed."""
    for depth, refused in ((200, False), (300, True)):
        text = '2["x",' + "[" * depth + "]" * depth + "]"
        if refused:
            with pytest.raises(BadPacket):
                WirePacket(encoded_packet=text)
        else:
            assert WirePacket(encoded_packet=text).encode() == text


@pytest.mark.parametrize("number", ["1", "-1", '"0"', "null", "0.5"])
def test_a_placeholder_of_nothing_is_refused(number: str) -> None:
    """There was one attachment."""
    packet = WirePacket(encoded_packet=f'51-["x",{{"_placeholder":true,"num":{number}}}]')
    with pytest.raises(BadPacket):
        packet.add_attachment(b"abc")
