"""The saga of a booking on a `World`, without a database: what the services would commit, and a gateway that obeys."""

from decimal import Decimal

from backend.domain import holding, performing, saga
from backend.domain.bookings import Booking, BookingLine, Hold, HoldState, PaymentKind
from backend.domain.events import Steps
from backend.domain.payments import Notice, Outcome, intended, open_order, ordered, told
from backend.domain.saga import Action, Plan
from tests.support.domain import World


def booking_of(world: World) -> Booking:
    assert world.q.booking is not None
    return world.q.booking


def plan_of(world: World) -> Plan:
    """What the booking needs, after what time has done to it."""
    world.settle()
    return saga.plan(world.q, world.clock.now)


def carry_out(world: World, action: Action) -> None:
    """Does one action of the plan."""
    if action.name == "assign":
        take(world, action.subject)
        return
    if action.name == "ask_hotel":
        take_rooms(world, action.subject)
    if action.name == "release":
        world.do(holding.released, action.subject)
        return
    kind: PaymentKind = "refund" if action.name == "refund" else "deposit"
    if action.name not in ("request_deposit", "refund"):
        world.do(performing.perform, action)
        return
    world.do(intended, kind, "local")
    order = open_order(booking_of(world), kind)
    assert order is not None
    world.do(ordered, order, f"reference of {order.id}")


def take_rooms(world: World, offer_id: str) -> None:
    """The hotel has an allotment, and rooms in it."""
    wanted = holding.nights(world.q.terms)
    assert wanted is not None
    first, last, rooms = wanted
    hold = Hold(
        id=f"hold-{len(booking_of(world).holds)}",
        kind="allotment",
        resource_id=world.q.offers[offer_id].hotel_id,
        name="The hotel",
        need=offer_id,
        first=first,
        last=last,
        rooms=rooms,
        at=world.clock.now,
    )
    world.do(holding.taking, [hold])
    world.do(holding.settled, offer_id, "held")


def take(world: World, key: str, state: HoldState = "held", vehicles: int = 1) -> None:
    """Somebody who fits is found for a need of the programme, and free or not."""
    need = next(one for one in holding.needs(world.q.terms) if one.key == key)
    first = len(booking_of(world).holds)
    holds = [
        Hold(
            id=f"hold-{number}",
            kind=need.kind,
            resource_id=f"{key}-{number}",
            name=f"Somebody for {key}",
            need=key,
            first=need.wanted.first,
            last=need.wanted.last,
            score=Decimal(80),
            user_id=_login(world) if need.kind == "guide" else "",
            at=world.clock.now,
        )
        for number in range(first, first + vehicles)
    ]
    world.do(holding.taking, holds)
    world.do(holding.settled, key, state)


def _login(world: World) -> str:
    """The best guide with a login who was not asked yet; none of them once all were."""
    asked = {hold.user_id for hold in booking_of(world).holds.values()}
    return next((one for one in world.guides if one not in asked), "")


def assignment_of(world: World, user_id: str) -> Hold:
    """That guide's newest."""
    return [hold for hold in booking_of(world).holds.values() if hold.user_id == user_id][-1]


def fail(world: World, action: Action, code: str = "payment.refused") -> Steps:
    """The action can never work."""
    return world.do(performing.failed, action, code)


def carry_on(world: World) -> Plan:
    """Does all that is to be done now; refunds arrive at once."""
    for _ in range(100):
        plan = plan_of(world)
        for action in plan.actions:
            carry_out(world, action)
        if not plan.actions and not pay(world, "refund"):
            return plan
    raise AssertionError("the plan never comes to rest")


def pay(world: World, kind: PaymentKind = "deposit", outcome: Outcome = "received") -> Steps:
    """The gateway says so of what it was last asked for; nothing where it was asked for nothing of the kind."""
    payments = world.q.booking.payments.values() if world.q.booking else ()
    asked = [one for one in payments if one.kind == kind and one.state != "received"]
    if not asked or not asked[-1].reference:
        return ()
    notice = Notice(
        gateway="local",
        external_id=f"{asked[-1].id}-{outcome}",
        booking_id=booking_of(world).id,
        payment_id=asked[-1].id,
        outcome=outcome,
        amount=asked[-1].amount,
        reference=asked[-1].reference,
        at=world.clock.now,
    )
    return world.do(told, notice)


def line_of(world: World) -> BookingLine:
    """The newest line."""
    return list(booking_of(world).lines.values())[-1]


def states_of(world: World) -> dict[str, str]:
    """Where each step stands."""
    return {name: step.state for name, step in booking_of(world).steps.items()}
