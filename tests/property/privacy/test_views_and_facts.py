"""Whatever happens to a quotation: views, facts and what they must not depend on."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import orjson
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from backend.domain import ranking
from backend.domain.computation import accommodation, running
from backend.domain.terms import PrivacySettings
from privacy import documents
from privacy.audiences import audiences, kind, resets
from privacy.fields import FIELDS, condition
from privacy.patches import apply_patch, merge_patch
from privacy.views import row, view
from tests.property.privacy.scenarios import Deed, Play, agency_deeds, deeds, own_deeds, rates, settings, without_ids
from tests.unit.privacy.worlds import facts_of

EVERYBODY = [
    "admin",
    "agency",
    "client:client",
    "client:other",
    "guide:gina",
    "guide:gil",
    "hotel:plaza",
    "hotel:mirador",
    "hotel:sol",
    "hotel:luna",
]
OUT: list[Deed] = [("publish",)]
BOOKED: list[Deed] = [*OUT, ("offer", "plaza", 100), ("award", "plaza"), ("accept",), ("rooming",)]
GUIDED: list[Deed] = [*BOOKED, ("pay",), ("confirm", "plaza")]
CALLED_OFF: list[Deed] = [("award", "plaza"), ("accept",), ("pay",), ("confirm", "plaza"), ("call_off",)]
"""At a penalty of more than the deposit."""
KEPT = [
    made
    for module in (documents, accommodation, running, ranking)
    for made in vars(module).values()
    if hasattr(made, "cache_clear")
]
beginnings = st.sampled_from([[], OUT, BOOKED, GUIDED])

scalars = st.one_of(st.booleans(), st.integers(2, 4), st.sampled_from("ab"))
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from("abcd"), values, max_size=4)


@given(objects, objects)
def test_a_patch_leads_from_one_view_to_the_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    """[D4]"""
    patch = merge_patch(before, after)
    assert apply_patch(before, patch) == after
    assert bool(patch) == (before != after)


@limits(max_examples=150)
@given(settings, beginnings, st.lists(deeds, max_size=16))
def test_snapshot_and_patches_make_the_next_snapshot(
    privacy: PrivacySettings, start: Sequence[Deed], more: Sequence[Deed]
) -> None:
    """[D4] For every audience and every event; and nothing is told to whom nothing changed [P1]."""
    steps = Play(privacy).play([*start, *more]).world.steps
    held: dict[str, Any] = {}
    before = None
    for step in steps:
        told = [fact for fact in facts_of(before, step) if fact.room.startswith("quotation:")]
        assert len({fact.audience for fact in told}) == len(told)
        assert all(fact.data["change"] for fact in told)
        for fact in told:
            held[fact.audience] = apply_patch(held.get(fact.audience, {}), fact.data["change"])
        for audience in resets(before, step):
            held[audience] = view(step.after, audience)
        assert {audience: held.get(audience, {}) for audience in EVERYBODY} == {
            audience: view(step.after, audience) for audience in EVERYBODY
        }
        assert set(held) <= set(EVERYBODY)
        before = step.after


@limits(max_examples=50)
@given(settings, beginnings, st.lists(deeds, max_size=16))
def test_what_is_kept_of_other_states_changes_no_view(
    privacy: PrivacySettings, start: Sequence[Deed], more: Sequence[Deed]
) -> None:
    """[P5] Parts are kept and shared between states and viewers: each view is what it would be by itself."""
    states = [step.after for step in Play(privacy).play([*start, *more]).world.steps]
    made = [(state, audience, view(state, audience)) for state in states for audience in EVERYBODY]
    for state, audience, seen in made:
        for kept in KEPT:
            kept.cache_clear()
        assert orjson.dumps(view(state, audience)) == orjson.dumps(seen)


@limits(max_examples=100)
@given(settings, beginnings, st.lists(deeds, max_size=16))
def test_lists_follow_their_rows(privacy: PrivacySettings, start: Sequence[Deed], more: Sequence[Deed]) -> None:
    """[D4] A hotel's own list always does; the company's but for what hotels did, which never enters it [P2]."""
    steps = Play(privacy).play([*start, *more]).world.steps
    held: dict[str, Any] = {}
    before = None
    for step in steps:
        q = step.after
        for fact in facts_of(before, step):
            if not fact.room.startswith("quotation:"):
                held[fact.audience] = apply_patch(held.get(fact.audience, {}), fact.data["change"])
        for hotel_id in q.invitations:
            assert held[f"hotel:{hotel_id}"] == {"invitations": {q.id: row(q, f"hotel:{hotel_id}")}}
        if step.event.by.kind == "hotel":
            changed = merge_patch(held["agency"]["quotations"][q.id], row(q, "agency"))
            assert set(changed) <= {"state"}
            held["agency"] = apply_patch(held["agency"], {"quotations": {q.id: changed}})
        assert held["agency"] == {"quotations": {q.id: row(q, "agency")}}
        before = q


def _undecided(value: Any, known: frozenset[str], path: str = "") -> Iterator[str]:
    """The paths of a view that no row of the table allows."""
    if path in known:
        return
    if not isinstance(value, dict | list):
        yield path
        return
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        literal = f"{path}.{key}".lstrip(".")
        named = any(f"{row}.".startswith(f"{literal}.") for row in known)
        yield from _undecided(item, known, literal if named else f"{path}.*")


@limits(max_examples=100)
@given(settings, beginnings, st.lists(deeds, max_size=16))
def test_no_view_has_a_field_without_a_row(
    privacy: PrivacySettings, start: Sequence[Deed], more: Sequence[Deed]
) -> None:
    """[P1] Default deny."""
    q = Play(privacy).play([*start, *more]).world.q
    for audience in audiences(q):
        known = frozenset(row.path for row in FIELDS if condition(row, kind(audience)))
        assert list(_undecided(view(q, audience), known)) == []


rival_deeds: st.SearchStrategy[Deed] = st.one_of(
    st.tuples(st.just("offer"), st.just("sol"), rates),
    st.tuples(st.just("withdraw"), st.just("sol")),
    st.tuples(st.just("offer"), st.just("mirador"), rates),
    st.tuples(st.just("grant"), st.just("sol")),
)
slots = st.lists(
    st.one_of(
        st.tuples(st.just("shared"), st.one_of(agency_deeds, own_deeds)),
        st.tuples(st.just("rivals"), st.tuples(st.lists(rival_deeds, max_size=3), st.lists(rival_deeds, max_size=3))),
    ),
    max_size=14,
)


@limits(max_examples=200)
@given(st.sampled_from([[], [("offer", "plaza", 100)]]), slots, st.booleans())
def test_a_hotel_hears_nothing_of_its_rivals(own: list[Deed], slots: Sequence[Any], ends_awarded: bool) -> None:
    """[P2] Two worlds that differ in what rivals do look the same: frames, their authors and order, and the view.

    The mirador has a live offer in both, so that the agency can award it in both.
    """
    ending: list[Deed] = [("award", "mirador")] if ends_awarded else []
    worlds = []
    for which in (0, 1):
        play = Play().play([*OUT, ("offer", "mirador", 100), *own])
        for slot, what in slots:
            play.play([what, ("offer", "mirador", 100)] if slot == "shared" else what[which])
        worlds.append(play.play(ending))
    one, two = (without_ids([play.heard_by("hotel:plaza"), view(play.world.q, "hotel:plaza")]) for play in worlds)
    assert one == two


def _audience_of_two(audience: str, more: Sequence[Deed], *worlds: Play) -> list[str]:
    start: list[Deed] = [*OUT, ("offer", "plaza", 100), ("offer", "mirador", 125)]
    return [
        without_ids([play.heard_by(audience), view(play.world.q, audience), row(play.world.q, audience)])
        for play in (world.play([*start, *more]) for world in worlds)
    ]


@limits(max_examples=100)
@given(st.lists(deeds.filter(lambda deed: deed[0] != "margin"), max_size=12))
@example([("award", "plaza"), ("accept",)])
@example(CALLED_OFF)
def test_an_agency_cannot_tell_margins(more: Sequence[Deed]) -> None:
    """[P2] Half of it margin, or a fifth: equal agency prices are all that it sees."""
    one, two = _audience_of_two(
        "agency",
        more,
        Play(margin="50", net=Decimal("0.50"), private="."),
        Play(margin="20", net=Decimal("0.80"), private="Among the staff."),
    )
    assert one == two


@limits(max_examples=100)
@given(st.lists(deeds.filter(lambda deed: deed[0] != "margin" and "markup" not in str(deed)), max_size=12))
@example([("award", "plaza"), ("accept",), ("rooming",)])
@example(CALLED_OFF)
def test_a_client_cannot_tell_margins_from_markups(more: Sequence[Deed]) -> None:
    """[P2] 100 x 1.10 or 88 x 1.25: equal selling prices are all that it sees."""
    one, two, three = _audience_of_two(
        "client:client",
        more,
        Play(margin="50", net=Decimal("0.50"), terms={"markup_percent": Decimal(10), "band_markups": ()}),
        Play(margin="50", net=Decimal("0.44"), terms={"markup_percent": Decimal(25), "band_markups": ()}),
        Play(margin="20", net=Decimal("0.80"), terms={"markup_percent": Decimal(10), "band_markups": ()}),
    )
    assert one == two == three


def test_a_client_cannot_tell_who_doubled_the_price() -> None:
    """[P2] The admin by the margin, or the agency by the markup."""
    start: list[Deed] = [*OUT, ("offer", "plaza", 100), ("award", "plaza")]
    margin = Play(margin="50", net=Decimal("0.50"), terms={"markup_percent": Decimal(10), "band_markups": ()})
    markup = Play(margin="50", net=Decimal("0.50"), terms={"markup_percent": Decimal(10), "band_markups": ()})
    margin.play([*start, ("margin", "75")])
    markup.play([*start, ("edit", ("markup_percent", "120"))])
    assert without_ids(margin.heard_by("client:client")) == without_ids(markup.heard_by("client:client"))
    assert view(margin.world.q, "client:client")["selling"] == view(markup.world.q, "client:client")["selling"]
    assert margin.heard_by("client:client")[-1].name == "quotation.repriced"
