"""Create, edit and restore: versions, conflicts, and what may change when."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from backend.domain import editing, rfq
from backend.domain.events import plain
from backend.domain.lifecycle import CHANGEABLE
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Party
from backend.domain.refusals import Conflict
from backend.domain.term_fields import TYPES, check, term_changes
from backend.domain.terms import Budget, PrivacySettings, Rooms, Terms
from tests.support.domain import ADMIN, ANA, BRUNO, CLIENT, COMPANY, DEADLINE, MIRADOR, PLAZA, Clock, World, terms, usd
from tests.unit.domain.refusing import refused


def test_a_new_quotation_is_a_draft_in_its_first_version() -> None:
    created = World().steps[0]
    q = created.after
    assert (created.event.name, q.state, q.version, q.company, q.client) == (
        "quotation.created",
        "draft",
        1,
        COMPANY,
        CLIENT,
    )
    assert (q.created_by, q.margin_percent, q.serial) == (ANA, Decimal(8), 0)


@pytest.mark.parametrize("client", [None, Party(id="other", name="Other")])
def test_a_client_that_is_not_there_is_refused(client: Party | None) -> None:
    with refused("command.invalid", "client_id"):
        editing.create(COMPANY, client, terms(), ANA, Decimal(8), Clock().context())


def test_an_edit_makes_the_next_version_and_says_who_changed_what() -> None:
    world = World()
    (edited,) = world.edit(1, title="Peru", rooms__double=12, budget__max={"amount": "9000", "currency": "USD"})
    assert edited.event.data == {"version": 2, "fields": ["title", "rooms.double", "budget.max"], "outdated": []}
    q = world.q
    assert (q.version, q.terms.title, q.terms.rooms) == (2, "Peru", Rooms(double=12))
    assert q.terms.budget == Budget(max=usd(9000))
    assert {path: (change.version, change.by) for path, change in q.changed.items()} == dict.fromkeys(
        ("title", "rooms.double", "budget.max"), (2, ANA)
    )


def test_an_edit_that_changes_nothing_is_no_event() -> None:
    world = World()
    assert world.edit(1, title=world.q.terms.title, markup_percent="10.00", budget__min=None) == ()
    assert world.edit(1) == ()


def test_different_fields_of_two_agents_merge() -> None:
    world = World()
    world.edit(1, title="Peru")
    world.edit(1, by=BRUNO, notes="call them", rooms__single=1)
    world.edit(1, rooms__double=11)
    assert (world.q.version, world.q.terms.title, world.q.terms.notes) == (4, "Peru", "call them")
    assert world.q.terms.rooms == Rooms(double=11, single=1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"title": "A"}, {"title": "B"}),
        ({"rooms": {"double": 3}}, {"rooms.double": 4}),
        ({"rooms.double": 3}, {"rooms": {"double": 4}}),
        ({"hotel_selection.criteria.count": 3}, {"hotel_selection": {"mode": "mixed"}}),
    ],
)
def test_the_same_field_changed_by_somebody_else_is_a_conflict_and_nothing_is_applied(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    world = World()
    world.do(editing.edit, 1, list(first.items()), None, ANA)
    world.clock.forward(minutes=1)
    (field,) = second
    before = world.q
    with refused("quotation.conflict") as caught:
        world.do(editing.edit, 1, [*second.items(), ("notes", "mine")], None, BRUNO)
    assert isinstance(caught.value, Conflict)
    assert caught.value.data is not None
    current: Any = plain(before.terms)
    for name in field.split("."):
        current = current[name]
    assert caught.value.data == {
        "version": 2,
        "fields": {
            field: {
                "value": current,
                "by": {"kind": "agent", "id": "ana", "name": "Ana"},
                "at": "2026-11-22T10:00:00Z",
            }
        },
    }
    assert world.q == before


def test_neither_ones_own_change_nor_the_same_value_is_a_conflict() -> None:
    world = World()
    world.edit(1, title="A", notes="same")
    world.edit(1, title="B")
    assert world.edit(1, by=BRUNO, notes="same") == ()
    world.edit(3, by=BRUNO, title="C")
    assert (world.q.version, world.q.terms.title) == (4, "C")


def test_a_conflict_names_the_last_of_the_others() -> None:
    world = World()
    world.edit(1, by=ADMIN, rooms__single=1)
    world.edit(1, by=BRUNO, rooms__triple=1)
    with refused("quotation.conflict") as caught:
        world.edit(1, rooms={"double": 1})
    assert caught.value.data is not None
    assert caught.value.data["fields"]["rooms"]["by"]["id"] == "bruno"


def test_changing_a_whole_covers_what_was_known_of_its_parts() -> None:
    world = World()
    world.edit(1, rooms__double=3, weights__price="60")
    world.edit(2, by=BRUNO, rooms={"double": 4})
    assert set(world.q.changed) == {"rooms", "weights.price"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("colour", "red"),
        ("rooms.attic", 1),
        ("title", ""),
        ("title", None),
        ("rooms.double", -1),
        ("rooms.double", "3"),
        ("rooms.double", 1.0),
        ("rooms", {"attic": 1}),
        ("markup_percent", "NaN"),
        ("markup_percent", 8.5),
        ("markup_percent", "1E+2"),
        ("markup_percent", "-0"),
        ("budget.max", {"amount": "-1", "currency": "USD"}),
        ("budget.max", {"amount": "1.001", "currency": "USD"}),
        ("budget.max", {"amount": "Infinity", "currency": "USD"}),
        ("budget.max", {"amount": "1e12", "currency": "USD"}),
        ("budget", {"min": {"amount": "2", "currency": "USD"}, "max": {"amount": "1", "currency": "USD"}}),
        ("budget.max", {"amount": "1.00", "currency": "EUR"}),
        ("budget", {"min": {"amount": "1", "currency": "USD"}, "max": {"amount": "1", "currency": "EUR"}}),
        ("children_ages", [18]),
        ("children_ages", [5.5]),
        ("deadline", "2026-12-01T10:00:00"),
        ("check_out", "2027-02-01"),
        ("check_out", "2029-01-01"),
        ("weights", {"price": "0", "rating": "0", "services": "0", "cancellation": "0", "speed": "0"}),
        ("deposit", {"required": True}),
        ("deposit", {"percent": "10", "amount": {"amount": "1", "currency": "USD"}}),
        ("deposit.percent", "101"),
        ("hotel_selection.criteria.min_rating", "6"),
        ("margin_percent", "10"),
        ("client_id", "nobody"),
    ],
)
def test_bad_fields_and_values_are_refused_by_name(field: str, value: Any) -> None:
    world = World()
    with refused("command.invalid", field) as caught:
        world.do(editing.edit, 1, [(field, value)], None, ANA)
    assert caught.value.data == {"field": field}
    assert world.q.version == 1


@pytest.mark.parametrize("version", [-1, 0, 2])
def test_a_version_that_never_was_is_refused(version: int) -> None:
    with refused("command.invalid", "base_version"):
        World().edit(version, title="A")


def test_one_edit_changes_a_field_once() -> None:
    with refused("command.invalid", "twice"):
        World().edit(1, rooms={"double": 1}, rooms__double=2)


def test_a_client_is_named_and_let_go_until_acceptance() -> None:
    world = World()
    world.edit(1, client_id=None)
    assert world.q.client is None
    other = Party(id="other", name="Other")
    world.edit(2, client=other, client_id="other", title="Theirs")
    assert (world.q.client, world.q.terms.client_id) == (other, "other")
    world.edit(3, title="Still theirs")
    assert world.q.client == other


def test_margin_is_the_admins_and_touches_no_version() -> None:
    world = World()
    (repriced,) = world.edit(1, by=ADMIN, margin_percent="12.5")
    assert (repriced.event.name, world.q.margin_percent, world.q.version) == (
        "quotation.repriced",
        Decimal("12.5"),
        1,
    )
    names = [step.event.name for step in world.edit(1, by=ADMIN, margin_percent="9", title="Both")]
    assert names == ["quotation.edited", "quotation.repriced"]
    assert world.edit(2, by=ADMIN, margin_percent="9.0") == ()


@pytest.mark.parametrize("margin", [9, 9.5, "91", "-1", "nine", None, "NaN"])
def test_a_bad_margin_is_refused(margin: Any) -> None:
    with refused("command.invalid", "margin_percent"):
        World().edit(1, by=ADMIN, margin_percent=margin)


def test_every_term_has_its_time_to_change() -> None:
    assert set(CHANGEABLE) == {*Terms.__struct_fields__, "margin_percent"}


CHANGES: dict[str, Any] = {
    "title": "New",
    "notes": "New",
    "internal_notes": "New",
    "budget": {"max": {"amount": "1", "currency": "USD"}},
    "weights": {"price": "1"},
    "min_offers": 9,
    "markup_percent": "11",
    "client_id": None,
    "deposit": {"required": True, "percent": "30"},
    "auto_award": True,
    "privacy": {"hide_competitor_prices": True, "show_own_rank": False},
    "destination": "Lima",
    "check_in": "2027-02-28",
    "check_out": "2027-03-06",
    "rooms": {"double": 11},
    "adults": 21,
    "children_ages": [4],
    "meal_plan": "HB",
    "special_requirements": ["ramp"],
    "currency": "EUR",
    "hotel_selection": {"mode": "automatic"},
    "deadline": "2026-12-24T10:00:00Z",
}
STAGES = ("draft", "published", "reviewing", "awarded", "accepted", "cancelled")
LAST_STAGE = {
    **dict.fromkeys(("title", "notes", "internal_notes", "budget", "weights", "min_offers"), "accepted"),
    **dict.fromkeys(("markup_percent", "client_id", "deposit"), "awarded"),
    **dict.fromkeys(("currency", "hotel_selection", "deadline"), "draft"),
}


def at_stage(stage: str) -> World:
    world = World(asked=terms(privacy=PrivacySettings(show_own_rank=True)))
    acts = [world.publish, lambda: world.do(rfq.close, ANA), lambda: world.award(PLAZA), world.accept]
    for act in acts[: STAGES.index(stage)]:
        act()
        if world.q.state == "published":
            world.offer(PLAZA)
    if stage == "cancelled":
        world.do(rfq.cancel, "over", ANA)
    assert world.q.state == stage
    return world


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("field", CHANGES)
def test_what_may_change_when(field: str, stage: str) -> None:
    world = at_stage(stage)
    if STAGES.index(stage) <= STAGES.index(LAST_STAGE.get(field, "published")):
        assert world.edit(1, **{field: CHANGES[field]})[0].event.name == "quotation.edited"
    else:
        with refused("quotation.wrong_state", field):
            world.edit(1, **{field: CHANGES[field]})


def test_the_margin_stands_once_the_client_has_accepted() -> None:
    assert at_stage("awarded").edit(1, by=ADMIN, margin_percent="9")
    with refused("quotation.wrong_state", "margin_percent"):
        at_stage("accepted").edit(1, by=ADMIN, margin_percent="9")


@pytest.mark.parametrize(
    "loose", [{"hide_competitor_prices": False}, {"show_own_rank": True}, {"reveal_prices_after_deadline": True}]
)
def test_privacy_is_loosened_in_draft_only_and_tightened_later(loose: dict[str, bool]) -> None:
    """[P2] A setting may be loosened in draft only."""
    ((name, value),) = loose.items()
    draft, published = World(), World()
    draft.edit(1, **{f"privacy__{name}": value})
    published.publish()
    with refused("quotation.wrong_state", "draft only"):
        published.edit(1, **{f"privacy__{name}": value})
    draft.publish()
    assert draft.edit(2, **{f"privacy__{name}": not value})


def test_terms_that_hotels_price_make_live_offers_outdated() -> None:
    world = World()
    world.publish()
    plaza, mirador = world.offer(PLAZA), world.offer(MIRADOR)
    world.edit(1, title="Only a name", weights__price="60")
    assert {offer.state for offer in world.q.offers.values()} == {"submitted"}
    world.do(rfq.uninvite, [MIRADOR.id], ANA)
    (edited,) = world.edit(2, rooms__double=9)
    assert edited.event.data["outdated"] == [plaza]
    assert (world.q.offers[plaza].state, world.q.offers[mirador].state) == ("outdated", "expired")
    assert world.edit(3, rooms__double=8)[0].event.data["outdated"] == []


def test_an_old_version_is_restored_as_a_new_one() -> None:
    world = World()
    first = world.q.terms
    world.edit(1, title="Second", rooms__double=4, client_id=None)
    (restored,) = world.do(editing.restore, first, 1, BRUNO)
    assert restored.event.name == "quotation.restored"
    assert restored.event.data == {"version": 3, "restored": 1, "fields": ["title", "rooms"], "outdated": []}
    assert (world.q.terms.title, world.q.terms.rooms, world.q.terms.client_id) == (first.title, first.rooms, None)
    assert world.do(editing.restore, world.q.terms, 3, BRUNO) == ()
    with refused("quotation.conflict"):
        world.edit(2, rooms__double=1)


def test_restoring_keeps_how_the_rfq_was_sent_and_outdates_offers() -> None:
    world = World()
    first = world.q.terms
    world.edit(1, rooms__double=9, privacy__show_own_rank=True, hotel_selection__mode="mixed")
    world.publish()
    plaza = world.offer(PLAZA)
    sent = world.q.terms
    (restored,) = world.do(editing.restore, first, 1, ANA)
    assert restored.event.data["outdated"] == [plaza]
    now = world.q.terms
    assert (now.deadline, now.privacy, now.hotel_selection) == (sent.deadline, sent.privacy, sent.hotel_selection)
    assert now.rooms == first.rooms


def test_restoring_obeys_the_times_of_editing() -> None:
    world = World()
    first = world.q.terms
    world.edit(1, rooms__double=9)
    world.publish()
    world.offer(PLAZA)
    world.do(rfq.close, ANA)
    with refused("quotation.wrong_state", "rooms"):
        world.do(editing.restore, first, 1, ANA)


def test_term_changes_tell_old_and_new_in_plain_data() -> None:
    before = terms()
    after = terms(title="New", deadline=DEADLINE, budget=Budget(max=usd(5)))
    assert term_changes(before, after) == {
        "title": {"old": "Cusco 2027", "new": "New"},
        "budget": {"old": None, "new": {"min": None, "max": {"amount": "5.00", "currency": "USD"}}},
        "deadline": {"old": None, "new": "2026-11-29T10:00:00Z"},
    }
    assert term_changes(before, before) == {}


def test_a_budget_is_a_range() -> None:
    world = World()
    world.edit(1, budget={"min": {"amount": "5", "currency": "USD"}, "max": {"amount": "9", "currency": "USD"}})
    assert world.q.terms.budget == Budget(min=usd(5), max=usd(9))


def test_money_is_one_field() -> None:
    assert "budget.max" in TYPES
    assert "budget.max.amount" not in TYPES
    check("budget.max", None)


def test_what_the_system_changed_is_somebody_elses() -> None:
    world = World()
    world.edit(1, by=SYSTEM, title="A")
    with refused("quotation.conflict"):
        world.edit(1, title="B")


def test_deadlines_pass_between_commands() -> None:
    world = World()
    world.publish()
    world.clock.forward(seconds=timedelta(days=8).total_seconds())
    with refused("quotation.wrong_state"):
        world.edit(1, rooms__double=1)
    assert world.q.state == "expired"
