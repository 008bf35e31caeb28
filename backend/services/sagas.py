"""The booking's saga, carried out: each action in as many commits as it needs, each of them once.

Whatever an action does outside the document (a gateway) it does under an id that the document has from a commit
before, so that doing it again is the same. A commit decides on the document as it is then: an action that is not in
its plan has no effect any more.
"""

from collections.abc import Callable
from typing import Final

from backend.domain import performing, saga
from backend.domain.bookings import PaymentKind
from backend.domain.due import due
from backend.domain.events import Context, Steps
from backend.domain.payments import intended, open_order, ordered
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal, booking_not_found
from backend.domain.saga import Action, Plan
from backend.services import holding
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.payment_ports import Gateway
from backend.services.records import Change, Order, Target
from backend.services.usecase import commit

Effect = Callable[[Quotation, Context], Steps]

_MOST: Final = 200
"""Rounds that a booking may need at once; more means that its plan never ends."""


async def plan(deps: Deps, booking_id: str) -> Plan:
    """What the booking needs now, after what time has done to it.

    Raises:
        Refusal: booking.not_found.
    """
    q = await _quotation(deps, booking_id)
    if due(q, deps.context()):
        await _commit(deps, booking_id, lambda _q, _ctx: ())
        q = await _quotation(deps, booking_id)
    return saga.plan(q, deps.now())


async def perform(deps: Deps, booking_id: str, action: Action) -> None:
    """Does it, if it is still to be done. Any error but a refusal is worth another try.

    Raises:
        Refusal: it can never work; tell `failed`.
    """

    async def planned(effect: Effect) -> None:
        await _commit(deps, booking_id, _if_planned(action, effect))

    match action.name:
        case "request_deposit":
            await _order(deps, booking_id, action, "deposit")
        case "refund":
            await _order(deps, booking_id, action, "refund")
        case "assign":
            await holding.assign(deps, await _quotation(deps, booking_id), action.subject, planned)
        case "release":
            await holding.release(deps, action, planned)
        case "ask_hotel":
            await holding.take_rooms(deps, await _quotation(deps, booking_id), action.subject, planned)
            await planned(lambda q, ctx: performing.ask_hotel(q, action.subject, ctx))
        case _:
            await planned(lambda q, ctx: performing.perform(q, action, ctx))


async def failed(deps: Deps, booking_id: str, action: Action, code: str) -> None:
    """The action can never work, for the reason `code`: the plan goes on without it."""
    await _commit(deps, booking_id, _if_planned(action, lambda q, ctx: performing.failed(q, action, code, ctx)))


async def advance(deps: Deps, booking_id: str) -> Plan:
    """Does whatever the booking needs now; what it then waits for."""
    for _ in range(_MOST):
        now = await plan(deps, booking_id)
        if not now.actions:
            return now
        for action in now.actions:
            try:
                await perform(deps, booking_id, action)
            except Refusal as refusal:
                await failed(deps, booking_id, action, refusal.code)
    raise RuntimeError(f"booking {booking_id} never comes to rest")


async def _order(deps: Deps, booking_id: str, action: Action, kind: PaymentKind) -> None:
    gateway = _gateway(deps)
    await _commit(deps, booking_id, _if_planned(action, lambda q, ctx: intended(q, kind, gateway.name, ctx)))
    booking = (await _quotation(deps, booking_id)).booking
    payment = open_order(booking, kind) if booking else None
    if payment is None:
        return
    order = Order(id=payment.id, booking_id=booking_id, amount=payment.amount, of=payment.of)
    reference = await (gateway.refund(order) if kind == "refund" else gateway.request(order))

    def known(q: Quotation, ctx: Context) -> Steps:
        return ordered(q, payment, reference, ctx) if q.booking and open_order(q.booking, kind) == payment else ()

    await _commit(deps, booking_id, known)


def _gateway(deps: Deps) -> Gateway:
    for gateway in deps.gateways.values():
        return gateway
    raise Refusal("payment.refused", "There is no gateway.")


def _if_planned(action: Action, effect: Effect) -> Effect:
    def decide(q: Quotation, ctx: Context) -> Steps:
        return effect(q, ctx) if action in saga.plan(q, ctx.now).actions else ()

    return decide


async def _commit(deps: Deps, booking_id: str, effect: Effect) -> None:
    context = deps.context()

    def decision(q: Quotation | None) -> Change:
        if q is None:
            raise booking_not_found()
        overdue = due(q, context)
        steps = (*overdue, *effect(overdue[-1].after if overdue else q, context))
        return change_of(deps, q, steps, lambda _: {})

    await commit(deps, Target(booking_id=booking_id), decision)


async def _quotation(deps: Deps, booking_id: str) -> Quotation:
    q = await deps.db.quotation_of_booking(booking_id)
    if q is None:
        raise booking_not_found()
    return q
