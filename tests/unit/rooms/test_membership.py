"""Who gets a frame: nobody before their ack, nobody twice, nobody under rights that are over [D1] [P6]."""

import pytest

from rooms.membership import Membership
from rooms.positions import Cursor, Frame

HERE = "quotation:1/agency"
THERE = "quotation:2/agency"


@pytest.fixture
def members() -> Membership[str]:
    return Membership(hold_limit=3)


def frame(seq: int, gen: int = 1) -> Frame:
    return Frame(gen, f"epoch-{gen}", seq, "offer.submitted", b"{}")


def live(members: Membership[str], member: str, seq: int = 0, channel: str = HERE) -> None:
    """Join and be released at a position."""
    members.join(channel, member)
    assert members.release(channel, member, Cursor(1, seq)) == ()


def test_the_first_to_join_and_the_last_to_leave_are_told_apart(members: Membership[str]) -> None:
    assert members.join(HERE, "ana")
    assert not members.join(HERE, "bruno")
    assert not members.join(HERE, "ana")
    assert HERE in members
    assert not members.leave(HERE, "ana")
    assert not members.leave(HERE, "ana")
    assert members.leave(HERE, "bruno")
    assert HERE not in members
    assert not members.leave(HERE, "bruno")
    assert len(members) == 0


def test_d1_no_frame_precedes_the_ack_and_none_after_it_is_missed(members: Membership[str]) -> None:
    members.join(HERE, "ana")
    for seq in (4, 5, 6):
        assert list(members.deliver(HERE, frame(seq))) == []
    assert members.release(HERE, "ana", Cursor(1, 4)) == (frame(5), frame(6))
    assert list(members.deliver(HERE, frame(7))) == ["ana"]


def test_d1_a_snapshot_ahead_of_the_channel_hears_nothing_twice(members: Membership[str]) -> None:
    live(members, "ana", seq=4)
    live(members, "bruno", seq=6)
    assert list(members.deliver(HERE, frame(5))) == ["ana"]
    assert list(members.deliver(HERE, frame(6))) == ["ana"]
    assert list(members.deliver(HERE, frame(7))) == ["ana", "bruno"]


def test_signals_reach_everybody_who_has_their_ack(members: Membership[str]) -> None:
    live(members, "ana")
    members.deliver(HERE, frame(1))
    live(members, "bruno", seq=6)
    members.join(HERE, "carla")
    assert list(members.released(HERE)) == ["ana", "bruno"]
    members.deliver(HERE, frame(7))
    assert list(members.released(HERE)) == ["ana", "bruno"]
    assert members.members(HERE) == ("ana", "bruno", "carla")


def test_who_joins_again_is_held_again(members: Membership[str]) -> None:
    live(members, "ana")
    members.deliver(HERE, frame(1))
    members.join(HERE, "ana")
    assert list(members.deliver(HERE, frame(2))) == []
    assert members.release(HERE, "ana", Cursor(1, 1)) == (frame(2),)


def test_d1_more_than_can_be_held_means_reading_again(members: Membership[str]) -> None:
    members.join(HERE, "ana")
    for seq in range(1, 5):
        members.deliver(HERE, frame(seq))
    assert members.release(HERE, "ana", Cursor(1, 0)) is None
    members.deliver(HERE, frame(5))
    assert members.release(HERE, "ana", Cursor(1, 4)) == (frame(5),)


def test_what_no_longer_fitted_does_not_matter_if_the_snapshot_has_it(members: Membership[str]) -> None:
    members.join(HERE, "ana")
    for seq in range(1, 6):
        members.deliver(HERE, frame(seq))
    assert members.release(HERE, "ana", Cursor(1, 2)) == (frame(3), frame(4), frame(5))


def test_p6_a_reset_holds_everybody_until_they_are_authorised_again(members: Membership[str]) -> None:
    live(members, "ana")
    members.deliver(HERE, frame(1))
    live(members, "bruno", seq=9)
    assert set(members.reset(HERE, frame(0, gen=2))) == {"ana", "bruno"}
    assert list(members.released(HERE)) == []
    assert list(members.deliver(HERE, frame(1, gen=2))) == []
    assert members.release(HERE, "ana", Cursor(2, 0)) == (frame(1, gen=2),)
    assert members.leave(HERE, "bruno") is False
    assert list(members.deliver(HERE, frame(2, gen=2))) == ["ana"]


