"""An admin's leave to see competitors' offers."""

from backend.domain.granting import grant, revoke
from backend.domain.quotation import Grant
from tests.support.domain import ADMIN, NOW, PLAZA, World, hotel
from tests.unit.domain.refusing import refused


def test_a_grant_says_who_when_and_why_and_is_taken_back() -> None:
    world = World()
    world.publish()
    (step,) = world.do(grant, PLAZA.id, "partner", ADMIN)
    assert (step.event.name, step.event.data) == ("quotation.granted", {"hotel_id": "plaza", "reason": "partner"})
    assert world.q.grants == {"plaza": Grant(hotel_id="plaza", by=ADMIN, reason="partner", at=NOW)}
    assert world.do(grant, PLAZA.id, "again", ADMIN) == ()
    (step,) = world.do(revoke, PLAZA.id, "no more", ADMIN)
    assert step.event.name == "quotation.revoked"
    assert world.q.grants == {}
    assert world.do(revoke, PLAZA.id, "", ADMIN) == ()


def test_only_an_invited_hotel_gets_one_and_for_a_reason() -> None:
    world = World()
    world.publish()
    with refused("command.invalid", "hotel_id"):
        world.do(grant, hotel("stranger").id, "why not", ADMIN)
    with refused("command.invalid", "reason"):
        world.do(grant, PLAZA.id, " ", ADMIN)
