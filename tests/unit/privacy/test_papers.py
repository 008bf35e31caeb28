"""[P5] Which documents each viewer may have at each stage, and what stands in them."""

from typing import Any

import orjson
import pytest
from msgspec.structs import replace

from backend.domain import booking
from privacy.papers import KINDS, paper, papers
from privacy.views import view
from tests.support.domain import PLAZA, World, staff
from tests.unit.privacy.worlds import AUDIENCES, awarded, booked, declined, line_id, offered, published

FOR_SALE = ("proposal",)
PENDING = ("proposal", "itinerary", "invoice", "rooming_list")


def held() -> World:
    """The hotel has confirmed its line; what else the booking waits for is still to come."""
    world = booked()
    world.do(booking.confirm_line, line_id(world), staff(PLAZA))
    return world


def confirmed() -> World:
    world = held()
    assert world.q.booking
    after = replace(world.q, booking=replace(world.q.booking, status="confirmed"))
    world.steps.append(replace(world.steps[-1], after=after))
    return world


@pytest.mark.parametrize(
    ("made", "agency", "hotel", "client"),
    [
        (published, (), (), ()),
        (offered, (), (), ()),
        (awarded, FOR_SALE, (), FOR_SALE),
        (booked, PENDING, ("rooming_list",), PENDING),
        (held, KINDS, ("voucher", "rooming_list"), PENDING),
        (confirmed, KINDS, ("voucher", "rooming_list"), KINDS),
        (declined, FOR_SALE, (), FOR_SALE),
    ],
)
def test_who_may_have_what(made: Any, agency: Any, hotel: Any, client: Any) -> None:
    """[P1] A document that the view does not carry is nobody's; agency and operator have the same ones."""
    world = made()
    had = {who: papers(view(world.q, audience)) for who, audience in AUDIENCES.items()}
    assert had == {"admin": agency, "agency": agency, "hotel": hotel, "client": client}
    assert papers(view(world.q, "hotel:mirador")) == papers({}) == ()


def test_nothing_stands_in_a_document_that_its_viewer_does_not_see() -> None:
    """[P5] Each text and amount of a document is one of the view's."""
    world = confirmed()
    for audience in AUDIENCES.values():
        seen = view(world.q, audience)
        known = set(_values(seen)) | {1}
        for kind in papers(seen):
            assert set(_values(paper(kind, seen))) <= known, kind


def test_the_client_and_the_agency_have_the_same_proposal() -> None:
    """[P2] What the agency earns is no part of it: it can be handed over."""
    world = awarded()
    assert paper("proposal", view(world.q, "agency")) == paper("proposal", view(world.q, "client:client"))


def test_no_document_names_an_id_or_what_only_staff_may_know() -> None:
    world = confirmed()
    for audience in ("admin", "agency"):
        seen = view(world.q, audience)
        for kind in KINDS:
            text = orjson.dumps(paper(kind, seen)).decode()
            for hidden in ("id", "net_rate", "agency_total", "markup_percent", "internal_notes", "hotel_id"):
                assert f'"{hidden}"' not in text, (kind, hidden)


def test_a_voucher_is_of_those_hotels_that_confirmed() -> None:
    told = paper("voucher", view(confirmed().q, "agency"))
    assert told is not None
    assert [stay["hotel_name"] for stay in told["stays"]] == [PLAZA.name]
    assert told["contact"]["name"]
    own = paper("voucher", view(confirmed().q, "hotel:plaza"))
    assert own is not None
    assert "reference" not in own


def test_an_itinerary_tells_the_programme_as_people_call_it() -> None:
    """In an order that tells nothing, and without what the tariff does not know; nobody's prices."""
    told = paper("itinerary", view(confirmed().q, "client:client"))
    assert told is not None
    assert told["transport"] == [{"name": "To Pisac", "km": 120, "days": 2}]
    assert told["guides"] == [{"language": "en", "days": 2}]
    assert told["items"] == [{"name": "Lunch", "times": 2}]
    assert told["services"] == ["spa"]
    assert told == paper("itinerary", view(confirmed().q, "agency"))


def test_a_voucher_without_a_hotel_in_view_tells_the_trip_alone() -> None:
    """A guide, say, sees no line and may see no offer."""
    told = paper("voucher", {"title": "T", "booking": {"status": "confirmed", "reference": "R"}})
    assert told == {"trip": {"title": "T"}, "reference": "R"}


def test_no_view_with_several_offers_has_a_chosen_one_but_by_name() -> None:
    many = {"title": "T", "selling": {"total": 1}, "offers": {"a": {"hotel_name": "A"}, "b": {"hotel_name": "B"}}}
    assert paper("proposal", many) is None
    assert paper("proposal", {**many, "awarded_offer_id": "c"}) is None
    told = paper("proposal", {**many, "awarded_offer_id": "b"})
    assert told is not None
    assert told["stay"] == {"hotel_name": "B"}


def _values(value: Any) -> list[Any]:
    """Every text, number and flag in it."""
    if isinstance(value, dict):
        return [one for part in value.values() for one in _values(part)]
    if isinstance(value, list):
        return [one for part in value for one in _values(part)]
    return [value]
