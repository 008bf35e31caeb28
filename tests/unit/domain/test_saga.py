"""The booking's saga as a state machine: whatever happens, it ends completed or wholly undone, each effect once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from backend.domain import booking, guiding, performing, saga
from backend.domain.booked import part, selling_total
from backend.domain.bookings import STEPS
from backend.domain.holding import awaited, needs
from backend.domain.offers import CancellationStage
from backend.domain.payments import Notice, told
from backend.domain.programme import GuideNeed, Leg, Programme
from backend.domain.refusals import Refusal
from backend.domain.saga import Action
from backend.domain.terms import Deposit
from tests.support.domain import ANA, CLIENT_ACTOR, HOTELS, MIRADOR, PLAZA, World, guide, staff, terms, usd
from tests.support.sagas import booking_of, carry_on, carry_out, fail, line_of, pay, plan_of, states_of, take
from tests.unit.domain.refusing import refused

DEPOSIT = Deposit(required=True, percent=Decimal(30))
PENALTY = (CancellationStage(days_before=30, penalty_percent=Decimal(50)),)
WHOLLY_UNDONE = {"undone", "not_needed", "failed"}


PROGRAMME = Programme(
    guides=(GuideNeed(language="es", days=3), GuideNeed(language="en")),
    transport=(Leg(name="to the valley", km=120, days=2),),
)


def accepted(*hotels: Any, deposit: Deposit = DEPOSIT, programme: Programme | None = None) -> World:
    """The first of the hotels won; the others offered too, each dearer than the one before."""
    world = World(asked=terms(deposit=deposit, programme=programme))
    world.publish()
    for rank, one in enumerate(hotels or (PLAZA, MIRADOR)):
        world.offer(one, 100 + 10 * rank, cancellation=PENALTY)
    world.award((hotels or (PLAZA,))[0])
    world.accept()
    return world


def held(world: World) -> None:
    """The hotel that is asked holds it."""
    line = line_of(world)
    world.do(booking.confirm_line, line.id, staff(world.q.invitations[line.hotel_id].hotel))


def confirmed() -> World:
    world = accepted()
    carry_on(world)
    pay(world)
    carry_on(world)
    held(world)
    carry_on(world)
    return world


def names(world: World) -> list[str]:
    return [action.id for action in plan_of(world).actions]


def test_a_booking_goes_forward_step_by_step() -> None:
    world = accepted()
    assert names(world) == ["request_deposit:"]
    carry_on(world)
    assert plan_of(world).wake_at == next(iter(booking_of(world).payments.values())).due
    pay(world)
    assert names(world) == [f"ask_hotel:{world.offer_id(PLAZA)}"]
    carry_on(world)
    held(world)
    assert names(world) == ["issue_documents:"]
    carry_on(world)
    assert (world.q.state, booking_of(world).status) == ("confirmed", "confirmed")
    assert {state for name, state in states_of(world).items() if name not in ("guides", "transport")} == {"done"}


@pytest.mark.parametrize("how", ["declined", "silent", "taken"])
def test_the_next_best_hotel_takes_the_place_at_the_price_that_was_accepted(how: str) -> None:
    world = accepted()
    price = selling_total(world.q)
    carry_on(world)
    pay(world)
    (ask,) = plan_of(world).actions
    if how == "taken":
        fail(world, ask, "resource.taken")
    else:
        carry_out(world, ask)
    if how == "declined":
        world.do(booking.decline_line, line_of(world).id, "full", staff(PLAZA))
    if how == "silent":
        world.clock.forward(days=2)
    carry_on(world)
    assert (line_of(world).hotel_id, line_of(world).state) == ("mirador", "pending")
    assert (world.q.invitations["plaza"].state, world.q.invitations["mirador"].state) == ("not_selected", "selected")
    assert selling_total(world.q) == price
    held(world)
    carry_on(world)
    assert world.q.state == "confirmed"


def guided() -> World:
    """Everything but guides and vehicles is there."""
    world = accepted(deposit=Deposit(), programme=PROGRAMME)
    carry_on(world)
    held(world)
    return world


def test_guides_and_vehicles_are_found_side_by_side_once_a_hotel_is_there() -> None:
    world = guided()
    assert names(world) == ["assign:guide-1", "assign:guide-2", "assign:leg-1"]
    take(world, "guide-2")
    assert (names(world), states_of(world)["guides"]) == (["assign:guide-1", "assign:leg-1"], "running")
    take(world, "guide-1", "refused")
    assert names(world) == ["assign:guide-1", "assign:leg-1"]
    take(world, "guide-1")
    assert (names(world), states_of(world)["guides"]) == (["assign:leg-1"], "done")
    carry_on(world)
    assert (world.q.state, states_of(world)["transport"]) == ("confirmed", "done")


def test_without_a_guide_everything_is_given_back() -> None:
    world = guided()
    take(world, "leg-1")
    fail(world, Action("assign", "guide-1"), "resource.not_found")
    assert names(world)[0].startswith("release:"), "the vehicle goes first: it was taken last"
    assert carry_on(world).over
    assert {hold.state for hold in booking_of(world).holds.values()} == {"released"}
    assert (states_of(world)["guides"], booking_of(world).cancel_reason) == ("failed", "No guide is free.")


def test_without_a_hotel_everything_is_given_back() -> None:
    world = accepted(PLAZA)
    carry_on(world)
    pay(world)
    carry_on(world)
    world.do(booking.decline_line, line_of(world).id, "full", staff(PLAZA))
    assert carry_on(world).over
    assert (world.q.state, booking_of(world).cancel_reason) == ("cancelled", "No hotel holds the rooms.")
    deposit, refund = booking_of(world).payments.values()
    assert (refund.kind, refund.amount, refund.state) == ("refund", deposit.amount, "received")
    assert states_of(world)["deposit"] == "undone"


def test_steps_are_undone_the_other_way_round() -> None:
    world = confirmed()
    world.do(booking.cancel, "flood", ANA)
    undone = []
    while actions := plan_of(world).actions:
        (action,) = actions
        undone.append(action.id)
        carry_out(world, action)
        pay(world, "refund")
    assert undone[:4] == ["undo:confirmation", "undo:documents", "release:hold-0", "undo:hotels"]
    assert undone[4].startswith("refund:")
    assert len(undone) == 5


@pytest.mark.parametrize(("days_left", "percent"), [(60, 0), (30, 0), (29, 50)])
def test_cancelling_costs_by_the_suppliers_timeline(days_left: int, percent: int) -> None:
    world = confirmed()
    check_in = world.q.terms.check_in
    assert check_in is not None
    world.clock.now = world.clock.now.replace(year=2027, month=1, day=1)
    world.clock.forward(days=(check_in - world.clock.now.date()).days - days_left)
    paid = next(iter(booking_of(world).payments.values())).amount
    world.do(booking.cancel, "flood", CLIENT_ACTOR)
    carry_on(world)
    assert line_of(world).penalty_percent == percent
    owed = paid.amount - part(Decimal(percent), selling_total(world.q)).amount
    refunds = [one.amount.amount for one in booking_of(world).payments.values() if one.kind == "refund"]
    assert refunds == ([owed] if owed > 0 else [])
    assert plan_of(world).over


def test_who_was_only_asked_is_owed_nothing() -> None:
    world = accepted(deposit=Deposit())
    carry_on(world)
    world.clock.forward(days=1)
    world.do(booking.cancel, "flood", ANA)
    assert (line_of(world).state, line_of(world).penalty_percent) == ("cancelled", None)


def test_a_deposit_that_does_not_come_ends_it() -> None:
    world = accepted()
    carry_on(world)
    world.clock.forward(days=7)
    assert carry_on(world).over
    assert (world.q.state, states_of(world)["deposit"]) == ("cancelled", "failed")


def test_money_that_comes_too_late_goes_back() -> None:
    world = accepted()
    carry_on(world)
    world.do(booking.cancel, "flood", ANA)
    assert carry_on(world).over
    assert pay(world)
    assert carry_on(world).over
    assert [one.state for one in booking_of(world).payments.values()] == ["received", "received"]


def test_a_failed_payment_may_be_tried_again() -> None:
    world = accepted()
    carry_on(world)
    pay(world, outcome="failed")
    assert plan_of(world).actions == ()
    pay(world)
    assert states_of(world)["deposit"] == "done"


def test_a_gateways_old_news_and_others_changes_nothing() -> None:
    world = accepted()
    carry_on(world)
    (said,) = pay(world)
    payment = next(iter(booking_of(world).payments.values()))
    notice = Notice(
        gateway="local",
        external_id="again",
        booking_id=booking_of(world).id,
        payment_id=payment.id,
        outcome="received",
        amount=payment.amount,
        reference=payment.reference,
        at=world.clock.now,
    )
    assert said.event.name == "payment.received"
    assert world.do(told, notice) == world.do(told, replace(notice, outcome="failed")) == ()
    with refused("payment.refused"):
        world.do(told, replace(notice, amount=usd(1)))
    with refused("payment.not_found"):
        world.do(told, replace(notice, payment_id="another"))


def test_a_refund_that_cannot_be_made_is_left_to_people() -> None:
    world = confirmed()
    world.do(booking.cancel, "flood", ANA)
    while actions := plan_of(world).actions:
        (fail if actions[0].name == "refund" else carry_out)(world, actions[0])
    assert plan_of(world).over
    assert states_of(world)["deposit"] == "failed"


def test_an_action_that_needs_a_gateway_is_none_of_the_documents() -> None:
    with pytest.raises(LookupError):
        performing.perform(accepted().q, Action("refund", "x"), World().clock.context())


HAPPENINGS = (
    *("do", "do", "do", "fail", "pay", "pay_fails", "confirm", "decline", "lose", "comes", "stays", "cancel"),
    *("wait", "weeks"),
)


def happen(world: World, what: str, number: int) -> None:
    """One thing that people, time, gateways or the workers do; what is refused did not happen."""
    actions = plan_of(world).actions
    match what:
        case "do" | "fail" if actions:
            (carry_out if what == "do" else fail)(world, actions[number % len(actions)])
        case "pay" | "pay_fails":
            kind = ("deposit", "refund")[number % 2]
            pay(world, kind, "received" if what == "pay" else "failed")  # type: ignore[arg-type]  # one of both
        case "lose" if actions and actions[number % len(actions)].name == "assign":
            take(world, actions[number % len(actions)].subject, "refused")
        case "confirm":
            held(world)
        case "decline":
            line = line_of(world)
            world.do(booking.decline_line, line.id, "full", staff(world.q.invitations[line.hotel_id].hotel))
        case "comes" | "stays":
            asked = awaited(booking_of(world))[0]
            if what == "comes":
                world.do(guiding.confirm, asked.id, guide(asked.user_id))
            else:
                world.do(guiding.decline, asked.id, "ill", guide(asked.user_id))
        case "cancel":
            world.do(booking.cancel, "flood", ANA)
        case "wait":
            world.clock.forward(hours=1 + number)
        case "weeks":
            world.clock.forward(days=1 + number)


def finish(world: World) -> None:
    """Everybody does at last what is asked of them."""
    for _ in range(60):
        plan = carry_on(world)
        if plan.over or booking_of(world).status == "confirmed":
            return
        pay(world)
        if booking_of(world).live_lines and line_of(world).state == "pending":
            held(world)
        for asked in awaited(booking_of(world)):
            world.do(guiding.confirm, asked.id, guide(asked.user_id))
    raise AssertionError(f"stuck: {states_of(world)}")


@settings(max_examples=250, deadline=None)
@given(
    deposit=st.booleans(),
    programme=st.sampled_from([None, PROGRAMME]),
    hotels=st.integers(1, 3),
    guides=st.sampled_from([(), ("gina",), ("gina", "gil", "gus")]),
    story=st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 20)), max_size=25),
)
@example(
    deposit=True,
    programme=None,
    hotels=2,
    guides=(),
    story=[("do", 0), ("pay", 0), ("do", 0), ("confirm", 0), ("do", 0), ("do", 0)],
)
def test_whatever_happens_it_ends_confirmed_or_wholly_undone(
    deposit: bool,
    programme: Programme | None,
    hotels: int,
    guides: tuple[str, ...],
    story: list[tuple[str, int]],
) -> None:
    world = accepted(*HOTELS[:hotels], deposit=DEPOSIT if deposit else Deposit(), programme=programme)
    world.guides = guides
    for what, number in story:
        try:
            happen(world, what, number)
        except (Refusal, IndexError):
            continue
    finish(world)
    ended = booking_of(world)
    if ended.status == "cancelled":
        assert {step.state for step in ended.steps.values()} <= WHOLLY_UNDONE
        assert not ended.live_lines
        assert {hold.state for hold in ended.holds.values()} <= {"released", "refused"}
    else:
        held_for = [hold.need for hold in ended.holds.values() if hold.state == "held" and hold.kind != "allotment"]
        assert sorted(held_for) == sorted(need.key for need in needs(world.q.terms))
        answers = [hold.answer for hold in ended.holds.values() if hold.state == "held" and hold.user_id]
        assert set(answers) <= {"confirmed"}
        assert all(ended.settled(name) for name in STEPS)
        assert [line.state for line in ended.live_lines] == ["confirmed"]
    require_each_effect_once(world)


def require_each_effect_once(world: World) -> None:
    """No hotel is asked twice, no deposit received twice, none given back twice or without having been received."""
    ended = booking_of(world)
    offers = [line.offer_id for line in ended.lines.values()]
    assert len(offers) == len(set(offers))
    deposits = [one for one in ended.payments.values() if one.kind == "deposit"]
    refunds = [one for one in ended.payments.values() if one.kind == "refund"]
    assert len(deposits) <= 1
    assert len(refunds) <= 1
    if refunds:
        assert refunds[0].of == deposits[0].id
        assert deposits[0].state == "received"
        assert refunds[0].amount.amount <= deposits[0].amount.amount
    if ended.status == "cancelled" and deposits and deposits[0].state == "received":
        penalty = (ended.penalty_percent or 0) * selling_total(world.q).amount / 100
        assert refunds or deposits[0].amount.amount <= round(penalty, 2)


@settings(max_examples=60, deadline=None)
@given(story=st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(0, 20)), max_size=15))
def test_an_action_that_was_done_is_in_no_later_plan(story: list[tuple[str, int]]) -> None:
    """[D5] So a worker that dies after an effect does nothing twice."""
    world = accepted(*HOTELS)
    done: set[str] = set()
    for what, number in story:
        before = plan_of(world).actions
        try:
            happen(world, what, number)
        except (Refusal, IndexError):
            continue
        if what == "do" and before:
            done.add(before[number % len(before)].id)
        assert not done & {action.id for action in saga.plan(world.q, world.clock.now).actions}


def test_time_alone_wakes_it() -> None:
    world = accepted(deposit=Deposit())
    plan = carry_on(world)
    assert plan.wake_at == world.clock.now + timedelta(days=2)
