"""DOMAIN.md's "Who may see what", cell by cell, and what a view says of each field. [P1] [P5]"""

from typing import Any

import pytest

from backend.domain import granting, rfq
from backend.domain.offering import withdraw
from backend.domain.terms import PrivacySettings, Terms
from privacy.views import row, view
from tests.support.domain import ADMIN, ANA, MIRADOR, PLAZA, SOL, World, staff
from tests.unit.privacy.looking import has
from tests.unit.privacy.worlds import (
    AUDIENCES,
    awarded,
    booked,
    declined,
    drafted,
    granted,
    offer,
    offered,
    published,
    rejected,
)

EVERYBODY = "admin agency hotel client"
STAFF = "admin agency"

TABLE = [
    (
        "id title destination check_in check_out rooms.single rooms.double rooms.twin rooms.triple rooms.suite adults"
        " children_ages meal_plan special_requirements currency",
        EVERYBODY,
    ),
    ("state", "admin agency client"),
    ("invitation", "hotel"),
    ("version", STAFF),
    ("deadline", "admin agency hotel"),
    (
        "min_offers hotel_selection.mode hotel_selection.hotel_ids hotel_selection.criteria.min_rating"
        " hotel_selection.criteria.max_distance_km hotel_selection.criteria.min_capacity"
        " hotel_selection.criteria.amenities hotel_selection.criteria.min_answer_rate hotel_selection.criteria.count"
        " weights.price weights.rating weights.services weights.cancellation weights.speed auto_award"
        " privacy.hide_competitor_prices privacy.show_own_rank privacy.reveal_prices_after_deadline"
        " extensions.1.deadline extensions.1.reason extensions.1.at cancel_reason",
        STAFF,
    ),
    ("budget.min budget.max deposit.required deposit.percent deposit.due", "admin agency client"),
    ("markup_percent", STAFF),
    ("band_markups.*.band band_markups.*.percent", STAFF),
    (
        "programme.transport.*.name programme.transport.*.vehicle programme.transport.*.km programme.transport.*.days"
        " programme.guides.*.language programme.guides.*.kind programme.guides.*.days"
        " programme.guides.*.overtime_hours programme.items.*.code programme.items.*.times programme.services"
        " programme.bands programme_items.*.name programme_items.*.category programme_items.*.times",
        "admin agency client",
    ),
    (
        "running.total running.bands running.missing running.tax_percents running.lines.*.kind running.lines.*.name"
        " running.lines.*.quantity running.lines.*.unit running.lines.*.amount offers.*.agency_price"
        " offers.*.agency_extra_bed offers.*.agency_lines.*.kind offers.*.agency_lines.*.name"
        " offers.*.agency_lines.*.quantity offers.*.agency_lines.*.unit offers.*.agency_lines.*.amount"
        " offers.*.agency_lines.*.less choices.vehicles.*.name choices.vehicles.*.seats choices.guides.*.language"
        " choices.guides.*.kind choices.guides.*.name choices.items.*.name choices.items.*.category"
        " choices.items.*.per",
        STAFF,
    ),
    (
        "running.costs.*.kind running.costs.*.name running.costs.*.quantity running.costs.*.unit"
        " running.costs.*.amount offers.*.net_lines.*.kind offers.*.net_lines.*.name offers.*.net_lines.*.quantity"
        " offers.*.net_lines.*.unit offers.*.net_lines.*.amount offers.*.net_lines.*.less costing.tariff.id"
        " costing.tariff.name costing.tariff.currency costing.rate.base costing.rate.quote costing.rate.rate"
        " costing.rate.on costing.on",
        "admin",
    ),
    ("costing.tariff.vehicles costing.tariff.items", ""),
    ("offers.*.extra_bed", "admin hotel"),
    ("offers.*.child_bands.*.up_to offers.*.child_bands.*.percent", "admin agency hotel"),
    ("notes internal_notes", STAFF),
    ("client_id client.id", "admin agency client"),
    ("company.id company.name", STAFF),
    ("booking.rooming.*.name booking.rooming.*.diet booking.rooming.*.room", "admin agency client"),
    ("offers.*.id offers.*.hotel_id offers.*.revision offers.*.state", "admin agency hotel"),
    ("offers.*.hotel_name", EVERYBODY),
    (
        "offers.*.board offers.*.included_services offers.*.excluded_services offers.*.optional_services.*.name"
        " offers.*.cancellation.*.days_before offers.*.cancellation.*.penalty_percent",
        EVERYBODY,
    ),
    (
        "offers.*.foc.free offers.*.foc.per offers.*.foc.unit offers.*.foc.cap offers.*.option_until"
        " offers.*.release_date offers.*.allotment offers.*.guaranteed offers.*.attrition_percent"
        " offers.*.valid_until offers.*.notes offers.*.rooms.*.type offers.*.rooms.*.per offers.*.rooms.*.quantity",
        "admin agency hotel",
    ),
    (
        "offers.*.rooms.*.agency_rate offers.*.agency_supplement offers.*.agency_reduction offers.*.agency_total"
        " offers.*.agency_taxes.*.name offers.*.agency_taxes.*.included offers.*.agency_taxes.*.per"
        " offers.*.agency_taxes.*.amount offers.*.optional_services.*.agency_price"
        " offers.*.selling_total offers.*.selling_before_taxes offers.*.selling_per_person",
        STAFF,
    ),
    (
        "offers.*.rooms.*.net_rate offers.*.single_supplement offers.*.triple_reduction offers.*.taxes.*.name"
        " offers.*.taxes.*.included offers.*.taxes.*.per offers.*.taxes.*.amount offers.*.taxes.*.percent"
        " offers.*.commission_percent offers.*.deposits.*.percent offers.*.deposits.*.due offers.*.net_total"
        " offers.*.optional_services.*.price",
        "admin hotel",
    ),
    ("offers.*.internal_notes offers.*.revisions_left", "admin hotel"),
    (
        "invitations.*.hotel_id invitations.*.name invitations.*.rating invitations.*.state invitations.*.invited_at"
        " grants.*.hotel_id grants.*.by grants.*.reason grants.*.at awarded_offer_id",
        STAFF,
    ),
    ("margin_percent", "admin"),
    (
        "selling.total selling.per_person selling.single_supplement selling.triple_reduction selling.bands"
        " selling.child_reductions selling.before_taxes selling.taxes.*.name selling.taxes.*.percent"
        " selling.taxes.*.amount",
        "admin agency client",
    ),
    (
        "booking.reference booking.status booking.steps.*.state booking.steps.*.at",
        "admin agency client",
    ),
    ("booking.id", EVERYBODY),
    ("booking.cancel_reason", STAFF),
    (
        "booking.lines.*.id booking.lines.*.hotel_id booking.lines.*.hotel_name booking.lines.*.offer_id"
        " booking.lines.*.state booking.lines.*.reason",
        "admin agency hotel",
    ),
    ("rank competitors totals", ""),
    ("serial updated_at created_at created_by changed company.email offers.*.first_at offers.*.revised_at", ""),
    ("booking.created_at booking.lines.*.at offers.*.price_revisions award", ""),
]

