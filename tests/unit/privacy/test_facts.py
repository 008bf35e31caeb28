"""What each audience is told of each step: under which name, by whom, and with what. [P1] [P2] [D4]"""

from itertools import pairwise
from typing import Any

import pytest
from msgspec.structs import replace

from backend.domain import awarding, booking, editing, granting, repricing, rfq
from backend.domain.bookings import Guest
from backend.domain.events import Event, Step
from backend.domain.offering import withdraw
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Party
from backend.domain.terms import PrivacySettings
from privacy.facts import Fact, Unnamed
from privacy.views import row, view
from tests.support.domain import ADMIN, ANA, CLIENT_ACTOR, DEADLINE, MIRADOR, NOW, PLAZA, SOL, World, hotel, staff
from tests.support.sagas import carry_on, pay
from tests.unit.privacy.worlds import (
    COSTING,
    TARIFF,
    awarded,
    booked,
    drafted,
    facts_of,
    granted,
    line_id,
    offer,
    offered,
    published,
    rejected,
)

RANKED = PrivacySettings(show_own_rank=True)
OPEN = PrivacySettings(hide_competitor_prices=False)
REVEALED = PrivacySettings(reveal_prices_after_deadline=True)


def told(world: World, back: int = 1) -> tuple[Fact, ...]:
    """The facts of the world's last step, or of the one `back` steps ago."""
    before = world.steps[-back - 1].after if len(world.steps) > back else None
    return facts_of(before, world.steps[-back])


def names(world: World, back: int = 1) -> dict[str, str]:
    """Audience -> name, in the quotation's room."""
    return {fact.audience: fact.name for fact in told(world, back) if fact.room.startswith("quotation:")}


def one(world: World, audience: str, back: int = 1) -> Fact:
    (found,) = (f for f in told(world, back) if f.audience == audience and f.room.startswith("quotation:"))
    return found


def everywhere(name: str, *audiences: str) -> dict[str, str]:
    return dict.fromkeys(audiences, name)


STAFF = ("admin", "agency")
HOTELS = ("hotel:plaza", "hotel:mirador", "hotel:sol")


