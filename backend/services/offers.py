"""The use cases of a hotel's offer."""

from backend.domain import offering
from backend.services import payloads
from backend.services.usecase import Asked, on_quotation
from privacy.views import Views


async def submit(asked: Asked[payloads.SubmitOffer]) -> bytes:
    content = asked.payload.offer
    return await on_quotation(asked, lambda q, by, ctx: offering.submit(q, content, by, ctx), answer=_own_offer)


async def withdraw(asked: Asked[payloads.OnQuotation]) -> bytes:
    return await on_quotation(asked, offering.withdraw, answer=_own_offer)


def _own_offer(views: Views, audience: str) -> object:
    offers = views.of(audience).get("offers", {})
    return {"offer": next(iter(offers.values()), {})}
