"""[P2] Who drops out of a booking, and who comes instead, learn nothing of each other."""

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from privacy.views import row, view
from tests.property.privacy.scenarios import Deed, Play, agency_deeds, without_ids

SOLD: list[Deed] = [("award", "plaza"), ("accept",), ("pay",)]
later = st.lists(agency_deeds, max_size=8)


def seen_by(hotel_id: str, play: Play) -> str:
    audience = f"hotel:{hotel_id}"
    q = play.world.q
    return without_ids([play.heard_by(audience), view(q, audience), row(q, audience)])


@limits(max_examples=60)
@given(st.sampled_from([("decline", "plaza"), ("forward", 2.5)]), later)
@example(("decline", "plaza"), [("rooming",), ("call_off",)])
@example(("forward", 2.5), [("forward", 9.0)])
def test_who_is_out_cannot_tell_whether_another_took_the_place(out: Deed, more: Sequence[Deed]) -> None:
    """[P2] Nobody, one or two rivals: the booking goes on or is called off without a word to it."""
    rivals: tuple[list[Deed], ...] = (
        [],
        [("offer", "mirador", 125)],
        [("offer", "mirador", 125), ("offer", "sol", 150)],
    )
    seen = set()
    for others in rivals:
        play = Play().play([("publish",), ("offer", "plaza", 100), *others, *SOLD, out, ("confirm", "mirador")])
        booking = play.world.q.booking
        assert booking is not None
        assert (booking.status == "cancelled") == (not others)
        seen.add(seen_by("plaza", play.play(more)))
    assert len(seen) == 1


own_deeds = st.tuples(st.sampled_from(["confirm", "decline"]), st.just("mirador"))


@limits(max_examples=60)
@given(st.lists(st.one_of(agency_deeds, own_deeds), max_size=8))
@example([("confirm", "mirador"), ("call_off",)])
def test_who_comes_instead_cannot_tell_what_was_paid_before(more: Sequence[Deed]) -> None:
    """[P2] The accepted price stands, and is another hotel's affair; so is why that hotel is out."""
    seen = set()
    for rate, commission in ((50, ""), (150, "...")):
        play = Play(private=commission).play([("publish",), ("offer", "plaza", rate)])
        play.private = ""
        play.play([("offer", "mirador", 125), *SOLD, ("decline", "plaza")])
        booking = play.world.q.booking
        assert booking is not None
        assert [line.hotel_id for line in booking.live_lines] == ["mirador"]
        seen.add(seen_by("mirador", play.play(more)))
    assert len(seen) == 1
