"""What follows an event: notifications to people, and how it goes on. Idempotent: the relay may hand an event twice."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from backend.domain.events import Event
from backend.domain.mentions import names
from backend.domain.quotation import Quotation
from backend.services import dashboard, payments, repricing
from backend.services.auth import principal_of
from backend.services.changes import encode_frame
from backend.services.deps import Deps
from backend.services.following import follow
from backend.services.records import Change, Key, Notification, OutFrame, StoredEvent, Target, User
from backend.services.usecase import commit
from privacy.audiences import AGENCY, audience_of, hotel_audience, kind
from privacy.notifications import notification_view

NOTIFIED = {
    "hotel": frozenset(
        {
            "invitation.received",
            "invitation.closed",
            "offer.selected",
            "offer.not_selected",
            "hotel.reserved",
            "booking.cancelled",
        }
    ),
    "client": frozenset(
        {
            "quotation.awarded",
            "quotation.cancelled",
            "quotation.expired",
            "booking.confirmed",
            "booking.cancelled",
            "payment.requested",
            "payment.received",
            "payment.failed",
            "payment.refunded",
        }
    ),
    "agency": frozenset(
        {
            "quotation.accepted",
            "quotation.rejected",
            "quotation.expired",
            "quotation.closed",
            "quotation.granted",
            "hotel.confirmed",
            "guide.confirmed",
            "guide.declined",
            "booking.confirmed",
            "booking.cancelled",
            "payment.received",
            "payment.failed",
            "payment.refunded",
        }
    ),
    "guide": frozenset({"guide.assigned", "booking.confirmed", "booking.changed", "booking.cancelled"}),
}
"""Which wire names, once an audience heard them, are addressed to its people in person."""

BY_THEMSELVES = frozenset({"quotation.deadline_near", "offer.submitted"})
"""Events that owe something to people whatever their audiences heard."""


async def react(deps: Deps, stored: StoredEvent) -> None:
    """Notifies those who should know of the event in person, and carries on with what it is about."""
    if stored.event.name == "payment.noticed":
        await payments.apply(deps, stored.event)
        return
    await _notify_of(deps, stored)
    await repricing.follow(deps, stored)
    await follow(deps, stored)
    await dashboard.count(deps, stored)


async def _notify_of(deps: Deps, stored: StoredEvent) -> None:
    """The actor knows already."""
    if not _may_owe(stored):
        return
    quotation = await deps.db.quotation(stored.quotation_id) if stored.quotation_id else None
    if quotation is None:
        return
    owed = [
        (name, user)
        for name, audience in _addressed(quotation, stored)
        for user in await people_of(deps, quotation, audience)
    ]
    owed += [("mention", user) for user in await _mentioned(deps, quotation, stored.event)]
    told = [(name, user) for name, user in owed if user.id != stored.event.by.id]
    await notify(deps, quotation, told, stored.event.id, stored.event.at)
    if stored.event.name == "offer.submitted" and _enough(quotation):
        people = await people_of(deps, quotation, "agency")
        owed = [("quotation.min_offers", user) for user in people]
        await notify(deps, quotation, owed, f"min-{quotation.id}", stored.event.at)


def _may_owe(stored: StoredEvent) -> bool:
    """Whether it is worth looking at the quotation: most events are edits that owe nobody anything."""
    addressed = any(name in NOTIFIED.get(kind(audience), ()) for audience, name in stored.heard.items())
    return addressed or stored.event.name in BY_THEMSELVES or bool(stored.event.data.get("mentions"))


def _addressed(quotation: Quotation, stored: StoredEvent) -> Iterator[tuple[str, str]]:
    """To the people of which audiences something is addressed in person, and under which name."""
    if stored.event.name == "quotation.deadline_near" and _still_near(quotation):
        asked = [hotel_id for hotel_id, invited in quotation.invitations.items() if invited.state == "open"]
        yield from (("deadline.near", audience) for audience in (AGENCY, *map(hotel_audience, asked)))
    for audience, name in sorted(stored.heard.items()):
        if name in NOTIFIED.get(kind(audience), ()):
            yield name, audience


def _still_near(quotation: Quotation) -> bool:
    """Neither closed meanwhile nor extended, which has a reminder of its own."""
    return quotation.state == "published" and quotation.remind_at is None


def _enough(quotation: Quotation) -> bool:
    live = [offer for offer in quotation.offers.values() if offer.state in ("submitted", "revised")]
    return len(live) >= quotation.terms.min_offers


async def _mentioned(deps: Deps, quotation: Quotation, event: Event) -> list[User]:
    """Whom the notes newly address: people of the quotation's own agency, and nobody else whatever stands there."""
    mentions: list[str] = event.data.get("mentions", [])
    colleagues = await people_of(deps, quotation, AGENCY) if mentions else ()
    return [user for user in colleagues if any(names(mention, user.email) for mention in mentions)]


async def people_of(deps: Deps, quotation: Quotation, audience: str) -> tuple[User, ...]:
    """Those of an audience of the quotation's; none of one that has no people of its own."""
    match kind(audience):
        case "agency":
            return await deps.db.users_of(company_id=quotation.company.id, role="agent")
        case "hotel":
            return await deps.db.users_of(hotel_id=audience.partition(":")[2], role="hotel")
        case "client" | "guide":
            user = await deps.db.user(audience.partition(":")[2])
            return (user,) if user else ()
        case _:
            return ()


async def notify(deps: Deps, quotation: Quotation, owed: Iterable[tuple[str, User]], once: str, at: datetime) -> None:
    """Puts it into their inboxes, once.

    `at` is when it happened: an inbox is in the order of facts; that of reactions tells how busy others were.
    """
    made = [_notification(deps, quotation, kind_, user, at) for kind_, user in owed]
    if not made:
        return
    change = Change(
        answer=b"{}",
        notifications=tuple(notification for notification, _ in made),
        frames=tuple(frame for _, frames in made for frame in frames),
    )
    key = Key(user_id="system", command="react", key=once, payload_hash=b"")
    await commit(deps, Target(key=key), lambda _: change)


def _notification(
    deps: Deps, quotation: Quotation, kind_: str, user: User, at: datetime
) -> tuple[Notification, tuple[OutFrame, ...]]:
    made = Notification(id=deps.new_id(), user_id=user.id, at=at, kind=kind_, quotation_id=quotation.id)
    audience = audience_of(principal_of(user), quotation)
    item = notification_view(kind_, quotation, audience, made.id, made.at)
    if item is None:
        return made, ()
    frame = encode_frame(
        room=f"user:{user.id}",
        audience="self",
        name="notification.created",
        frame_id=made.id,
        at=made.at,
        by=None,
        data={"change": {"notifications": {made.id: item}}},
    )
    return made, (frame,)
