"""The checks find what they are for: each is shown a world in which that one thing is wrong."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest

from backend.domain import booking
from backend.domain.ledger import Posting
from backend.domain.terms import Deposit
from tests.chaos import bookings, checks
from tests.chaos.actors import Actor
from tests.chaos.ledger import Done, Ledger
from tests.chaos.people import PEOPLE
from tests.chaos.truth import Frame, Truth
from tests.chaos.views import Views
from tests.support.domain import CLIENT_ACTOR, NOW, PLAZA, World, terms
from tests.support.sagas import booking_of, carry_on, pay

ROOM = "quotation:q0"


class _Somebody:
    """As much of an actor as the checks look at."""

    def __init__(self, name: str) -> None:
        self.person = PEOPLE[name]
        self.name = f"{name}/0"
        self.views = Views()
        self.texts: list[tuple[float, str]] = []
        self.refused: list[str] = []
        self.inbox: dict[str, Any] = {}
        self.here = True


def _actors(*somebody: _Somebody) -> dict[str, Actor]:
    return {one.name: cast("Actor", one) for one in somebody}


def _frame(seq: int, name: str = "quotation.edited", **data: Any) -> Frame:
    return Frame(f"id-{seq}", seq, name, json.dumps({"id": f"id-{seq}", "data": data}))


def _truth(*frames: Frame, seq: int | None = None, waiting: int = 0) -> Truth:
    last = len(frames) if seq is None else seq
    return Truth({(f"{ROOM}/agency", "e"): list(frames)}, {f"{ROOM}/agency": ("e", last)}, waiting)


def _ledger() -> Ledger:
    return Ledger(7, ids=["q0", "q1", "q2"])


def _seen(*ids: int, after: int = 0) -> _Somebody:
    """An agent who had a snapshot at `after`, and then these frames."""
    ana = _Somebody("ana")
    kept = ana.views.start(ROOM, "e", after, {})
    kept.stretch.ids += [f"id-{number}" for number in ids]
    kept.view.seq = after + len(ids)
    return ana


def test_workflows_that_do_not_come_to_rest_are_found() -> None:
    at_rest = _truth()
    assert not list(checks.unsettled({}, at_rest))
    assert list(checks.unsettled({}, replace(at_rest, under_way=["booking:1"])))
    assert not list(checks.effects(_ledger(), at_rest))
    assert list(checks.effects(_ledger(), replace(at_rest, dead=["booking:1 KeyError"])))


def test_bookings_that_stand_still_or_did_something_twice_are_found() -> None:
    world = World(asked=terms(deposit=Deposit(required=True, percent=Decimal(20))))
    world.publish()
    world.offer(PLAZA, 100)
    world.award(PLAZA)
    world.accept()
    assert any("stands still" in what for what in bookings.wrong(world.q, _beside(world), NOW))
    carry_on(world)
    pay(world)
    carry_on(world)
    well = _beside(world)
    assert not list(bookings.wrong(world.q, well, NOW))
    extra = Posting(entry_id="e", account="a", kind="deposit", booking_id="b", amount=1, currency="USD", at=NOW)
    for changes in (
        {"workflow": "running"},
        {"workflow": ""},
        {"claims": frozenset()},
        {"orders": {}},
        {"orders": {**well.orders, "another": "received"}},
        {"postings": [*well.postings, extra]},
    ):
        assert list(bookings.wrong(world.q, replace(well, **changes), NOW)), changes
    world.do(booking.cancel, "flood", CLIENT_ACTOR)
    assert any("not wholly undone" in what for what in bookings.wrong(world.q, _beside(world), NOW))
    carry_on(world)
    assert not list(bookings.wrong(world.q, replace(_beside(world), workflow="done"), NOW))


def _beside(world: World) -> bookings.Beside:
    """As it has to be."""
    of = booking_of(world)
    return bookings.Beside(
        workflow="waiting",
        claims=frozenset(hold.id for hold in of.holds.values() if hold.state == "held"),
        postings=[],
        orders={one.id: one.state for one in of.payments.values() if one.reference},
    )


def test_a_hole_is_found() -> None:
    assert not list(checks.positions(_truth(_frame(1), _frame(2))))
    assert list(checks.positions(_truth(_frame(1), _frame(3))))
    assert list(checks.positions(_truth(_frame(1), _frame(2), seq=3)))


@pytest.mark.parametrize(("seen", "wrong"), [((1, 2, 3), 0), ((1, 3), 1), ((2, 1, 3), 1), ((1, 1, 2), 1), ((1, 2), 0)])
def test_what_was_lost_doubled_or_out_of_order_is_found(seen: tuple[int, ...], wrong: int) -> None:
    """Whoever is behind is not wrong here, but unsettled."""
    truth = _truth(*(_frame(number) for number in (1, 2, 3)))
    actors = _actors(_seen(*seen))
    assert len(list(checks.deliveries(actors, truth))) == wrong
    assert bool(list(checks.unsettled(actors, truth))) == (len(seen) < 3)


def test_what_still_waits_is_found() -> None:
    assert list(checks.unsettled({}, _truth(waiting=1)))


@pytest.mark.parametrize(
    ("ok", "frames", "wrong"), [(True, 1, 0), (True, 0, 1), (True, 2, 1), (False, 0, 0), (False, 1, 1)]
)
def test_a_lost_a_doubled_and_a_forbidden_effect_are_found(ok: bool, frames: int, wrong: int) -> None:
    ledger = _ledger()
    mark = ledger.mark("agency", 0, 0.0)
    ledger.done.append(Done("ana", "quotation.edit", {}, 0, 0.0, mark, {"ok": ok}))
    truth = _truth(*(_frame(number + 1, change={"notes": mark.text}) for number in range(frames)))
    assert len(list(checks.effects(ledger, truth))) == wrong


def test_an_answer_that_differs_or_never_came_is_found() -> None:
    ledger = _ledger()
    done = Done("ana", "quotation.close", {}, 0, 0.0, None, {"ok": True, "data": 1})
    ledger.done.append(done)
    ledger.repeated.append((done, {"ok": True, "data": 1}))
    assert not list(checks.effects(ledger, _truth()))
    ledger.repeated.append((done, {"ok": True, "data": 2}))
    ledger.done.append(Done("ana", "quotation.close", {}, 0, 0.0))
    assert len(list(checks.effects(ledger, _truth()))) == 2


@pytest.mark.parametrize(
    ("who", "kind", "hotel", "leaks"),
    [
        ("ana", "agency", "", 0),
        ("carla", "agency", "", 1),
        ("marta", "agency", "", 1),
        ("marta", "hotel", "hotel-plaza", 0),
        ("julio", "hotel", "hotel-plaza", 1),
        ("ana", "hotel", "hotel-plaza", 1),
        ("julio", "offer", "hotel-plaza", 1),
        ("colegio", "offer", "hotel-plaza", 1),
        ("colegio", "terms", "", 0),
        ("clube", "terms", "", 1),
        ("ines", "hotel", "hotel-plaza", 0),
        ("teo", "terms", "", 1),
        ("teo", "everybody", "", 0),
    ],
)
def test_a_text_that_is_not_for_somebody_is_found(who: str, kind: Any, hotel: str, leaks: int) -> None:
    """[P1] [P2] Wherever it stands in what they were sent."""
    ledger, somebody = _ledger(), _Somebody(who)
    mark = ledger.mark(kind, 0, 0.0, hotel)
    somebody.texts.append((1.0, f'42["any",{{"deep":["{mark.text}"]}}]'))
    assert len(list(checks.leaks(_actors(somebody), ledger))) == leaks


def test_a_rivals_rate_is_for_whom_it_was_granted_to_and_from_then_on() -> None:
    ledger, julio = _ledger(), _Somebody("julio")
    rate = ledger.rate(0, 0.0, "hotel-plaza")
    ledger.done.append(Done("ines", "quotation.grant", {"hotel_id": "hotel-mirador"}, 0, 5.0))
    julio.texts = [(6.0, f'"{rate}"')]
    assert not list(checks.leaks(_actors(julio), ledger))
    julio.texts = [(4.0, f'"{rate}"')]
    assert list(checks.leaks(_actors(julio), ledger))


@pytest.mark.parametrize(
    ("who", "text", "leaks"),
    [
        ("marta", "hotel-sol", 1),
        ("marta", "person-rosa", 1),
        ("marta", "person-pedro", 0),
        ("ana", "person-carla", 1),
        ("clube", "person-ana", 1),
    ],
)
def test_an_id_that_is_not_for_somebody_is_found(who: str, text: str, leaks: int) -> None:
    somebody = _Somebody(who)
    somebody.texts.append((1.0, f'42["any",{{"id":"{text}"}}]'))
    assert len(list(checks.leaks(_actors(somebody), _ledger()))) == leaks


def test_a_ghost_and_somebody_unseen_are_found() -> None:
    ana, bruno = _Somebody("ana"), _Somebody("bruno")
    for one in (ana, bruno):
        kept = one.views.start(ROOM, "e", 0, {})
        kept.present = {"person-ana": {}, "person-bruno": {}}
    assert not list(checks.presence(_actors(ana, bruno), _ledger()))
    ana.views.rooms[ROOM].present["person-carla"] = {}
    del bruno.views.rooms[ROOM].present["person-ana"]
    assert len(list(checks.presence(_actors(ana, bruno), _ledger()))) == 2


def test_a_view_that_is_not_what_a_join_finds_is_found() -> None:
    ana = _Somebody("ana")
    ana.views.start(ROOM, "e", 3, {"title": "here"})
    there = {"ok": True, "data": {"epoch": "e", "seq": 3, "snapshot": {"title": "here"}}}
    assert not list(checks.snapshots(cast("Actor", ana), {ROOM: there}))
    for data in ({"epoch": "e", "seq": 4}, {"epoch": "f", "seq": 3}, {"epoch": "e", "seq": 3, "snapshot": {}}):
        other = {"ok": True, "data": {**there["data"], **data}}  # type: ignore[dict-item]  # it is an object
        assert list(checks.snapshots(cast("Actor", ana), {ROOM: other}))
    assert list(checks.snapshots(cast("Actor", ana), {ROOM: {"ok": False}}))


def test_an_item_that_nobody_was_told_and_an_invitation_that_never_came_are_found() -> None:
    """[D8]"""
    ledger, marta = _ledger(), _Somebody("marta")
    payload = {"hotel_ids": ["hotel-plaza"]}
    ledger.done.append(Done("ana", "quotation.publish", payload, 0, 0.0, None, {"ok": True}))
    item = {"n1": {"kind": "invitation.received", "quotation_id": "q0"}}
    frame = Frame("n1", 1, "notification.created", json.dumps({"data": {"change": {"notifications": item}}}))
    user = Truth({("user:person-marta/self", "e"): [frame], ("user:person-pedro/self", "e"): [frame]}, {}, 0)
    waiting: dict[str, set[str]] = {person.id: set() for person in PEOPLE.values()}
    waiting["person-pedro"] = {"n1"}
    assert len(list(checks.inboxes(_actors(marta), ledger, user, waiting))) == 1
    marta.inbox["n1"] = item["n1"]
    assert not list(checks.inboxes(_actors(marta), ledger, user, waiting))
    assert list(checks.inboxes(_actors(marta), ledger, Truth({}, {}, 0), waiting))