class TestNames:
    def test_created(self) -> None:
        assert names(drafted()) == everywhere("quotation.created", *STAFF, "client:client")

    def test_published(self) -> None:
        world = drafted()
        world.publish()
        assert names(world) == {
            **everywhere("quotation.published", *STAFF, "client:client"),
            **everywhere("invitation.received", *HOTELS),
        }

    def test_invited_and_uninvited(self) -> None:
        world = published()
        world.do(rfq.invite, [hotel("luna")], ANA)
        assert names(world) == everywhere("invitation.received", *STAFF, "hotel:luna")
        world.do(rfq.uninvite, ["luna"], ANA)
        assert names(world) == everywhere("invitation.closed", *STAFF, "hotel:luna")

    def test_extended(self) -> None:
        assert names(published()) == everywhere("quotation.extended", *STAFF, *HOTELS)

    def test_edited_is_heard_by_those_who_see_the_field(self) -> None:
        world = published()
        world.edit(1, title="Other")
        assert names(world) == everywhere("quotation.edited", *STAFF, *HOTELS, "client:client")
        world.edit(2, notes="Other")
        assert names(world) == everywhere("quotation.edited", *STAFF)

    def test_restored_is_an_edit_to_those_who_know_no_versions(self) -> None:
        world = published()
        world.edit(1, title="Other")
        world.do(editing.restore, world.steps[0].after.terms, 1, ANA)
        assert names(world) == {
            **everywhere("quotation.restored", *STAFF),
            **everywhere("quotation.edited", *HOTELS, "client:client"),
        }

    def test_an_offer_is_its_hotels_and_the_agencys(self) -> None:
        """[P2]"""
        world = published()
        offer(world, PLAZA)
        assert names(world) == everywhere("offer.submitted", *STAFF, "hotel:plaza")
        offer(world, PLAZA, 90)
        assert names(world) == everywhere("offer.revised", *STAFF, "hotel:plaza")
        world.do(withdraw, staff(PLAZA))
        assert names(world) == everywhere("offer.withdrawn", *STAFF, "hotel:plaza")

    def test_closed(self) -> None:
        world = offered()
        world.do(rfq.close, ANA)
        assert names(world) == {
            **everywhere("quotation.closed", *STAFF, "client:client"),
            **everywhere("invitation.closed", "hotel:plaza", "hotel:mirador"),
            "hotel:sol": "offer.not_selected",
        }

    def test_awarded(self) -> None:
        assert names(awarded()) == {
            **everywhere("quotation.awarded", *STAFF, "client:client"),
            "hotel:plaza": "offer.selected",
            "hotel:mirador": "offer.not_selected",
        }

    def test_rejected(self) -> None:
        assert names(rejected()) == {
            **everywhere("quotation.rejected", *STAFF, "client:client"),
            "hotel:plaza": "offer.not_selected",
        }

    def test_accepted_and_booked(self) -> None:
        world = awarded()
        world.accept()
        assert names(world, back=2) == everywhere("quotation.accepted", *STAFF, "client:client")
        assert names(world) == everywhere("booking.created", *STAFF, "client:client")

    def test_booking_steps(self) -> None:
        world = awarded()
        world.accept()
        carry_on(world)
        assert names(world, back=2) == everywhere("payment.requested", *STAFF, "client:client")
        assert names(world) == everywhere("booking.step_changed", "admin")
        pay(world)
        assert names(world) == everywhere("payment.received", *STAFF, "client:client")
        carry_on(world)
        assert names(world) == {
            **everywhere("hotel.reserved", *STAFF, "hotel:plaza"),
            "client:client": "booking.step_changed",
        }
        world.do(booking.set_rooming, [Guest(name="Ada")], ANA)
        assert names(world) == everywhere("booking.changed", *STAFF, "client:client", "hotel:plaza")
        world.do(booking.confirm_line, line_id(world), staff(PLAZA))
        assert names(world) == {
            **everywhere("hotel.confirmed", *STAFF, "hotel:plaza"),
            "client:client": "booking.step_changed",
        }
        carry_on(world)
        assert names(world) == everywhere("booking.confirmed", *STAFF, "client:client")
        world.clock.forward(days=200)
        world.settle()
        assert names(world) == everywhere("booking.completed", *STAFF, "client:client")

    def test_another_hotel_takes_a_place(self) -> None:
        """[P2.5] Who is out hears so at once and nothing more; who is in hears that it is selected."""
        world = booked()
        world.do(booking.decline_line, line_id(world), "Full.", staff(PLAZA))
        assert names(world) == everywhere("booking.step_changed", *STAFF, "hotel:plaza")
        carry_on(world)
        assert names(world) == {
            **everywhere("hotel.reserved", *STAFF),
            "hotel:mirador": "offer.selected",
            "client:client": "booking.step_changed",
        }

    def test_a_booking_called_off(self) -> None:
        world = booked()
        world.do(booking.cancel, "No.", ANA)
        assert names(world, back=2) == everywhere("booking.cancelled", *STAFF, "client:client", "hotel:plaza")
        assert names(world) == {
            **everywhere("quotation.cancelled", *STAFF, "client:client"),
            "hotel:plaza": "offer.not_selected",
        }

    def test_cancelled_before_closing_reads_closed(self) -> None:
        world = offered()
        world.do(rfq.cancel, "Called off.", ANA)
        assert names(world) == {
            **everywhere("quotation.cancelled", *STAFF, "client:client"),
            **everywhere("invitation.closed", *HOTELS),
        }


class TestResults:
    """[P2] Another's award, expiry and cancellation after closing are told alike."""

    def of(self, ending: str) -> list[Fact]:
        world = offered()
        world.do(rfq.close, ANA)
        if ending == "award":
            world.award(PLAZA)
        elif ending == "auto-award":
            world.do(awarding.award, world.offer_id(PLAZA), SYSTEM)
        elif ending == "cancel":
            world.do(rfq.cancel, "Called off.", ADMIN)
        else:
            world.award(PLAZA)
            world.do(awarding.reject, "No.", CLIENT_ACTOR)
        return [
            fact for a, b in pairwise(world.steps) for fact in facts_of(a.after, b) if fact.audience == "hotel:mirador"
        ]

    def test_alike(self) -> None:
        endings = [self.of(ending) for ending in ("award", "auto-award", "cancel", "reject")]
        assert all(ending == endings[0] for ending in endings)
        assert endings[0][-1].name == "offer.not_selected"
        assert endings[0][-1].by is None


