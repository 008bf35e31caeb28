"""Choosing an offer, and the client's answer to it."""

from msgspec.structs import replace

from backend.domain.booking import created
from backend.domain.events import Context, Steps, step
from backend.domain.invitations import COMPETING, awarded, unselected
from backend.domain.principals import Actor
from backend.domain.quotation import Award, Quotation
from backend.domain.refusals import Forbidden, wrong_state
from backend.domain.rfq import shut


def award(q: Quotation, offer_id: str, by: Actor, ctx: Context) -> Steps:
    """Chooses an offer, from publishing until the client accepts; closes the RFQ; may replace an earlier choice.

    Raises:
        Refusal: offer.not_found; quotation.wrong_state, not now or not this offer.
    """
    if offer_id not in q.offers:
        raise Forbidden("offer.not_found", "There is no such offer.")
    if q.state not in ("published", "reviewing", "awarded"):
        raise wrong_state("An offer is chosen from publishing until the client accepts.")
    if q.award is not None and q.award.offer_id == offer_id:
        return ()
    offer = q.offers[offer_id]
    if offer.state not in COMPETING:
        raise wrong_state("Only a live offer is chosen.")
    steps = shut(q, by, ctx) if q.state == "published" else ()
    last = steps[-1].after if steps else q
    until = ctx.now + ctx.rules.acceptance_open
    after = replace(
        awarded(last, offer),
        state="awarded",
        award=Award(offer_id=offer_id, at=ctx.now, until=until),
        reject_reason="",
    )
    data = {"offer_id": offer_id, "hotel_id": offer.hotel_id, "until": until.isoformat()}
    return (*steps, step("quotation.awarded", after, by, ctx, **data))


def accept(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """The client takes the proposal: its price stands, and a booking begins.

    Raises:
        Refusal: quotation.wrong_state, nothing to accept or no longer.
    """
    if q.state != "awarded" or q.award is None or q.award.until <= ctx.now:
        raise wrong_state("There is no proposal to accept.")
    accepted = replace(q, state="accepted")
    return (
        step("quotation.accepted", accepted, by, ctx, offer_id=q.award.offer_id),
        *created(accepted, q.offers[q.award.offer_id], by, ctx),
    )


def reject(q: Quotation, reason: str, by: Actor, ctx: Context) -> Steps:
    """The client declines the proposal; the agency may choose again.

    Raises:
        Refusal: quotation.wrong_state, nothing to reject.
    """
    if q.state != "awarded" or q.award is None:
        raise wrong_state("There is no proposal to reject.")
    after = replace(unselected(q), state="reviewing", award=None, reject_reason=reason)
    return (step("quotation.rejected", after, by, ctx, offer_id=q.award.offer_id, reason=reason),)
