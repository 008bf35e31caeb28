"""Who belongs to which audience, whose rights a step changes, and whom an audience may know. [P6]"""

from typing import Any

import pytest
from msgspec.structs import replace

from backend.domain import granting, rfq
from backend.domain.events import Step
from backend.domain.principals import SYSTEM, Actor, Principal
from backend.domain.quotation import Party, Quotation
from backend.domain.terms import PrivacySettings
from privacy.audiences import actor_view, admits, audience_of, audiences, kind, resets
from tests.support.domain import ADMIN, ANA, CLIENT_ACTOR, MIRADOR, PLAZA, World, staff
from tests.unit.privacy.worlds import drafted, granted, offered, published

Q = published().q


def person(role: Any, user_id: str = "u", **of: Any) -> Principal:
    return Principal(user_id=user_id, role=role, name="U", **of)


@pytest.mark.parametrize(
    ("principal", "audience"),
    [
        (person("admin"), "admin"),
        (person("agent", company_id="andes"), "agency"),
        (person("agent", company_id="rio"), None),
        (person("agent"), None),
        (person("hotel", hotel_id="plaza"), "hotel:plaza"),
        (person("hotel", hotel_id="elsewhere"), None),
        (person("hotel"), None),
        (person("client", "client"), "client:client"),
        (person("client", "somebody"), None),
        (person("guide"), None),
        (person("hotel", "client", company_id="andes"), None),
    ],
)
def test_a_person_has_at_most_one_audience(principal: Principal, audience: str | None) -> None:
    assert audience_of(principal, Q) == audience


def test_everybody_who_sees_it() -> None:
    assert audiences(Q) == {"admin", "agency", "client:client", "hotel:plaza", "hotel:mirador", "hotel:sol"}
    assert audiences(drafted(client_id=None).q) == {"admin", "agency"}


@pytest.mark.parametrize("world", [Q, drafted(client_id=None).q])
def test_an_audience_is_admitted_if_it_is_one_of_them(world: Quotation) -> None:
    """[P1]"""
    strangers = {"hotel", "hotel:", "hotel:luna", "client", "client:", "client:other", "guide:gina", "public", ""}
    asked = strangers | audiences(Q)
    assert {audience for audience in asked if admits(world, audience)} == audiences(world)


def test_nobody_without_a_client_is_its_client() -> None:
    q = drafted(client_id=None).q
    assert audience_of(person("client", "client"), q) is None


@pytest.mark.parametrize(
    ("audience", "expected"),
    [("admin", "admin"), ("agency", "agency"), ("hotel:x", "hotel"), ("client:x", "client"), ("guide:x", "guide")],
)
def test_kinds(audience: str, expected: str) -> None:
    assert kind(audience) == expected


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        kind("manager:x")


class TestResets:
    def last(self, world: World) -> frozenset[str]:
        return resets(world.steps[-2].after, world.steps[-1])

    def test_nobody_knew_a_new_quotation(self) -> None:
        assert resets(None, drafted().steps[0]) == frozenset()

    def test_a_grant_and_its_revocation(self) -> None:
        world = granted("plaza")
        assert self.last(world) == {"hotel:plaza"}
        world.do(granting.revoke, "plaza", "Over.", ADMIN)
        assert self.last(world) == {"hotel:plaza"}

    def test_a_client_named_replaced_and_dropped(self) -> None:
        world = World(client=None, asked=drafted(client_id=None).asked)
        world.edit(1, client=Party(id="one", name="One"), client_id="one")
        assert self.last(world) == {"client:one"}
        world.edit(2, client=Party(id="two", name="Two"), client_id="two")
        assert self.last(world) == {"client:one", "client:two"}
        world.edit(3, client_id=None)
        assert self.last(world) == {"client:two"}

    def test_privacy_tightened_after_publishing(self) -> None:
        world = published(PrivacySettings(show_own_rank=True))
        world.edit(1, privacy__show_own_rank=False)
        assert self.last(world) == {"hotel:plaza", "hotel:mirador", "hotel:sol"}

    def test_privacy_changed_in_draft_concerns_nobody(self) -> None:
        world = drafted()
        world.edit(1, privacy__show_own_rank=True)
        assert self.last(world) == frozenset()

    def test_an_audience_that_is_gone(self) -> None:
        before = published().q
        step = Step(published().steps[-1].event, replace(before, invitations={}))
        assert resets(before, step) == {"hotel:plaza", "hotel:mirador", "hotel:sol"}

    def test_whatever_else_happens_changes_no_rights(self) -> None:
        world = offered()
        world.do(rfq.uninvite, ["sol"], ANA)
        world.edit(1, title="Other")
        world.award(PLAZA)
        world.accept()
        told = [resets(one.after, two) for one, two in zip(world.steps, world.steps[1:], strict=False)]
        assert set(told) == {frozenset()}


AGENT = {"kind": "agent", "id": "ana", "name": "Ana"}
HOUSE = {"kind": "hotel", "id": "plaza", "name": "Plaza"}
STAFF = {"kind": "hotel", "id": "staff-plaza", "name": "Staff of Plaza"}
CLIENT = {"kind": "client", "id": "client", "name": "Clara Client"}
OPERATOR = {"kind": "admin", "id": "admin", "name": "Admin"}
ITSELF = {"kind": "system", "id": "", "name": "system"}
STRANGER = Actor(kind="agent", id="carla", name="Carla", company_id="rio")
UNINVITED = Actor(kind="hotel", id="x", name="X", hotel_id="elsewhere")


RIVAL = {"kind": "hotel", "id": "mirador", "name": "Mirador"}


@pytest.mark.parametrize(
    ("actor", "agency", "plaza", "client"),
    [
        (ANA, AGENT, AGENT, AGENT),
        (staff(PLAZA), HOUSE, STAFF, None),
        (staff(MIRADOR), RIVAL, None, None),
        (CLIENT_ACTOR, CLIENT, None, CLIENT),
        (ADMIN, OPERATOR, None, None),
        (SYSTEM, ITSELF, None, None),
        (STRANGER, None, None, None),
        (UNINVITED, None, None, None),
    ],
)
def test_whom_an_audience_may_know(actor: Actor, agency: Any, plaza: Any, client: Any) -> None:
    """[P2] Never a rival."""
    assert actor_view(actor, "admin", Q) == {"kind": actor.kind, "id": actor.id, "name": actor.name}
    assert [actor_view(actor, audience, Q) for audience in ("agency", "hotel:plaza", "client:client")] == [
        agency,
        plaza,
        client,
    ]
    assert actor_view(actor, "guide:gina", Q) is None
