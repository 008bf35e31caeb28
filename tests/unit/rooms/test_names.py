"""Names of rooms and channels: well-formed ones survive the round trip, everything else is refused [S2]."""

import pytest

from rooms.names import BadName, RoomName, channel, parse_room, room_kind, split_channel

KINDS = frozenset({"quotation", "public"})


def test_a_registered_room_is_taken_apart_and_written_again() -> None:
    name = parse_room("quotation:0190-aF_9", KINDS)
    assert name == RoomName("quotation", "0190-aF_9")
    assert str(name) == "quotation:0190-aF_9"


def test_kind_is_read_without_registration() -> None:
    assert room_kind("elsewhere:1") == "elsewhere"


@pytest.mark.parametrize("audience", ["admin", "client:u-1", "self"])
def test_channels_are_rooms_and_audiences(audience: str) -> None:
    name = channel("quotation:1", audience)
    assert name == f"quotation:1/{audience}"
    assert split_channel(name) == ("quotation:1", audience)


BAD_ROOMS = [
    "",
    "quotation",
    "quotation:",
    ":1",
    "Quotation:1",
    "quotation:1/2",
    "quotation:ñ",
    "quotation:1\n",
    "quotation:" + "x" * 65,
    "quotation:1:2",
    "quotation:}{",
]


@pytest.mark.parametrize("room", [*BAD_ROOMS, "unregistered:1"])
def test_malformed_and_unregistered_rooms_are_refused(room: str) -> None:
    with pytest.raises(BadName):
        parse_room(room, KINDS)


@pytest.mark.parametrize("room", BAD_ROOMS)
def test_no_channel_or_kind_of_a_malformed_room(room: str) -> None:
    with pytest.raises(BadName):
        room_kind(room)
    with pytest.raises(BadName):
        channel(room, "admin")


@pytest.mark.parametrize("audience", ["", "Admin", "client:", "client:u:1", "admin/x", "admin\n"])
def test_malformed_audiences_are_refused(audience: str) -> None:
    with pytest.raises(BadName):
        channel("quotation:1", audience)
    with pytest.raises(BadName):
        split_channel(f"quotation:1/{audience}")


def test_a_room_alone_is_no_channel() -> None:
    with pytest.raises(BadName):
        split_channel("quotation:1")
