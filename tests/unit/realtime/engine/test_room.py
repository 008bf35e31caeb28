"""[S2.6] A node that has no room for more sessions says so, and has room again once some are gone."""

import pytest

from realtime.engine.handshake import Refused, Request, refusal
from realtime.engine.packets import REASON
from realtime.engine.server import Engine

pytestmark = pytest.mark.asyncio

QUERY = b"EIO=4&transport=websocket"


def _request(query: bytes = QUERY) -> Request:
    return Request("GET", "/socket.io/", query, {}, "http", lambda: None)


async def test_who_does_not_fit_is_refused_until_somebody_leaves() -> None:
    """With 503 and when to come back; who is in stays in and may change their transport."""
    engine = Engine(max_sessions=2)
    first, _ = (engine.open(_request()) for _ in range(2))
    with pytest.raises(Refused) as caught:
        engine.admit_websocket(_request())
    assert refusal(caught.value).startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After: 1" in refusal(caught.value)
    assert engine.admit_websocket(_request(QUERY + b"&sid=" + first.sid.encode())) is first
    first.close(REASON.SERVER_DISCONNECT)
    assert engine.admit_websocket(_request()) is None
