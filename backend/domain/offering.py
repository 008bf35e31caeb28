"""A hotel's offer: submitted, revised, withdrawn. What it is answered depends on its own doings alone.

Changing the price of a live offer, and offering again after withdrawing, use up one of `rules.revisions`. Changing
anything else does not, nor does renewing an offer that changed terms made `outdated` or that was uninvited.
"""

from typing import Any, Final

from msgspec.structs import replace

from backend.domain.events import Context, Steps, plain, step
from backend.domain.invitations import LIVE
from backend.domain.lifecycle import takes_offers
from backend.domain.offers import Offer, OfferContent
from backend.domain.principals import Actor
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal, quotation_not_found

PRICE_FIELDS: Final = (
    "rooms",
    "single_supplement",
    "triple_reduction",
    "extra_bed",
    "child_bands",
    "foc",
    "taxes",
    "commission_percent",
    "optional_services",
)


def submit(q: Quotation, content: OfferContent, by: Actor, ctx: Context) -> Steps:
    """The acting hotel's offer, first or revised. Repeating a live offer changes nothing.

    Raises:
        Refusal: quotation.not_found, not invited; offer.too_late; offer.bad_currency; offer.too_many_revisions.
    """
    hotel_id = _require_open(q, by, ctx)
    if content.currencies() != {q.terms.currency}:
        raise Refusal("offer.bad_currency", f"Every amount of the offer is in {q.terms.currency}.")
    before = q.offer_of(hotel_id)
    if before is None:
        offer = _first(hotel_id, content, ctx)
        return (step("offer.submitted", _with(q, offer), by, ctx, **_facts(offer)),)
    if before.state in LIVE and before.content == content:
        return ()
    offer = _revised(before, content, ctx)
    return (step("offer.revised", _with(q, offer), by, ctx, **_facts(offer)),)


def withdraw(q: Quotation, by: Actor, ctx: Context) -> Steps:
    """Takes the acting hotel's offer back; without one to take back, nothing changes.

    Raises:
        Refusal: quotation.not_found, not invited; offer.too_late.
    """
    offer = q.offer_of(_require_open(q, by, ctx))
    if offer is None or offer.state not in (*LIVE, "outdated"):
        return ()
    after = _with(q, replace(offer, state="withdrawn"))
    return (step("offer.withdrawn", after, by, ctx, offer_id=offer.id, hotel_id=offer.hotel_id),)


def _require_open(q: Quotation, by: Actor, ctx: Context) -> str:
    if by.hotel_id is None or by.hotel_id not in q.invitations:
        raise quotation_not_found()
    if q.invitations[by.hotel_id].state != "open" or not takes_offers(q, ctx.now):
        raise Refusal("offer.too_late", "This RFQ is closed.")
    return by.hotel_id


def _first(hotel_id: str, content: OfferContent, ctx: Context) -> Offer:
    return Offer(
        id=ctx.new_id(),
        hotel_id=hotel_id,
        content=content,
        revision=1,
        revisions_left=ctx.rules.revisions,
        state="submitted",
        first_at=ctx.now,
        revised_at=ctx.now,
    )


def _revised(before: Offer, content: OfferContent, ctx: Context) -> Offer:
    used = before.price_revisions + _counts(before, content)
    if used > ctx.rules.revisions:
        raise Refusal("offer.too_many_revisions", f"A price is revised at most {ctx.rules.revisions} times.")
    return replace(
        before,
        content=content,
        revision=before.revision + 1,
        price_revisions=used,
        revisions_left=ctx.rules.revisions - used,
        state="revised",
        revised_at=ctx.now,
    )


def _counts(before: Offer, content: OfferContent) -> bool:
    if before.state in LIVE:
        return any(getattr(before.content, name) != getattr(content, name) for name in PRICE_FIELDS)
    return before.state == "withdrawn"


def _with(q: Quotation, offer: Offer) -> Quotation:
    return replace(q, offers={**q.offers, offer.id: offer})


def _facts(offer: Offer) -> dict[str, Any]:
    return {
        "offer_id": offer.id,
        "hotel_id": offer.hotel_id,
        "revision": offer.revision,
        "offer": plain(offer.content),
    }
