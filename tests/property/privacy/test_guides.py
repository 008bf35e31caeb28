"""[P2] A guide learns nothing of prices, of how they are made, or of who was asked before."""

import re
from decimal import Decimal
from typing import NamedTuple

from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from backend.domain.programme import GuideNeed, Programme
from privacy.views import row, view
from tests.property.privacy.scenarios import Deed, Play, agency_deeds, without_ids

GINA = "guide:gina"
TO_THE_GUIDES: list[Deed] = [
    ("publish",),
    ("offer", "plaza", 100),
    ("award", "plaza"),
    ("accept",),
    ("rooming",),
    ("pay",),
    ("confirm", "plaza"),
]
ONE_GUIDE = Programme(guides=(GuideNeed(language="en", days=2, overtime_hours=3),))
COMES: list[Deed] = [("comes", "gina"), ("rooming",)]


class Prices(NamedTuple):
    """What hotels and the tariff ask, the platform's margin, the agency's markup, and everybody's private notes."""

    net: Decimal
    margin: str
    markup: Decimal
    private: str


prices = st.builds(
    Prices,
    net=st.sampled_from([Decimal(1), Decimal("0.8"), Decimal("1.2")]),
    margin=st.sampled_from(["8", "25"]),
    markup=st.sampled_from([Decimal(5), Decimal(30)]),
    private=st.sampled_from(["", "ab"]),
)
own_deeds = st.tuples(st.sampled_from(["comes", "stays"]), st.just("gina"))


def seen_by_gina(made: Prices, declined: bool, deeds: list[Deed]) -> str:
    """All that she was told and sees at last; where `declined`, others were asked before her and did not come."""
    play = Play(
        net=made.net,
        margin=made.margin,
        private=made.private,
        terms={"markup_percent": made.markup, "programme": ONE_GUIDE},
        guides=("gil", "gus", "gina") if declined else ("gina",),
    ).play(TO_THE_GUIDES)
    play.play([("stays", "gil"), ("stays", "gus")] if declined else [])
    assert play.world.q.booking is not None
    assert "gina" in play.world.q.booking.assigned
    play.play(deeds)
    told = [*play.heard_by(GINA), *play.heard_in("user:gina")]
    lines = [[fact.room, fact.name, fact.by, fact.data] for fact in told]
    text = without_ids([lines, view(play.world.q, GINA), row(play.world.q, GINA)])
    return re.sub(r"hold-\d+", "hold", text)


@limits(max_examples=60)
@given(one=prices, other=prices, deeds=st.lists(st.one_of(agency_deeds, own_deeds), max_size=8))
@example(
    one=Prices(Decimal(1), "8", Decimal(5), ""), other=Prices(Decimal("0.8"), "25", Decimal(30), "ab"), deeds=COMES
)
def test_a_guide_learns_no_price_and_nothing_of_other_guides(one: Prices, other: Prices, deeds: list[Deed]) -> None:
    """[P2]"""
    assert seen_by_gina(one, False, deeds) == seen_by_gina(other, True, deeds)
