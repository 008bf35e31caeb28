"""Who sees whom in a room, and whose focus and typing reach whom. [P2] [D6]"""

from typing import Any

import pytest

from backend.domain import rfq
from privacy.presence import Entry, Scope, presence_view, scope_of, whereabouts
from tests.support.domain import ANA
from tests.unit.privacy.worlds import published

SCOPE = scope_of(published().q)
PEOPLE = (
    Entry(audience="admin", user_id="admin", name="Admin"),
    Entry(audience="agency", user_id="ana", name="Ana", focus="markup_percent", typing=True),
    Entry(audience="agency", user_id="bruno", name="Bruno", focus="rooms.double", typing=True),
    Entry(audience="hotel:plaza", user_id="pia", name="Pia", hotel_id="plaza", focus="offer.board"),
    Entry(audience="hotel:plaza", user_id="paul", name="Paul", hotel_id="plaza"),
    Entry(audience="hotel:sol", user_id="sara", name="Sara", hotel_id="sol"),
    Entry(audience="client:client", user_id="client", name="Clara", focus="title", typing=True),
    Entry(audience="guide:gina", user_id="gina", name="Gina"),
)
ANA_HERE = {"kind": "agent", "id": "ana", "name": "Ana"}
BRUNO_HERE = {"kind": "agent", "id": "bruno", "name": "Bruno", "focus": "rooms.double", "typing": True}


def test_an_admin_sees_everybody() -> None:
    seen = presence_view(PEOPLE, "admin", SCOPE)
    assert seen["pia"] == {"kind": "hotel", "id": "pia", "name": "Pia", "focus": "offer.board"}
    assert seen["client"] == {"kind": "client", "id": "client", "name": "Clara", "focus": "title", "typing": True}
    assert set(seen) == {entry.user_id for entry in PEOPLE}


def test_the_agency_sees_its_people_and_which_hotels_are_there() -> None:
    assert presence_view(PEOPLE, "agency", SCOPE) == {
        "ana": {**ANA_HERE, "focus": "markup_percent", "typing": True},
        "bruno": BRUNO_HERE,
        "plaza": {"kind": "hotel", "id": "plaza", "name": "Plaza"},
        "sol": {"kind": "hotel", "id": "sol", "name": "Sol"},
    }


@pytest.mark.parametrize("audience", ["hotel:plaza", "hotel:mirador", "client:client"])
def test_hotels_and_the_client_see_the_agencys_people_alone(audience: str) -> None:
    """[P2] With a focus only in fields that they see."""
    assert presence_view(PEOPLE, audience, SCOPE) == {"ana": ANA_HERE, "bruno": BRUNO_HERE}


def test_a_hotels_view_is_the_same_whoever_else_comes() -> None:
    """[P2]"""
    alone = [entry for entry in PEOPLE if entry.audience != "hotel:sol"]
    assert presence_view(PEOPLE, "hotel:plaza", SCOPE) == presence_view(alone, "hotel:plaza", SCOPE)


@pytest.mark.parametrize("audience", ["guide:gina", "self", "public"])
def test_others_see_nobody(audience: str) -> None:
    assert presence_view(PEOPLE, audience, SCOPE) == {}


def test_a_hotel_that_is_out_sees_nobody() -> None:
    world = published()
    world.do(rfq.uninvite, ["sol"], ANA)
    scope = scope_of(world.q)
    assert presence_view(PEOPLE, "hotel:sol", scope) == {}
    assert "hotel:sol" not in _reached("title", "agency", scope)
    assert "hotel:plaza" in _reached("title", "agency", scope)


def test_a_company_list_has_its_own_people() -> None:
    assert presence_view(PEOPLE[1:3], "agency", Scope()) == {
        "ana": {**ANA_HERE, "focus": "markup_percent", "typing": True},
        "bruno": BRUNO_HERE,
    }


PRESENT = ("admin", "agency", "hotel:plaza", "hotel:sol", "client:client", "guide:gina", "self")
FIELD_SEEN_BY: list[tuple[Any, str, set[str]]] = [
    ("title", "agency", {"admin", "agency", "hotel:plaza", "hotel:sol", "client:client"}),
    ("deadline", "agency", {"admin", "agency", "hotel:plaza", "hotel:sol"}),
    ("budget.max", "agency", {"admin", "agency", "client:client"}),
    ("markup_percent", "agency", {"admin", "agency"}),
    ("margin_percent", "agency", {"admin"}),
    ("no.such.field", "agency", set()),
    (None, "agency", {"admin", "agency", "hotel:plaza", "hotel:sol", "client:client"}),
    ("title", "admin", {"admin"}),
    ("offer.board", "hotel:plaza", {"admin"}),
    ("offer.rooms.0.net_rate", "hotel:plaza", {"admin"}),
    (None, "hotel:plaza", {"admin"}),
    ("title", "client:client", {"admin"}),
]


@pytest.mark.parametrize(("field", "source", "audiences"), FIELD_SEEN_BY)
def test_a_focus_reaches_those_who_see_person_and_field(field: str | None, source: str, audiences: set[str]) -> None:
    """[P2]"""
    assert _reached(field, source, SCOPE) == audiences


def _reached(field: str | None, source: str, scope: Scope) -> set[str]:
    """Who sees somebody of `source` with that focus, or, for None, without one."""
    somebody = Entry(audience=source, user_id="somebody", name="Somebody", focus=field)
    seen = {audience: presence_view([somebody], audience, scope).get("somebody") for audience in PRESENT}
    return {audience for audience, person in seen.items() if person and person.get("focus") == field}


def test_an_agency_sees_where_its_people_are() -> None:
    """Only who, never what they do there."""
    listed = [
        Entry(audience="agency", user_id="ana", name="Ana", at="quotation:1"),
        Entry(audience="agency", user_id="ana", name="Ana", at="quotation:2"),
        Entry(audience="agency", user_id="bruno", name="Bruno", at="quotation:2", focus="title", typing=True),
        Entry(audience="agency", user_id="carla", name="Carla"),
        Entry(audience="hotel:plaza", user_id="pia", name="Pia", hotel_id="plaza", at="quotation:2"),
        Entry(audience="admin", user_id="admin", name="Admin", at="quotation:2"),
    ]
    bruno = {"kind": "agent", "id": "bruno", "name": "Bruno"}
    assert whereabouts(listed, "agency") == {
        "quotation:1": {"ana": ANA_HERE},
        "quotation:2": {"ana": ANA_HERE, "bruno": bruno},
    }


@pytest.mark.parametrize("audience", ["admin", "hotel:plaza", "client:client", "guide:gina", "self", "public"])
def test_nobody_else_sees_where_anybody_is(audience: str) -> None:
    """[P1]"""
    assert whereabouts([Entry(audience="agency", user_id="ana", name="Ana", at="quotation:1")], audience) == {}
