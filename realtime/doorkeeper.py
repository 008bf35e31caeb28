"""Who may ask for a new connection, by address: decided from the request alone, before anything is made for it. [S2]"""

from collections.abc import Callable, Collection
from math import ceil

from backend.domain.refusals import Refusal
from backend.services.limits import Limiter
from realtime import metrics
from realtime.engine.handshake import Refused, Request

Admit = Callable[[Request], None]


def doorkeeper(rate: float, burst: float, trusted: Collection[str], clock: Callable[[], float]) -> Admit:
    """What raises `Refused` (429) for an address that asks for more than `rate` connections a second, `burst` at once.

    `trusted` are the proxies whose word on the address is believed; who comes by one of them without such a word, or
    from its machine, cannot be told from others and is not limited. After login it is the user who counts.
    """
    limiter = Limiter(rate, burst, clock)

    def admit(request: Request) -> None:
        address = address_of(request, trusted)
        if address is None:
            return
        try:
            limiter.take(address)
        except Refusal as refusal:
            metrics.SHED.inc()
            after = b"%d" % ceil(refusal.retry_after or 1)
            raise Refused("Too many connections", None, 429, ((b"Retry-After", after),)) from None

    return admit


def address_of(request: Request, trusted: Collection[str]) -> str | None:
    """The nearest address that no trusted proxy vouches for as its own; None if there is no telling."""
    peer = request.client()
    if peer is None or peer[0] not in trusted:
        return peer[0] if peer else None
    said = request.headers.get(b"x-forwarded-for", b"").decode("latin-1").split(",")
    return next((one for one in (word.strip() for word in reversed(said)) if one and one not in trusted), None)