class TestPrices:
    """Margin and markup: who hears that prices changed, and how."""

    def test_a_margin_reaches_the_agency_as_new_prices(self) -> None:
        world = awarded()
        world.edit(1, by=ADMIN, margin_percent="12")
        assert names(world) == everywhere("quotation.repriced", *STAFF, "client:client")
        assert set(one(world, "agency").data["change"]) == {"offers", "running", "selling"}

    def test_a_client_cannot_tell_markup_from_margin(self) -> None:
        """[P2]"""
        by_margin, by_markup, mixed = awarded(), awarded(), awarded()
        by_margin.edit(1, by=ADMIN, margin_percent="12")
        by_markup.edit(1, by=ANA, markup_percent="15")
        mixed.edit(1, by=ANA, markup_percent="15", title="Other")
        for world in (by_margin, by_markup, mixed):
            fact = one(world, "client:client")
            assert (fact.name, fact.by) == ("quotation.repriced", None)
        assert names(by_markup)["agency"] == "quotation.edited"
        assert "hotel:plaza" not in names(by_markup)

    def test_a_margin_without_offers_is_nothing_to_the_agency(self) -> None:
        world = drafted()
        world.edit(1, by=ADMIN, margin_percent="12")
        assert names(world) == {"admin": "quotation.repriced"}

    def test_new_costs_reach_whom_they_make_a_difference_to(self) -> None:
        """[P1] [P2] The agency and the client hear of other prices; of the same at other costs nobody but admins."""
        world = awarded()
        dearer = replace(TARIFF, staff_day=TARIFF.staff_day * 2)
        world.do(repricing.reprice, replace(COSTING, tariff=dearer))
        assert names(world) == everywhere("quotation.repriced", *STAFF, "client:client")
        assert (one(world, "client:client").by, set(one(world, "client:client").data["change"])) == (None, {"selling"})
        world.do(repricing.reprice, replace(COSTING, tariff=replace(dearer, name="Peru, again")))
        assert names(world) == {"admin": "quotation.repriced"}

    def test_the_agencys_frame_has_no_margin(self) -> None:
        world = offered()
        world.edit(1, by=ADMIN, margin_percent="76.54")
        assert "76.54" not in str(one(world, "agency").data)


class TestDisclosures:
    def test_own_rank(self) -> None:
        world = published(RANKED)
        offer(world, PLAZA, 120)
        offer(world, MIRADOR, 100)
        fact = one(world, "hotel:plaza")
        assert fact.name == "offer.ranked"
        assert fact.by is None
        assert fact.data == {"change": {"rank": {"rank": 2, "of": 2}}, "rank": 2, "of": 2}
        assert one(world, "hotel:mirador").name == "offer.submitted"
        assert "hotel:sol" not in names(world)

    def test_a_rival_that_is_gone_only_moves_the_rank(self) -> None:
        """[P2] Uninvited or withdrawn: the others see the same."""
        uninvited, withdrawn = offered(RANKED), offered(RANKED)
        uninvited.do(rfq.uninvite, ["mirador"], ANA)
        withdrawn.do(withdraw, staff(MIRADOR))
        assert one(uninvited, "hotel:plaza") == one(withdrawn, "hotel:plaza")
        assert one(uninvited, "hotel:plaza").name == "offer.ranked"

    def test_weights_move_the_rank(self) -> None:
        world = offered(RANKED)
        only_speed = {"price": "0", "rating": "0", "services": "0", "cancellation": "0", "speed": "1"}
        world.edit(1, **{f"weights__{name}": value for name, value in only_speed.items()})
        world.clock.forward(hours=1)
        assert names(world).get("hotel:plaza", "offer.ranked") == "offer.ranked"

    def test_live_totals(self) -> None:
        world = published(OPEN)
        offer(world, PLAZA, 120)
        fact = one(world, "hotel:sol")
        assert (fact.name, fact.by) == ("quotation.prices_revealed", None)
        assert fact.data["totals"] == fact.data["change"]["totals"]
        assert one(world, "hotel:plaza").name == "offer.submitted"

    def test_totals_that_are_gone(self) -> None:
        world = published(OPEN)
        offer(world, PLAZA, 120)
        world.do(withdraw, staff(PLAZA))
        assert one(world, "hotel:sol").data == {"change": {"totals": None}, "totals": []}

    def test_the_reveal(self) -> None:
        world = offered(REVEALED)
        world.clock.forward(days=9)
        world.settle()
        (reveal,) = [step for step in world.steps if step.event.name == "quotation.prices_revealed"]
        before = world.steps[world.steps.index(reveal) - 1].after
        assert {(fact.audience, fact.name) for fact in facts_of(before, reveal)} == {
            (audience, "quotation.prices_revealed") for audience in HOTELS
        }

    @pytest.mark.parametrize(
        ("command", "name"),
        [
            (lambda world: offer(world, SOL, 95), "offer.submitted"),
            (lambda world: offer(world, MIRADOR, 95), "offer.revised"),
            (lambda world: world.do(withdraw, staff(MIRADOR)), "offer.withdrawn"),
            (lambda world: world.do(rfq.uninvite, ["mirador"], ANA), "offer.withdrawn"),
        ],
    )
    def test_a_granted_hotel_hears_its_rivals(self, command: Any, name: str) -> None:
        world = granted("plaza")
        command(world)
        fact = one(world, "hotel:plaza")
        assert (fact.name, fact.by, set(fact.data["change"])) == (name, None, {"competitors"})

    def test_one_rival_of_several_withdraws(self) -> None:
        world = granted("plaza")
        offer(world, SOL, 95)
        world.do(withdraw, staff(SOL))
        assert one(world, "hotel:plaza").name == "offer.withdrawn"


