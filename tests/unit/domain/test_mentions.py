"""Whom a quotation's notes address. [D8.5]"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain import editing
from backend.domain.mentions import added, names
from tests.support.domain import ANA, World, terms

pieces = st.sampled_from(["@", "ana", "bruno", ".", "-", " ", "\n", "@ana@andes.demo", "é", "x@y.z"])
texts = st.lists(pieces, max_size=30).map("".join)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@ana", ["ana"]),
        ("please, @Ana: call them", ["ana"]),
        ("(@ana, @bruno.) and @ana.", ["ana", "bruno"]),
        ("@ana@andes.demo.", ["ana@andes.demo"]),
        ("@ana.@bruno", ["ana", "bruno"]),
        ("@josé-luis_2+x", ["josé-luis_2+x"]),
        ("write to ana@andes.demo", []),
        ("at 5 @ the lobby, @", []),
        ("@@ana", []),
        ("", []),
    ],
)
def test_what_is_a_mention(text: str, found: list[str]) -> None:
    assert added(None, terms(notes=text)) == found
    assert added(None, terms(internal_notes=text)) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("@ana look", "@ana look again", []),
        ("@ana", "@ana @bruno", ["bruno"]),
        ("@ana @bruno", "@bruno", []),
        ("@ana", "@ana done? @ANA?", ["ana"]),
    ],
)
def test_only_what_is_new_counts(before: str, after: str, found: list[str]) -> None:
    assert added(terms(notes=before), terms(notes=after)) == found


def test_each_of_the_notes_counts_for_itself() -> None:
    both = terms(notes="@ana", internal_notes="@ana")
    assert added(terms(notes="@ana"), both) == ["ana"]


@given(before=texts, after=texts)
def test_whatever_is_typed_an_unchanged_note_mentions_nobody(before: str, after: str) -> None:
    """And nothing is found that does not stand there."""
    assert added(terms(notes=before), terms(notes=before)) == []
    assert all(f"@{mention}" in after.casefold() for mention in added(terms(notes=before), terms(notes=after)))


@pytest.mark.parametrize(
    ("mention", "email", "meant"),
    [
        ("ana", "Ana@andes.demo", True),
        ("ana@andes.demo", "Ana@andes.demo", True),
        ("ana@rio.demo", "ana@andes.demo", False),
        ("an", "ana@andes.demo", False),
        ("andes.demo", "ana@andes.demo", False),
    ],
)
def test_who_is_meant(mention: str, email: str, meant: bool) -> None:
    assert names(mention, email) is meant


def test_the_event_says_who_is_newly_addressed() -> None:
    world = World(asked=terms(notes="@bruno"))
    assert world.events[-1].data["mentions"] == ["bruno"]
    (edited,) = world.edit(1, notes="@bruno and @carla")
    assert edited.event.data["mentions"] == ["carla"]
    (quiet,) = world.edit(2, title="Other")
    assert "mentions" not in quiet.event.data


def test_a_restored_version_addresses_nobody_anew() -> None:
    world = World(asked=terms(notes="@bruno"))
    world.edit(1, notes="")
    (restored,) = world.do(editing.restore, world.steps[0].after.terms, 1, ANA)
    assert world.q.terms.notes == "@bruno"
    assert "mentions" not in restored.event.data
