"""`session.refresh`: the same person goes on with a newer token."""

from collections.abc import Mapping
from typing import Any

from backend.domain.refusals import revoked
from privacy.wire import time_text
from realtime import wire
from realtime.dispatch import Done
from realtime.handlers.payloads import Refresh, parse
from realtime.live import Live
from realtime.sessions import Session


async def refresh(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """Verifies the token like a connect does; the session then lasts as long as it."""
    token = parse(payload, Refresh).token
    verified = await live.tokens.session(token)
    await live.authority.require_principal(verified.principal)
    if not session.open:
        raise revoked()
    live.sessions.renew(session, verified.principal, verified.expires_at)
    # The token's login may have ended since it was looked at, when nobody here had come by it.
    await live.authority.require(session)
    live.keeper.changed(session)
    return Done(wire.encode({"expires_at": time_text(session.expires_at)}))