CELLS = [
    pytest.param(path, kind, kind in kinds.split(), id=f"{kind}:{path}")
    for paths, kinds in TABLE
    for path in paths.split()
    for kind in AUDIENCES
]


def _views(world: World) -> dict[str, dict[str, Any]]:
    return {kind: view(world.q, audience) for kind, audience in AUDIENCES.items()}


CALLED_OFF = _views(declined())


@pytest.mark.parametrize(("path", "kind", "seen"), CELLS)
def test_each_cell_of_the_table(path: str, kind: str, seen: bool) -> None:
    """[P1] In a quotation that went all the way, called off at last."""
    assert has(CALLED_OFF[kind], path) is seen


BOOKED = _views(booked())


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("client.name", EVERYBODY),
        ("client.email", EVERYBODY),
        ("booking.rooming.*.name", EVERYBODY),
        ("booking.rooming.*.diet", EVERYBODY),
        ("client.id", "admin agency client"),
        ("offers.*.rank", STAFF),
        ("offers.*.score", STAFF),
    ],
)
def test_what_a_selected_hotel_learns(path: str, kinds: str) -> None:
    """The lead contact and its own stay, once selected."""
    assert {kind for kind in AUDIENCES if has(BOOKED[kind], path)} == set(kinds.split())


def test_the_reject_reason_is_for_the_agency() -> None:
    assert {kind for kind, seen in _views(rejected()).items() if "reject_reason" in seen} == set(STAFF.split())


@pytest.mark.parametrize("audience", ["hotel:mirador", "hotel:sol"])
def test_who_was_not_selected_learns_nothing_of_the_client(audience: str) -> None:
    seen = view(booked().q, audience)
    assert seen["invitation"] == "not_selected"
    assert not {"client", "booking", "rank", "totals", "competitors"} & seen.keys()


@pytest.mark.parametrize(
    ("world", "audience"),
    [
        (published(), "hotel:elsewhere"),
        (drafted(), "hotel:plaza"),
        (published(), "client:somebody"),
        (World(client=None, asked=drafted(client_id=None).asked), "client:client"),
        (booked(), "guide:gina"),
        (booked(), "self"),
        (booked(), "public"),
    ],
)
def test_others_see_nothing(world: World, audience: str) -> None:
    """[P1]"""
    assert view(world.q, audience) == {}
    assert row(world.q, audience) == {}


