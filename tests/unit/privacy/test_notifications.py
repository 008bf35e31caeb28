"""What waits in an inbox is seen under the rights of the day it is delivered. [D8]"""

import pytest

from backend.domain.principals import Principal
from privacy.audiences import audience_of
from privacy.notifications import notification_view
from tests.support.domain import NOW
from tests.unit.privacy.worlds import awarded, published

WORLD = awarded()


def test_says_what_about_which_quotation() -> None:
    assert notification_view("offer.selected", WORLD.q, "hotel:plaza", "n1", NOW) == {
        "id": "n1",
        "kind": "offer.selected",
        "at": "2026-11-22T10:00:00Z",
        "quotation_id": WORLD.q.id,
        "title": "Cusco 2027",
        "invitation": "selected",
    }


def test_shows_the_title_as_the_hotel_last_saw_it() -> None:
    world = awarded()
    world.edit(1, title="Other")
    item = notification_view("offer.not_selected", world.q, "hotel:mirador", "n1", NOW)
    assert item
    assert item["title"] == "Cusco 2027"
    assert "state" not in item


@pytest.mark.parametrize(
    ("kind", "audience", "heard"),
    [
        ("quotation.awarded", "agency", True),
        ("quotation.awarded", "client:client", True),
        ("quotation.awarded", "hotel:plaza", False),
        ("offer.submitted", "agency", True),
        ("offer.submitted", "client:client", False),
        ("offer.not_selected", "hotel:mirador", True),
        ("offer.not_selected", "agency", False),
        ("invitation.received", "hotel:sol", True),
        ("quotation.min_offers", "agency", True),
        ("quotation.min_offers", "hotel:sol", False),
        ("deadline.near", "hotel:sol", True),
        ("deadline.near", "client:client", False),
        ("proposal.near", "client:client", True),
        ("proposal.near", "hotel:plaza", False),
        ("payment.received", "client:client", True),
        ("payment.received", "hotel:plaza", False),
        ("quotation.repriced", "client:client", True),
        ("no.such.thing", "admin", False),
        ("quotation.awarded", "public", False),
    ],
)
def test_is_for_those_who_hear_of_such_things(kind: str, audience: str, heard: bool) -> None:
    """[P1]"""
    assert bool(notification_view(kind, WORLD.q, audience, "n1", NOW)) is heard


@pytest.mark.parametrize("audience", [None, "hotel:elsewhere", "client:somebody"])
def test_is_dropped_when_its_person_sees_no_more(audience: str | None) -> None:
    assert notification_view("invitation.received", WORLD.q, audience, "n1", NOW) is None


def test_is_dropped_with_its_quotation() -> None:
    assert notification_view("quotation.awarded", None, "agency", "n1", NOW) is None


def test_follows_a_client_who_was_replaced() -> None:
    client = Principal(user_id="client", role="client", name="Clara")
    q = published(client_id=None).q
    assert notification_view("quotation.published", q, audience_of(client, q), "n1", NOW) is None
