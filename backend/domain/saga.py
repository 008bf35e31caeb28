"""What a booking needs next: a pure state machine over the document.

    forward   deposit → hotels → guides, transport → documents → confirmation; a step begins when those that it depends
              on are settled, and those that depend on nothing of each other go on side by side
    back      once the booking is called off, what was done is undone the other way round, one step after the other

`plan` says which actions are to be done now. Whoever runs it does them, each as often as it takes, and asks again: an
action that has had its effect is in no later plan, and one that is in no plan any more has none. So a crash anywhere is
mended by asking again. What people, hotels and time do changes the document, and with it the plan.
"""

from datetime import datetime
from typing import Final, Literal

import msgspec

from backend.domain.bookings import STEPS, Booking
from backend.domain.due import next_due
from backend.domain.holding import STEP_OF, open_needs, to_release
from backend.domain.invitations import competing
from backend.domain.offers import Offer
from backend.domain.payments import open_order, refund_owed, waiting_for
from backend.domain.quotation import Quotation
from backend.domain.ranking import rank

ActionName = Literal[
    "request_deposit", "ask_hotel", "assign", "release", "issue_documents", "confirm", "call_off", "undo", "refund"
]

_PAST: Final = frozenset({"not_needed", "undone", "failed"})


class Action(msgspec.Struct, frozen=True, order=True):
    """Something to be done now, once. `subject` is what it is about: an offer, a step, a payment."""

    name: ActionName
    subject: str = ""

    @property
    def id(self) -> str:
        """Tells it from the booking's other actions."""
        return f"{self.name}:{self.subject}"


class Plan(msgspec.Struct, frozen=True):
    """`actions` may be done side by side. Without any, nothing is to be done before something happens to the booking or
    `wake_at` comes. `over` is when nothing ever will be."""

    actions: tuple[Action, ...] = ()
    wake_at: datetime | None = None
    over: bool = False


def plan(q: Quotation, now: datetime) -> Plan:
    """What the booking of `q` needs at `now`, which no time has overtaken: see `due.due`."""
    booking = q.booking
    if booking is None or booking.status == "completed":
        return Plan(over=True)
    if booking.status == "cancelled":
        return _back(q, booking)
    releases = tuple(Action("release", hold.id) for hold in to_release(booking))
    return Plan((*releases, *_forward(q, booking)), next_due(q))


def next_offer(q: Quotation, booking: Booking) -> Offer | None:
    """The best offer that competes and was not asked for this booking; the chosen one comes first."""
    asked = {line.offer_id for line in booking.lines.values()}
    open_offers = {offer.id: offer for offer in competing(q) if offer.id not in asked}
    chosen = q.award.offer_id if q.award else ""
    if chosen in open_offers:
        return open_offers[chosen]
    return next((open_offers[id_] for id_ in rank(q) if id_ in open_offers), None)


def _forward(q: Quotation, booking: Booking) -> tuple[Action, ...]:
    for name in STEPS:
        if booking.steps[name].state == "failed":
            return (Action("call_off", name),)
    if booking.steps["deposit"].state == "waiting" or open_order(booking, "deposit"):
        return (Action("request_deposit"),)
    if not booking.settled("deposit"):
        return ()
    if not booking.settled("hotels"):
        return _hotels(q, booking)
    if not booking.settled("guides", "transport"):
        return tuple(Action("assign", need.key) for need in open_needs(q, booking))
    if not booking.settled("documents"):
        return (Action("issue_documents"),)
    return () if booking.settled("confirmation") else (Action("confirm"),)


def _hotels(q: Quotation, booking: Booking) -> tuple[Action, ...]:
    if booking.live_lines:
        return ()
    offer = next_offer(q, booking)
    return (Action("ask_hotel", offer.id),) if offer else (Action("call_off", "hotels"),)


def _back(q: Quotation, booking: Booking) -> Plan:
    """The deposit is the first step and so the last to be undone; money that comes late is given back all the same."""
    left = [name for name in reversed(STEPS) if booking.steps[name].state not in _PAST]
    for name in reversed(STEPS[1:]):
        kinds = [kind for kind, of in STEP_OF.items() if of == name]
        if holds := to_release(booking, kinds):
            return Plan(tuple(Action("release", hold.id) for hold in holds))
        if name in left:
            return Plan((Action("undo", name),))
    if owed := refund_owed(q):
        return Plan((Action("refund", owed.of),))
    if order := open_order(booking, "refund"):
        return Plan((Action("refund", order.of),))
    if waiting_for(booking, "refund"):
        return Plan()
    return Plan((Action("undo", left[0]),)) if left else Plan(over=True)
