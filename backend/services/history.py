"""What happened: a quotation's timeline as its viewer heard it, and stored history played into projections."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from backend.domain.events import Event
from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.services import reads
from backend.services.deps import Deps
from backend.services.paging import PAGE, Item, opened, page
from backend.services.ports import History
from backend.services.records import StoredEvent
from privacy.audiences import actor_view, kind
from privacy.wire import time_text

_AT_ONCE = 500
S = TypeVar("S")


async def timeline(deps: Deps, principal: Principal, quotation_id: str, cursor: str | None, limit: int = PAGE) -> Item:
    """What the viewer's audience was told of a quotation, the oldest first: under the names it heard, and by whom where
    it may know that. Nothing tells how much else there was. [P2]

    Raises:
        Refusal: `quotation.not_found`.
    """
    after = opened(cursor)
    found, audience = await reads.theirs(deps, principal, quotation_id)
    reads.record(deps, principal, found, "quotation.timeline_read")
    told: list[tuple[str, Item]] = []
    async for stored in events(deps.db, quotation_id, after):
        if audience in stored.heard:
            told.append((stored.event.id, _told(stored, found, audience)))
            if len(told) > limit:
                break
    return page(told, limit)


def _told(stored: StoredEvent, found: Quotation, audience: str) -> Item:
    event = stored.event
    return {
        "id": event.id,
        "at": time_text(event.at),
        "name": stored.heard[audience],
        "by": actor_view(event.by, audience, found) if _may_know(event, audience) else None,
    }


def _may_know(event: Event, audience: str) -> bool:
    """Whether the audience knows who did it: staff always do, others of what they did themselves."""
    by = event.by
    own = f"{by.kind}:{by.hotel_id if by.kind == 'hotel' else by.id}"
    return kind(audience) in ("admin", "agency") or audience == own


async def events(db: History, quotation_id: str | None = None, after: str | None = None) -> AsyncIterator[StoredEvent]:
    """Stored events, of one quotation in their order or of all by time, from the one after the id `after`."""
    while True:
        if quotation_id is None:
            some = await db.happened(after, _AT_ONCE)
        else:
            some = await db.history(quotation_id, after, _AT_ONCE)
        for stored in some:
            yield stored
        if len(some) < _AT_ONCE:
            return
        after = some[-1].event.id


@dataclass(frozen=True, slots=True)
class Projection(Generic[S]):
    """Something that follows from events alone: what there is before any, and what one makes of it."""

    start: Callable[[], S]
    apply: Callable[[S, StoredEvent], S]


async def replay(db: History, projection: Projection[S], quotation_id: str | None = None) -> S:
    """The projection of one quotation's history, or of all there is; the same however often it is made."""
    state = projection.start()
    async for stored in events(db, quotation_id):
        state = projection.apply(state, stored)
    return state
