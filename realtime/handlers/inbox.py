"""The inbox over the socket: a page after each connect, acks that take items out, and the page after those [D8]."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from backend.services import inbox
from realtime import wire
from realtime.dispatch import Done
from realtime.handlers.payloads import Ack, parse
from realtime.live import Live
from realtime.sessions import NO_ITEMS, Session
from realtime.tasks import patiently


async def send_page(live: Live, session: Session) -> None:
    """Sends the oldest items that wait, once the database answers; an empty page says that there is none."""
    await patiently(partial(_send_page, live, session))


async def _send_page(live: Live, session: Session) -> None:
    if not session.open:
        return
    user = session.principal.user_id
    waits = (await live.waiting((user,)))[user]
    page = await inbox.page(live.deps, session.principal, live.inbox_page, live.inbox_most) if waits else inbox.EMPTY
    if waits:
        await live.authority.confirm((session,))
    if session.open:
        more = page["left"] > len(page["items"])
        session.page = frozenset(item["id"] for item in page["items"]) if more else NO_ITEMS
        session.link.send(wire.event("inbox.page", wire.encode(page)))


async def ack(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """`inbox.ack`; ids that are unknown or acked already are no error. After the last of a page comes the next."""
    asked = parse(payload, Ack)
    done = await inbox.ack(live.deps, session.principal, asked.ids)
    through = [one for one in live.sessions.of(session.principal.user_id) if _is_through(one, asked.ids)]
    return Done(wire.encode(done), partial(_go_on, live, through) if through else None)


def _is_through(session: Session, acked: tuple[str, ...]) -> bool:
    """Whether nothing is left of the page that a session had, be it that it was acked by another of its person's."""
    before = session.page
    session.page = before.difference(acked) or NO_ITEMS
    return bool(before) and not session.page


def _go_on(live: Live, sessions: list[Session]) -> None:
    for session in sessions:
        live.spawn(send_page(live, session))
