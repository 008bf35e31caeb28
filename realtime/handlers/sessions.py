"""`session.refresh`: the same person goes on with a newer token."""

from collections.abc import Mapping
from typing import Any

from privacy.wire import time_text
from realtime import wire
from realtime.dispatch import Done
from realtime.handlers.payloads import Refresh, parse
from realtime.live import Live
from realtime.sessions import Session


async def refresh(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """Verifies the token like a connect does; the session then lasts as long as it."""
    token = parse(payload, Refresh).token
    verified = live.signer.verify(token, live.deps.now())
    live.sessions.renew(session, verified.principal, verified.expires_at)
    return Done(wire.encode({"expires_at": time_text(session.expires_at)}))
