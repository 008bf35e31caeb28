"""A person's inbox: what waits for them, seen under the rights they have today. [D8]"""

from collections.abc import Collection, Mapping
from typing import Any

from backend.domain.principals import Principal
from backend.services.changes import encode_frame
from backend.services.deps import Deps
from backend.services.records import Change, Notification, Target
from backend.services.usecase import commit
from privacy.audiences import audience_of
from privacy.notifications import notification_view

PAGE = 50
MOST = 1_000
EMPTY: Mapping[str, Any] = {"items": [], "left": 0, "dropped": 0}
"""The page of a person for whom nothing waits."""
READ = "inbox.read"
"""The fact by which a person's other devices hear of an ack."""


async def page(deps: Deps, principal: Principal, limit: int = PAGE, most: int = MOST) -> dict[str, Any]:
    """The oldest unacked items, `{items, left, dropped}`; `left` counts all that wait, these among them, and `dropped`
    those that waited too long or were more than `most`, since something was acked.

    An item about something that the person may no longer see is dropped for good, and nobody's business.
    """
    user_id = principal.user_id
    waiting, left = await deps.db.unread(user_id, limit)
    if left > most:
        await deps.db.drop_oldest(user_id, most)
        waiting, left = await deps.db.unread(user_id, limit)
    items = {one.id: await _item(deps, principal, one) for one in waiting}
    lost = [id_ for id_, item in items.items() if item is None]
    dropped = await deps.db.dropped(user_id)
    if lost:
        _, left = await deps.db.ack(user_id, lost)
    return {"items": [item for item in items.values() if item is not None], "left": left, "dropped": dropped}


async def waiting(deps: Deps, user_ids: Collection[str]) -> dict[str, bool]:
    """Whether something waits, for each of the users."""
    those = await deps.db.waiting(user_ids)
    return {user_id: user_id in those for user_id in user_ids}


async def ack(deps: Deps, principal: Principal, ids: Collection[str]) -> dict[str, int]:
    """Forgets the principal's own items with these ids, and tells their other devices; others' items are untouched,
    without a word."""
    acked, left = await deps.db.ack(principal.user_id, ids)
    if acked:
        await _tell(deps, principal, acked)
    return {"left": left}


async def _tell(deps: Deps, principal: Principal, acked: Collection[str]) -> None:
    frame = encode_frame(
        room=f"user:{principal.user_id}",
        audience="self",
        name=READ,
        frame_id=deps.new_id(),
        at=deps.now(),
        by=None,
        data={"change": {"notifications": dict.fromkeys(sorted(acked))}},
    )
    change = Change(answer=b"{}", frames=(frame,))
    await commit(deps, Target(by=principal), lambda _: change)


async def _item(deps: Deps, principal: Principal, notification: Notification) -> dict[str, Any] | None:
    quotation = await deps.db.quotation(notification.quotation_id) if notification.quotation_id else None
    audience = audience_of(principal, quotation) if quotation else None
    return notification_view(notification.kind, quotation, audience, notification.id, notification.at)