def test_a_hotel_sees_its_own_offer_alone() -> None:
    """[P2]"""
    world = offered()
    for hotel in (PLAZA, MIRADOR):
        assert set(view(world.q, f"hotel:{hotel.id}")["offers"]) == {world.offer_id(hotel)}
    assert "offers" not in view(world.q, "hotel:sol")


def test_a_client_sees_no_offer_before_the_award() -> None:
    assert not {"offers", "selling"} & view(offered().q, "client:client").keys()


def test_a_client_sees_the_chosen_offer_alone() -> None:
    world = awarded()
    offers = view(world.q, "client:client")["offers"]
    assert offers == {
        world.offer_id(PLAZA): {
            "hotel_name": "Plaza",
            "board": "HB",
            "included_services": ["porterage"],
            "excluded_services": ["minibar"],
            "optional_services": [{"name": "spa"}],
            "cancellation": [{"days_before": 30, "penalty_percent": "50"}],
        }
    }


def test_after_a_rejection_the_client_sees_no_price() -> None:
    assert not {"offers", "selling"} & view(rejected().q, "client:client").keys()


def test_the_agency_sees_no_link_of_the_price_but_its_own() -> None:
    """Net 120 at a margin of 8% is 130.43; neither 120 nor 8 is to be had."""
    world = offered()
    mine = view(world.q, "agency")["offers"][world.offer_id(PLAZA)]
    assert mine["rooms"][0] == {
        "type": "double",
        "per": "room_night",
        "quantity": 10,
        "agency_rate": {"amount": "130.43", "currency": "USD"},
    }
    assert mine["optional_services"] == [{"name": "spa", "agency_price": {"amount": "50.00", "currency": "USD"}}]


class TestRank:
    settings = PrivacySettings(show_own_rank=True)

    def test_is_the_hotels_own(self) -> None:
        world = offered(self.settings)
        assert view(world.q, "hotel:plaza")["rank"] == {"rank": 2, "of": 2}
        assert view(world.q, "hotel:mirador")["rank"] == {"rank": 1, "of": 2}

    def test_is_for_hotels_that_compete(self) -> None:
        world = offered(self.settings)
        assert "rank" not in view(world.q, "hotel:sol")
        world.do(withdraw, staff(PLAZA))
        assert "rank" not in view(world.q, "hotel:plaza")

    def test_is_shown_after_closing_and_gone_with_the_result(self) -> None:
        world = offered(self.settings)
        world.do(rfq.close, ANA)
        assert "rank" in view(world.q, "hotel:plaza")
        world.award(PLAZA)
        assert "rank" not in view(world.q, "hotel:plaza")
        assert "rank" not in view(world.q, "hotel:mirador")

    def test_needs_the_setting(self) -> None:
        assert "rank" not in view(offered().q, "hotel:plaza")


class TestTotals:
    def test_are_live_and_sorted_when_prices_are_not_hidden(self) -> None:
        world = offered(PrivacySettings(hide_competitor_prices=False))
        seen = [view(world.q, f"hotel:{hotel.id}") for hotel in (PLAZA, MIRADOR, SOL)]
        amounts = [float(total["amount"]) for total in seen[0]["totals"]]
        assert len(amounts) == 2
        assert amounts == sorted(amounts)
        assert seen[0]["totals"] == seen[1]["totals"] == seen[2]["totals"]
        assert not any("competitors" in one for one in seen)

    def test_are_gone_with_the_result(self) -> None:
        world = offered(PrivacySettings(hide_competitor_prices=False))
        world.award(PLAZA)
        assert not any("totals" in view(world.q, f"hotel:{hotel.id}") for hotel in (PLAZA, MIRADOR, SOL))

    def test_stay_once_revealed_at_the_deadline(self) -> None:
        world = offered(PrivacySettings(reveal_prices_after_deadline=True))
        world.do(rfq.uninvite, ["mirador"], ANA)
        offer(world, SOL, 90)
        world.clock.forward(days=9)
        world.settle()
        world.award(PLAZA)
        assert len(view(world.q, "hotel:plaza")["totals"]) == 2
        assert view(world.q, "hotel:sol")["totals"] == view(world.q, "hotel:plaza")["totals"]
        assert "totals" not in view(world.q, "hotel:mirador")
        assert "totals" not in view(world.q, "client:client")