def test_p6_a_reset_during_a_join_is_not_slipped_past(members: Membership[str]) -> None:
    members.join(HERE, "ana")
    members.deliver(HERE, frame(1))
    assert members.reset(HERE, frame(0, gen=2)) == ()
    assert members.release(HERE, "ana", Cursor(1, 1)) is None
    assert list(members.deliver(HERE, frame(1, gen=2))) == []
    assert members.release(HERE, "ana", Cursor(2, 1)) == ()


def test_d1_a_reset_seen_late_does_not_hide_what_was_lost_with_it(members: Membership[str]) -> None:
    members.join(HERE, "ana")
    members.reset(HERE, frame(2, gen=2))
    assert members.release(HERE, "ana", Cursor(2, 0)) is None
    members.deliver(HERE, frame(3, gen=2))
    assert members.release(HERE, "ana", Cursor(2, 2)) == (frame(3, gen=2),)


def test_p6_a_snapshot_newer_than_a_reset_that_is_late_leaves_out_what_was_before(members: Membership[str]) -> None:
    members.join(HERE, "ana")
    members.deliver(HERE, frame(7))
    assert members.release(HERE, "ana", Cursor(2, 0)) == ()
    assert list(members.deliver(HERE, frame(8))) == []
    assert members.reset(HERE, frame(0, gen=2)) == ("ana",)


def test_who_is_not_held_is_released_nothing(members: Membership[str]) -> None:
    assert members.release(HERE, "ana", Cursor(1, 0)) == ()
    live(members, "ana")
    assert members.release(HERE, "ana", Cursor(1, 0)) == ()
    assert members.release(HERE, "bruno", Cursor(1, 0)) == ()


def test_a_channel_without_members_concerns_nobody(members: Membership[str]) -> None:
    assert list(members.deliver(HERE, frame(1))) == []
    assert list(members.released(HERE)) == []
    assert members.reset(HERE, frame(0, gen=2)) == ()
    assert members.members(HERE) == ()
    assert not members.has(HERE, "ana")


def test_who_goes_leaves_every_channel(members: Membership[str]) -> None:
    live(members, "ana")
    live(members, "ana", channel=THERE)
    live(members, "bruno")
    assert all(members.has(channel, "ana") for channel in (HERE, THERE))
    assert set(members) == {HERE, THERE}
    assert [members.leave(channel, "ana") for channel in (HERE, THERE)] == [False, True]
    assert members.members(HERE) == ("bruno",)
    assert not any(members.has(channel, "ana") for channel in (HERE, THERE))


def test_who_is_not_ahead_is_live_at_once(members: Membership[str]) -> None:
    """Their position is where the channel stands: the next frame is theirs, whichever it is."""
    members.join(HERE, "ana")
    assert members.release(HERE, "ana", Cursor(1, 7), passed=Cursor(1, 7)) == ()
    assert list(members.deliver(HERE, frame(8))) == ["ana"]


def test_who_is_ahead_of_the_channel_waits_for_it(members: Membership[str]) -> None:
    """What they have already seen is not sent again."""
    members.join(HERE, "ana")
    assert members.release(HERE, "ana", Cursor(1, 8), passed=Cursor(1, 7)) == ()
    assert list(members.deliver(HERE, frame(8))) == []
    assert list(members.deliver(HERE, frame(9))) == ["ana"]


def test_d1_many_in_a_channel_get_a_frame_once_each_and_who_left_gets_none(members: Membership[str]) -> None:
    people = [f"agent {number}" for number in range(9)]
    for number, person in enumerate(people, start=1):
        live(members, person)
        assert sorted(members.deliver(HERE, frame(number))) == people[:number]
    members.leave(HERE, people[0])
    members.leave(HERE, people[8])
    assert sorted(members.deliver(HERE, frame(10))) == people[1:8]
    assert sorted(members.reset(HERE, frame(0, gen=2))) == people[1:8]
    assert members.deliver(HERE, frame(1, gen=2)) == ()
