"""What follows acceptance."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from backend.domain import booking, rfq
from backend.domain.bookings import Booking, BookingLine, Guest
from backend.domain.terms import Deposit
from tests.support.domain import ADMIN, ANA, CLIENT_ACTOR, MIRADOR, PLAZA, World, staff, terms
from tests.unit.domain.refusing import refused

DEPOSIT = Deposit(required=True, percent=Decimal(30))


def booked(deposit: Deposit | None = None) -> World:
    world = World(asked=terms(deposit=deposit or Deposit()))
    world.publish()
    world.offer(PLAZA)
    world.offer(MIRADOR)
    world.award(PLAZA)
    world.accept()
    return world


def of(world: World) -> Booking:
    assert world.q.booking is not None
    return world.q.booking


def line(world: World) -> BookingLine:
    return next(iter(of(world).lines.values()))


def steps(world: World) -> dict[str, str]:
    return {name: step.state for name, step in of(world).steps.items()}


@pytest.mark.parametrize(("deposit", "state"), [(Deposit(), "not_needed"), (DEPOSIT, "waiting")])
def test_a_booking_has_a_line_for_the_chosen_offer_and_its_steps(deposit: Deposit, state: str) -> None:
    world = booked(deposit)
    assert (of(world).status, steps(world)) == ("pending", {"deposit": state, "hotels": "waiting"})
    assert (line(world).hotel_id, line(world).offer_id, line(world).state) == (
        "plaza",
        world.offer_id(PLAZA),
        "pending",
    )
    assert of(world).reference.isalnum()
    assert len(of(world).reference) == 8


def test_it_is_confirmed_when_the_hotel_holds_it_and_no_deposit_is_needed() -> None:
    world = booked()
    changed, confirmed = world.do(booking.confirm_line, line(world).id, staff(PLAZA))
    assert (changed.event.name, confirmed.event.name) == ("booking.step_changed", "booking.confirmed")
    assert changed.event.data["line_id"] == line(world).id
    assert (world.q.state, of(world).status, steps(world)["hotels"]) == ("confirmed", "confirmed", "done")


@pytest.mark.parametrize("paid_first", [True, False])
def test_a_required_deposit_and_the_hotels_come_in_any_order(paid_first: bool) -> None:
    world = booked(DEPOSIT)
    acts: list[Any] = [
        lambda: world.do(booking.pay_deposit, ADMIN),
        lambda: world.do(booking.confirm_line, line(world).id, staff(PLAZA)),
    ]
    first, second = acts if paid_first else acts[::-1]
    assert len(first()) == 1
    assert world.q.state == ("deposit_paid" if paid_first else "accepted")
    assert [step.event.name for step in second()] == ["booking.step_changed", "booking.confirmed"]
    assert world.q.state == "confirmed"


def test_several_lines_are_all_needed() -> None:
    world = booked()
    other = replace(line(world), id="other", hotel_id="mirador")
    two = replace(world.q, booking=replace(of(world), lines={**of(world).lines, "other": other}))
    (step,) = booking.confirm_line(two, "other", staff(MIRADOR), world.clock.context())
    assert step.after.booking is not None
    assert step.after.booking.steps["hotels"].state == "waiting"


def test_a_deposit_is_paid_once() -> None:
    world = booked(DEPOSIT)
    world.do(booking.pay_deposit, ADMIN)
    for one in (world, booked()):
        with refused("quotation.wrong_state"):
            one.do(booking.pay_deposit, ADMIN)


def test_a_hotel_that_cannot_hold_it_says_so_once() -> None:
    world = booked()
    world.do(booking.decline_line, line(world).id, "overbooked", staff(PLAZA))
    assert (line(world).state, line(world).reason, steps(world)["hotels"]) == ("declined", "overbooked", "failed")
    assert of(world).status == "pending"
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