class TestResets:
    def test_a_granted_hotel_gets_a_new_channel_instead(self) -> None:
        """[P6]"""
        assert names(granted("plaza")) == everywhere("quotation.granted", *STAFF)
        world = granted("plaza")
        world.do(granting.revoke, "plaza", "Over.", ADMIN)
        assert names(world) == everywhere("quotation.granted", *STAFF)

    def test_a_new_client_too(self) -> None:
        world = drafted()
        world.edit(1, client=Party(id="two", name="Two"), client_id="two")
        assert names(world) == everywhere("quotation.edited", *STAFF)


class TestBy:
    def test_a_hotel_is_a_house_to_the_agency(self) -> None:
        world = published()
        offer(world, PLAZA)
        assert one(world, "agency").by == {"kind": "hotel", "id": "plaza", "name": "Plaza"}
        assert one(world, "hotel:plaza").by == {"kind": "hotel", "id": "staff-plaza", "name": "Staff of Plaza"}

    def test_the_agencys_people_are_known(self) -> None:
        world = published()
        world.edit(1, title="Other")
        assert {fact.by["name"] for fact in told(world) if fact.by} == {"Ana"}
        world.edit(2, by=ADMIN, title="Another")
        assert one(world, "hotel:plaza").by is None
        assert one(world, "agency").by == {"kind": "admin", "id": "admin", "name": "Admin"}


