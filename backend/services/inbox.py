"""A person's inbox: what waits for them, seen under the rights they have today. [D8]"""

from collections.abc import Collection, Mapping
from typing import Any

from backend.domain.principals import Principal
from backend.services.deps import Deps
from backend.services.records import Notification
from privacy.audiences import audience_of
from privacy.notifications import notification_view

PAGE = 50
EMPTY: Mapping[str, Any] = {"items": [], "left": 0}
"""The page of a person for whom nothing waits."""


async def page(deps: Deps, principal: Principal, limit: int = PAGE) -> dict[str, Any]:
    """The oldest unacked items, `{items, left}`; `left` counts all that wait, these among them.

    An item about something that the person may no longer see is dropped for good.
    """
    waiting, left = await deps.db.unread(principal.user_id, limit)
    items = {one.id: await _item(deps, principal, one) for one in waiting}
    lost = [id_ for id_, item in items.items() if item is None]
    if lost:
        left = await deps.db.ack(principal.user_id, lost)
    return {"items": [item for item in items.values() if item is not None], "left": left}


async def waiting(deps: Deps, user_ids: Collection[str]) -> dict[str, bool]:
    """Whether something waits, for each of the users."""
    those = await deps.db.waiting(user_ids)
    return {user_id: user_id in those for user_id in user_ids}


async def ack(deps: Deps, principal: Principal, ids: Collection[str]) -> dict[str, int]:
    """Forgets the principal's own items with these ids; others' are untouched, without a word."""
    return {"left": await deps.db.ack(principal.user_id, ids)}


async def _item(deps: Deps, principal: Principal, notification: Notification) -> dict[str, Any] | None:
    quotation = await deps.db.quotation(notification.quotation_id) if notification.quotation_id else None
    audience = audience_of(principal, quotation) if quotation else None
    return notification_view(notification.kind, quotation, audience, notification.id, notification.at)
