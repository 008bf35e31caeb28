"""The use cases of a hotel's offer."""

from backend.domain import offering
from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.services import payloads
from backend.services.deps import Deps
from backend.services.records import Key
from backend.services.usecase import on_quotation
from privacy.views import view


async def submit(deps: Deps, principal: Principal, payload: payloads.SubmitOffer, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: offering.submit(q, payload.offer, by, context),
        quotation_id=payload.quotation_id,
        answer=_own_offer,
    )


async def withdraw(deps: Deps, principal: Principal, payload: payloads.OnQuotation, key: Key) -> bytes:
    return await on_quotation(
        deps, principal, key, offering.withdraw, quotation_id=payload.quotation_id, answer=_own_offer
    )


def _own_offer(quotation: Quotation, audience: str) -> object:
    offers = view(quotation, audience).get("offers", {})
    return {"offer": next(iter(offers.values()), {})}