class TestLists:
    def rows(self, world: World, room: str) -> list[Fact]:
        return [fact for fact in told(world) if fact.room == room]

    def test_the_companys_list(self) -> None:
        world = drafted()
        (fact,) = self.rows(world, "company:andes")
        assert (fact.audience, fact.name) == ("agency", "quotation.created")
        assert fact.data == {"change": {"quotations": {world.q.id: row(world.q, "agency")}}}
        world.edit(1, title="Other")
        (fact,) = self.rows(world, "company:andes")
        assert fact.data == {"change": {"quotations": {world.q.id: {"title": "Other"}}}}
        world.edit(2, notes="Other")
        assert self.rows(world, "company:andes") == []

    def test_a_hotel_enters_no_list_but_its_own(self) -> None:
        """[P2] Its command would wait for others there."""
        world = booked()
        world.do(booking.confirm_line, line_id(world), staff(PLAZA))
        assert {fact.room for fact in told(world)} == {f"quotation:{world.q.id}"}
        closing = Event(id="e", name="booking.confirmed", at=NOW, by=staff(PLAZA))
        found = facts_of(world.q, Step(closing, replace(world.q, state="confirmed")))
        assert {fact.room for fact in found} == {f"quotation:{world.q.id}"}

    def test_the_clients_list(self) -> None:
        """The row has the price from the award on, and nothing that the client does not see."""
        world = drafted()
        (fact,) = self.rows(world, "user:client")
        assert (fact.audience, fact.name) == ("self", "quotation.created")
        assert fact.data == {"change": {"quotations": {world.q.id: row(world.q, "client:client")}}}
        world.edit(1, notes="Other")
        assert self.rows(world, "user:client") == []
        world.publish()
        offer(world, PLAZA)
        assert self.rows(world, "user:client") == []
        world.award(PLAZA)
        total = view(world.q, "client:client")["selling"]["total"]
        (fact,) = self.rows(world, "user:client")
        assert fact.name == "quotation.awarded"
        assert fact.data["change"]["quotations"] == {world.q.id: {"state": "awarded", "selling": {"total": total}}}

    def test_a_client_who_is_named_and_replaced(self) -> None:
        """[P6] The one learns that the quotation is gone and not for whom; the other sees it as it is."""
        world = awarded()
        world.edit(1, client=Party(id="two", name="Two"), client_id="two")
        (gone,) = self.rows(world, "user:client")
        (come,) = self.rows(world, "user:two")
        assert gone.data == {"change": {"quotations": {world.q.id: None}}}
        assert come.data == {"change": {"quotations": {world.q.id: row(world.q, "client:two")}}}
        assert {(fact.audience, fact.name) for fact in (gone, come)} == {("self", "quotation.edited")}

    def test_a_price_in_the_clients_list_moves_without_a_cause(self) -> None:
        """[P2]"""
        by_margin, by_markup = awarded(), awarded()
        by_margin.edit(1, by=ADMIN, margin_percent="12")
        by_markup.edit(1, by=ANA, markup_percent="15")
        for world in (by_margin, by_markup):
            (fact,) = self.rows(world, "user:client")
            assert (fact.name, fact.by) == ("quotation.repriced", None)
            assert set(fact.data["change"]["quotations"][world.q.id]) == {"selling"}

    def test_a_hotels_list(self) -> None:
        world = drafted()
        world.publish()
        (fact,) = self.rows(world, "hotel:plaza")
        assert (fact.audience, fact.name) == ("hotel:plaza", "invitation.received")
        assert fact.data == {"change": {"invitations": {world.q.id: row(world.q, "hotel:plaza")}}}
        offer(world, PLAZA)
        assert [fact for fact in told(world) if fact.room.startswith(("hotel:", "company:"))] == []
        world.award(PLAZA)
        (fact,) = self.rows(world, "hotel:plaza")
        assert fact.name == "offer.selected"
        assert fact.data["change"]["invitations"][world.q.id]["invitation"] == "selected"

    def test_a_row_that_is_gone(self) -> None:
        world = published()
        event = Event(id="e", name="quotation.uninvited", at=NOW, by=ANA)
        gone = replace(world.q, invitations={})
        (fact,) = (fact for fact in facts_of(world.q, Step(event, gone)) if fact.room == "hotel:sol")
        assert fact.name == "invitation.closed"
        assert fact.data == {"change": {"invitations": {world.q.id: None}}}


def test_facts_come_in_order() -> None:
    found = told(published())
    assert list(found) == sorted(found, key=lambda fact: (fact.room, fact.audience))
    assert len({(fact.room, fact.audience) for fact in found}) == len(found)


@pytest.mark.parametrize(
    ("name", "changed"), [("quotation.accepted", {"title": "Other"}), ("offer.revised", {"budget": None})]
)
def test_a_change_without_a_name_never_leaves(name: Any, changed: dict[str, Any]) -> None:
    """[P1] An acceptance that changes a hotel's terms, an offer that changes a client's budget."""
    q = offered().q
    event = Event(id="e", name=name, at=NOW, by=staff(PLAZA))
    with pytest.raises(Unnamed):
        facts_of(q, Step(event, replace(q, terms=replace(q.terms, **changed))))


def test_nothing_changed_is_nothing_told() -> None:
    """[P1]"""
    world = published()
    event = Event(id="e", name="quotation.edited", at=NOW, by=ANA)
    assert facts_of(world.q, Step(event, world.q)) == ()


def test_the_patch_is_the_difference_of_the_views() -> None:
    """[D4]"""
    world = drafted()
    world.publish(deadline=DEADLINE)
    change = one(world, "hotel:sol").data["change"]
    assert change == view(world.q, "hotel:sol")
