"""What follows acceptance."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from backend.domain import booking, rfq
from backend.domain.booked import part, selling_total
from backend.domain.bookings import Booking, BookingLine, Guest
from backend.domain.terms import Deposit
from tests.support.domain import ANA, CLIENT_ACTOR, MIRADOR, PLAZA, World, staff, terms
from tests.support.sagas import carry_on, pay, states_of
from tests.unit.domain.refusing import refused

DEPOSIT = Deposit(required=True, percent=Decimal(30))


def booked(deposit: Deposit | None = None) -> World:
    """Accepted, and where no deposit is asked for, the Plaza asked to hold it."""
    world = World(asked=terms(deposit=deposit or Deposit()))
    world.publish()
    world.offer(PLAZA)
    world.offer(MIRADOR)
    world.award(PLAZA)
    world.accept()
    carry_on(world)
    return world


def of(world: World) -> Booking:
    assert world.q.booking is not None
    return world.q.booking


def line(world: World) -> BookingLine:
    return next(iter(of(world).lines.values()))


def test_a_hotel_is_asked_at_once_where_no_deposit_is() -> None:
    world = booked()
    assert (of(world).status, states_of(world)["deposit"], states_of(world)["hotels"]) == (
        "pending",
        "not_needed",
        "running",
    )
    assert (line(world).hotel_id, line(world).offer_id, line(world).state) == (
        "plaza",
        world.offer_id(PLAZA),
        "pending",
    )
    assert of(world).reference.isalnum()
    assert len(of(world).reference) == 8


def test_a_hotel_hears_of_it_once_the_deposit_is_there() -> None:
    world = booked(DEPOSIT)
    assert (of(world).lines, states_of(world)["deposit"]) == ({}, "running")
    (payment,) = of(world).payments.values()
    assert payment.amount == part(Decimal(30), selling_total(world.q))
    pay(world)
    assert world.q.state == "deposit_paid"
    carry_on(world)
    assert line(world).state == "pending"


def test_it_is_confirmed_when_the_hotel_holds_it() -> None:
    world = booked()
    (held,) = world.do(booking.confirm_line, line(world).id, staff(PLAZA))
    assert (held.event.name, held.event.data["line_id"]) == ("hotel.confirmed", line(world).id)
    carry_on(world)
    assert (world.q.state, of(world).status, states_of(world)["hotels"]) == ("confirmed", "confirmed", "done")


def test_several_lines_are_all_needed() -> None:
    world = booked()
    other = replace(line(world), id="other", hotel_id="mirador")
    two = replace(world.q, booking=replace(of(world), lines={**of(world).lines, "other": other}))
    (step,) = booking.confirm_line(two, "other", staff(MIRADOR), world.clock.context())
    assert step.after.booking is not None
    assert step.after.booking.steps["hotels"].state == "running"


def test_a_hotel_that_cannot_hold_it_says_so_once_and_is_out() -> None:
    world = booked()
    world.do(booking.decline_line, line(world).id, "overbooked", staff(PLAZA))
    assert (line(world).state, line(world).reason) == ("declined", "overbooked")
    assert (of(world).status, world.q.invitations["plaza"].state) == ("pending", "not_selected")
    with refused("quotation.wrong_state"):
        world.do(booking.confirm_line, line(world).id, staff(PLAZA))


@pytest.mark.parametrize("hotel", [MIRADOR, None])
def test_somebody_elses_line_is_not_found(hotel: Any) -> None:
    world = booked()
    actor = staff(hotel) if hotel else ANA
    for command in (booking.confirm_line, lambda q, id_, by, ctx: booking.decline_line(q, id_, "no", by, ctx)):
        with refused("booking.not_found"):
            world.do(command, line(world).id, actor)
        with refused("booking.not_found"):
            world.do(command, "no such line", staff(PLAZA))


def test_without_a_booking_nothing_of_it_is_found() -> None:
    world = World()
    with refused("booking.not_found"):
        world.do(booking.confirm_line, "line", staff(PLAZA))
    with refused("booking.not_found"):
        world.do(booking.set_rooming, [], ANA)
    with refused("booking.not_found"):
        world.do(booking.cancel, "over", ANA)


def test_the_rooming_list_is_replaced_whole() -> None:
    world = booked()
    guests = [Guest(name="Clara", room="101", diet="vegan"), Guest(name="Carlos", room_type="double")]
    (step,) = world.do(booking.set_rooming, guests, CLIENT_ACTOR)
    assert (step.event.name, step.event.data["fields"]) == ("booking.changed", ["rooming"])
    assert of(world).rooming == tuple(guests)
    assert world.do(booking.set_rooming, guests, CLIENT_ACTOR) == ()


@pytest.mark.parametrize("command", [booking.cancel, rfq.cancel])
def test_cancelling_ends_booking_and_quotation_alike(command: Any) -> None:
    world = booked()
    cancelled, over = world.do(command, "flood", ANA)
    assert (cancelled.event.name, over.event.name) == ("booking.cancelled", "quotation.cancelled")
    assert (world.q.state, world.q.cancel_reason, of(world).status) == ("cancelled", "flood", "cancelled")
    assert line(world).state == "cancelled"
    assert world.q.invitations["plaza"].state == "not_selected"
    assert world.q.chosen is not None
    with refused("quotation.wrong_state"):
        world.do(command, "again", ANA)
    with refused("quotation.wrong_state"):
        world.do(booking.set_rooming, [], ANA)


def test_cancelling_a_booking_needs_a_reason_and_leaves_a_declined_line_declined() -> None:
    world = booked()
    world.do(booking.decline_line, line(world).id, "", staff(PLAZA))
    with refused("command.invalid", "reason"):
        world.do(booking.cancel, "", ANA)
    world.do(booking.cancel, "no hotel", ANA)
    assert line(world).state == "declined"
