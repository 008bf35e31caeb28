"""What is asked of a booking that is not there, of a trip without dates or rooms, and of money in two steps."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from backend.domain import booking, holding, ledger, performing
from backend.domain.booked import selling_total
from backend.domain.offers import CancellationStage, ChildBand
from backend.domain.payments import deposit_amount, intended, refund_owed
from backend.domain.penalties import penalty_percent
from backend.domain.saga import Action
from backend.domain.terms import Deposit, Rooms
from tests.support.domain import ANA, NOW, World, content, terms, usd
from tests.support.sagas import booking_of, carry_on, pay
from tests.unit.domain.refusing import refused
from tests.unit.domain.test_saga import accepted, confirmed, plan_of


def test_nothing_was_sold_and_nothing_booked_before_the_client_accepts() -> None:
    world = World()
    with pytest.raises(ValueError, match="nothing was sold"):
        selling_total(world.q)
    with refused("booking.not_found"):
        world.do(performing.confirm)


@pytest.mark.parametrize("open_ones", [{"check_in": None}, {"check_out": None}, {"rooms": Rooms()}])
def test_there_are_no_nights_without_dates_and_rooms(open_ones: dict[str, object]) -> None:
    assert holding.nights(terms(**open_ones)) is None


def test_calling_off_costs_nothing_while_the_dates_are_open() -> None:
    stages = (CancellationStage(days_before=30, penalty_percent=Decimal(50)),)
    today = date(2027, 3, 1)
    assert penalty_percent(stages, None, today) == 0
    assert penalty_percent(stages, today, today) == Decimal(50)


def test_child_bands_go_by_rising_ages() -> None:
    bands = (ChildBand(up_to=11, percent=Decimal(50)), ChildBand(up_to=5, percent=Decimal(0)))
    with pytest.raises(ValueError, match="rising ages"):
        content(child_bands=bands)


def test_a_deposit_may_be_an_amount() -> None:
    world = accepted(deposit=Deposit(required=True, amount=usd(250)))
    assert deposit_amount(world.q) == usd(250)


@pytest.mark.parametrize(("after", "waits"), [(timedelta(days=20), timedelta(days=21)), (timedelta(days=-1), None)])
def test_a_deposit_is_awaited_to_the_end_of_its_day_if_that_is_to_come(
    after: timedelta, waits: timedelta | None
) -> None:
    world = accepted(deposit=Deposit(required=True, percent=Decimal(30), due=(NOW + after).date()))
    carry_on(world)
    (asked,) = booking_of(world).payments.values()
    assert asked.due is not None
    expected = (NOW + waits).date() if waits else (world.clock.now + world.clock.context().rules.payment_open).date()
    assert asked.due.date() == expected


def test_a_deposit_is_asked_for_once() -> None:
    world = accepted()
    assert world.do(intended, "deposit", "local")
    assert world.do(intended, "deposit", "local") == ()


def test_money_goes_back_only_once_it_is_called_off() -> None:
    world = confirmed()
    assert refund_owed(world.q) is None
    assert world.do(intended, "refund", "local") == ()


def test_a_refund_whose_order_nobody_lived_to_send_is_sent() -> None:
    """[D5] It is in the document before the gateway hears of it."""
    world = confirmed()
    world.do(booking.cancel, "flood", ANA)
    while (action := plan_of(world).actions[0]).name != "refund":
        world.do(holding.released, action.subject) if action.name == "release" else world.do(performing.perform, action)
    world.do(intended, "refund", "local")
    assert plan_of(world).actions == (Action("refund", action.subject),)
    carry_on(world)
    pay(world, "refund")
    assert plan_of(world).over


def test_what_does_not_balance_is_not_written() -> None:
    world = confirmed()
    with pytest.raises(ValueError, match="does not balance"):
        ledger._posted(world.steps[-1], booking_of(world), "sale", {"client:client": Decimal(1)})