class TestGrant:
    def test_shows_the_rivals_live_offers(self) -> None:
        world = granted("plaza")
        (rival,) = view(world.q, "hotel:plaza")["competitors"].values()
        assert rival["hotel_name"] == "Mirador"
        assert rival["rooms"][0]["net_rate"] == {"amount": "100.00", "currency": "USD"}
        hidden = {"internal_notes", "notes", "commission_percent", "deposits", "state", "rank", "score", "agency_total"}
        assert not hidden & rival.keys()

    def test_is_for_one_hotel(self) -> None:
        assert "competitors" not in view(granted("plaza").q, "hotel:mirador")

    def test_ends_when_revoked(self) -> None:
        world = granted("plaza")
        world.do(granting.revoke, "plaza", "Over.", ADMIN)
        assert "competitors" not in view(world.q, "hotel:plaza")

    def test_shows_no_withdrawn_offer(self) -> None:
        world = granted("plaza")
        world.do(withdraw, staff(MIRADOR))
        assert "competitors" not in view(world.q, "hotel:plaza")

    def test_ends_with_the_hotels_own_part(self) -> None:
        """What follows must not tell a hotel that life goes on without it."""
        world = granted("mirador")
        world.award(PLAZA)
        assert "competitors" not in view(world.q, "hotel:mirador")


class TestLastSeen:
    def test_a_hotel_that_is_out_sees_the_terms_as_they_were(self) -> None:
        world = awarded()
        before = view(world.q, "hotel:mirador")
        world.edit(world.q.version, title="Cusco, at last")
        assert view(world.q, "hotel:mirador") == before
        assert view(world.q, "hotel:plaza")["title"] == "Cusco, at last"

    def test_its_own_total_is_of_those_terms(self) -> None:
        world = offered()
        before = view(world.q, "hotel:mirador")["offers"][world.offer_id(MIRADOR)]["net_total"]
        world.do(rfq.uninvite, ["mirador"], ANA)
        world.edit(world.q.version, check_out="2027-03-09")
        assert view(world.q, "hotel:mirador")["offers"][world.offer_id(MIRADOR)]["net_total"] == before
        assert view(world.q, "hotel:mirador")["check_out"] == "2027-03-05"

    def test_a_term_set_later_is_not_added(self) -> None:
        world = offered(destination="")
        world.do(rfq.uninvite, ["sol"], ANA)
        world.edit(world.q.version, destination="Lima")
        assert "destination" not in view(world.q, "hotel:sol")


def test_values_are_as_on_the_wire() -> None:
    seen = view(booked().q, "admin")
    assert seen["check_in"] == "2027-03-01"
    assert seen["deadline"] == "2026-11-30T10:00:00Z"
    assert seen["budget"] == {
        "min": {"amount": "5000.00", "currency": "USD"},
        "max": {"amount": "20000.00", "currency": "USD"},
    }
    assert seen["weights"]["price"] == "50"
    assert seen["margin_percent"] == "8"
    assert seen["grants"]["sol"]["by"] == {"kind": "admin", "id": "admin", "name": "Admin"}
    assert seen["extensions"]["1"]["reason"] == "A holiday."
    assert seen["booking"]["rooming"][0]["name"] == "Ada"


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value, *(leaf for item in value.values() for leaf in _leaves(item))]
    return [value, *(leaf for item in value for leaf in _leaves(item))] if isinstance(value, list) else [value]


@pytest.mark.parametrize("audience", [*AUDIENCES.values(), "hotel:mirador", "hotel:sol"])
@pytest.mark.parametrize("world", [drafted(), offered(), booked(), declined()])
def test_what_is_not_set_is_absent(world: World, audience: str) -> None:
    seen = view(world.q, audience)
    assert not [leaf for leaf in _leaves(seen)[1:] if leaf in (None, "", [], {})]


class TestRow:
    def test_of_the_agency(self) -> None:
        world = published()
        assert row(world.q, "agency") == {
            "id": world.q.id,
            "title": "Cusco 2027",
            "destination": "Cusco",
            "state": "published",
            "check_in": "2027-03-01",
            "check_out": "2027-03-05",
            "deadline": "2026-11-30T10:00:00Z",
            "adults": 20,
            "children": 2,
            "currency": "USD",
            "client": {"name": "Clara Client"},
            "company": {"id": "andes", "name": "Andes Viajes"},
        }

    def test_of_the_agency_is_not_touched_by_offers(self) -> None:
        """[P2] A hotel's command never waits for a company's channel."""
        world = published()
        before = row(world.q, "agency")
        offer(world, PLAZA, 100)
        assert row(world.q, "agency") == before

    def test_of_a_hotel(self) -> None:
        world = published()
        seen = row(world.q, "hotel:sol")
        assert seen["invitation"] == "open"
        assert not {"state", "client", "company"} & seen.keys()

    def test_of_a_quotation_with_nothing_but_a_title(self) -> None:
        world = World(client=None, asked=Terms(title="Some day"))
        assert row(world.q, "agency")["children"] == 0
        assert "client" not in row(world.q, "agency")
