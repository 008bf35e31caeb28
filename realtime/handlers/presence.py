"""`presence.update`: what somebody has in focus, and whether they type."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from backend.domain.refusals import Forbidden
from realtime import wire
from realtime.dispatch import Done
from realtime.handlers.payloads import Update, parse
from realtime.live import Live
from realtime.sessions import Session


async def update(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """Takes the change and answers at once; who hears of it, and when, is not the sender's to know."""
    asked = parse(payload, Update)
    if session.channel_of(asked.room) is None:
        raise Forbidden(wire.FORBIDDEN_ROOM, "You are not in that room.")
    given = {"focus": asked.focus, "typing": asked.typing}
    live.presence.update(session, asked.room, {name: value for name, value in given.items() if value is not UNSET})
    return Done(b"{}")
