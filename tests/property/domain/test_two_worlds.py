"""[P2] Two runs that differ only in what rivals do are the same to a hotel, up to its own result.

The Plaza watches. In both worlds everybody does the same, but for the other hotels, who do as they like in each.
An award to "another" goes to whichever rival competes, and is left out unless one does in both.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.domain.quotation import Quotation
from backend.domain.terms import Terms
from tests.support.domain import ANA, CLIENT, MIRADOR, PLAZA, SOL, World
from tests.support.scenarios import Act, complete_terms, contents, hotel_acts, house_acts, play, rivals_competing

RIVALS = (MIRADOR, SOL)
VISIBLE = (
    "title",
    "destination",
    "check_in",
    "check_out",
    "rooms",
    "adults",
    "children_ages",
    "meal_plan",
    "special_requirements",
    "currency",
    "deadline",
)
ANSWER_TO_PLAZA = ("submit", "withdraw", "confirm_line", "decline_line")

RENAMED = st.builds(Act, st.just("edit"), st.just(ANA), st.tuples(st.just("title"), st.sampled_from("ABCDE")))
ENDED = st.builds(Act, st.sampled_from(["close", "wait", "cancel"]), st.none(), st.just(24 * 7))
OFFERS = st.builds(Act, st.just("submit"), st.sampled_from(RIVALS), contents())
APART = st.lists(OFFERS | OFFERS | hotel_acts(RIVALS), max_size=3)

rounds = st.lists(
    st.one_of(
        st.tuples(st.just("both"), hotel_acts((PLAZA,))),
        st.tuples(st.just("both"), house_acts((PLAZA,))),
        st.tuples(st.just("both"), st.sampled_from([Act("award", "another"), Act("award", PLAZA)]) | RENAMED | ENDED),
        st.tuples(st.just("apart"), st.tuples(APART, APART)),
    ),
    max_size=20,
)


def seen_of(q: Quotation) -> Any:
    """Everything of the document that the Plaza's views may be made from, without ids."""
    invitation = q.invitations.get(PLAZA.id)
    if invitation is None:
        return None
    terms = invitation.seen or q.terms
    offer = q.offer_of(PLAZA.id)
    lines = q.booking.lines.values() if q.booking else ()
    return msgspec.to_builtins(
        {
            "invitation": replace(invitation, seen=None),
            "frozen": invitation.seen is not None,
            "terms": {name: getattr(terms, name) for name in VISIBLE},
            "offer": offer and replace(offer, id=""),
            "line": [replace(line, id="", offer_id="") for line in lines if line.hotel_id == PLAZA.id],
        }
    )


@dataclass
class Watched:
    """A world, and what the Plaza saw change in it."""

    world: World
    seen: list[Any] = field(default_factory=list)

    def play(self, act: Act) -> str:
        known = len(self.world.steps)
        answer, _ = play(self.world, act)
        for step in self.world.steps[known:]:
            view = seen_of(step.after)
            if not self.seen or self.seen[-1] != view:
                self.seen.append(view)
        return answer

    def result(self) -> str:
        return self.seen[-1]["invitation"]["state"] if self.seen and self.seen[-1] else ""


def play_in_both(one: Watched, other: Watched, act: Act) -> None:
    rivals = [rivals_competing(watched.world, PLAZA) for watched in (one, other)]
    if act.who == "another":
        if all(rivals):
            for watched, who in zip((one, other), rivals, strict=True):
                hotel = next(hotel for hotel in RIVALS if hotel.id == who[0])
                watched.play(Act("award", hotel))
        return
    answers = one.play(act), other.play(act)
    if act.kind in ANSWER_TO_PLAZA:
        assert answers[0] == answers[1], act


def own_result_differs(one: Watched, other: Watched) -> bool:
    """An automatic award may go to the Plaza in one world only: its own result, which it may know."""
    return "selected" in {one.result(), other.result()} and one.result() != other.result()


@settings(max_examples=800, deadline=None)
@given(complete_terms(), rounds)
def test_a_hotel_sees_the_same_whatever_its_rivals_do(asked: Terms, rounds: list[Any]) -> None:
    client = CLIENT if asked.client_id else None
    one, other = (Watched(World(asked=asked, client=client)) for _ in range(2))
    play_in_both(one, other, Act("publish"))
    for where, what in rounds:
        if where == "both":
            play_in_both(one, other, what)
        else:
            for watched, acts in zip((one, other), what, strict=True):
                for act in acts:
                    watched.play(act)
        if own_result_differs(one, other):
            return
        assert one.seen == other.seen
