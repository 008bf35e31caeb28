"""The inbox over the socket: a page after each connect, and the acks that take items out of it [D8]."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from backend.services import inbox
from realtime import wire
from realtime.dispatch import Done
from realtime.handlers.payloads import Ack, parse
from realtime.live import Live
from realtime.sessions import Session
from realtime.tasks import patiently


async def send_page(live: Live, session: Session) -> None:
    """Sends the oldest items that wait, once the database answers; an empty page says that there is none."""
    await patiently(partial(_send_page, live, session))


async def _send_page(live: Live, session: Session) -> None:
    if not session.open:
        return
    user = session.principal.user_id
    waits = (await live.waiting((user,)))[user]
    page = await inbox.page(live.deps, session.principal, live.inbox_page) if waits else inbox.EMPTY
    if waits:
        await live.authority.confirm((session,))
    if session.open:
        session.link.send(wire.event("inbox.page", wire.encode(page)))


async def ack(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """`inbox.ack`; ids that are unknown or acked already are no error."""
    asked = parse(payload, Ack)
    return Done(wire.encode(await inbox.ack(live.deps, session.principal, asked.ids)))
