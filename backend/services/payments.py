"""What gateways say: checked, stored once, and applied to the booking by a reaction."""

import hashlib

import msgspec

from backend.domain.events import Event
from backend.domain.payments import Notice, told
from backend.domain.principals import SYSTEM
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden, Refusal
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.records import Change, Key, StoredEvent, Target
from backend.services.usecase import commit


async def webhook(deps: Deps, gateway: str, body: bytes, signature: str) -> None:
    """Takes a gateway's notice in: once it is stored, it will be applied. The same one again is no news.

    Raises:
        Refusal: auth.invalid, not signed by it; command.invalid; payment.not_found, there is no such gateway.
    """
    port = deps.gateways.get(gateway)
    if port is None:
        raise Forbidden("payment.not_found", "There is no such gateway.")
    notice = port.notice(body, signature)
    data = {"notice": msgspec.to_builtins(notice)}
    event = Event(id=deps.new_id(), name="payment.noticed", at=deps.now(), by=SYSTEM, data=data)
    change = Change(
        answer=b"{}",
        notices=(notice,),
        events=(StoredEvent(quotation_id=None, serial=0, event=event),),
    )
    digest = hashlib.sha256(notice.external_id.encode()).hexdigest()
    key = Key(user_id="system", command=f"webhook.{gateway}", key=digest, payload_hash=b"")
    await commit(deps, Target(key=key), lambda _: change)


async def apply(deps: Deps, event: Event) -> None:
    """Applies a notice that was stored; one that is about nothing we know is left for the reconciliation."""
    notice = msgspec.convert(event.data["notice"], Notice)

    def decision(q: Quotation | None) -> Change:
        if q is None:
            raise Forbidden("payment.not_found", "There is no such payment.")
        return change_of(deps, q, told(q, notice, deps.context()), lambda _: {})

    try:
        await commit(deps, Target(booking_id=notice.booking_id), decision)
    except Refusal as refusal:
        if refusal.code not in ("payment.not_found", "payment.refused"):
            raise
