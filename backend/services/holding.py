"""Taking what a booking needs of allotments and calendars, and giving it back."""

from collections.abc import Awaitable, Callable

from backend.domain import holding
from backend.domain.bookings import Hold
from backend.domain.events import Context, Steps
from backend.domain.holding import Need
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal, booking_not_found
from backend.domain.resources.choosing_guides import WantedGuide
from backend.domain.resources.claims import Claim
from backend.domain.resources.guides import Guide
from backend.domain.resources.scores import Scored
from backend.domain.saga import Action
from backend.services.deps import Deps
from backend.services.resources import guides_for, vehicles_for

Effect = Callable[[Quotation, Context], Steps]
Commit = Callable[[Effect], Awaitable[None]]
"""Commits an effect, if the action is still planned then."""


async def take_rooms(deps: Deps, q: Quotation, offer_id: str, commit: Commit) -> None:
    """Takes the rooms of the hotel's allotment, as far as it has one.

    Raises:
        Refusal: somebody else has them.
    """
    wanted = holding.nights(q.terms)
    if q.booking is None or wanted is None:
        return
    first, last, rooms = wanted

    def intend(q: Quotation, ctx: Context) -> Steps:
        if q.booking is None or any(hold.need == offer_id for hold in q.booking.holds.values()):
            return ()
        hotel = q.offers[offer_id].hotel_id
        name = q.invitations[hotel].hotel.name
        hold = Hold(
            id=ctx.new_id(),
            kind="allotment",
            resource_id=hotel,
            name=name,
            need=offer_id,
            first=first,
            last=last,
            rooms=rooms,
            at=ctx.now,
        )
        return holding.taking(q, [hold], ctx)

    await commit(intend)
    await _claim(deps, q.booking.id, offer_id, commit)


async def assign(deps: Deps, q: Quotation, key: str, commit: Commit) -> None:
    """Takes the best that is free for a need of the programme; what turns out to be taken is not asked for again.

    Raises:
        Refusal: resource.not_found, nobody is left.
    """
    need = next((one for one in holding.needs(q.terms) if one.key == key), None)
    if q.booking is None or need is None:
        return
    if not holding.of_need(q.booking, key, "taking"):
        choice = await _best(deps, need, holding.refused_ids(q.booking, key))
        user_id = await _login_of(deps, need, choice)

        def intend(q: Quotation, ctx: Context) -> Steps:
            known = q.booking is not None and holding.of_need(q.booking, key, "taking")
            return () if known else holding.taking(q, _holds(need, choice, user_id, ctx), ctx)

        await commit(intend)
    try:
        await _claim(deps, q.booking.id, key, commit)
    except Refusal:
        await commit(lambda q, ctx: holding.settled(q, key, "refused", ctx))


async def _claim(deps: Deps, booking_id: str, key: str, commit: Commit) -> None:
    q = await deps.db.quotation_of_booking(booking_id)
    if q is None or q.booking is None:
        raise booking_not_found()
    holds = holding.of_need(q.booking, key, "taking")
    await deps.db.claim([_claim_of(hold, booking_id) for hold in holds])
    await commit(lambda q, ctx: holding.settled(q, key, "held", ctx))


async def _best(deps: Deps, need: Need, refused: frozenset[str]) -> Scored:
    wanted = need.wanted
    found = await (guides_for(deps, wanted) if isinstance(wanted, WantedGuide) else vehicles_for(deps, wanted))
    for choice in found:
        if refused.isdisjoint(choice.ids):
            return choice
    raise Refusal("resource.not_found", "Nobody is left.")


async def _login_of(deps: Deps, need: Need, choice: Scored) -> str:
    """Who answers for a guide; nobody for one without a login, whom the agency calls."""
    found = await deps.db.item("guide", choice.id) if need.kind == "guide" else None
    guide: Guide | None = found[0] if found else None
    return (guide.user_id or "") if guide else ""


def _holds(need: Need, choice: Scored, user_id: str, ctx: Context) -> list[Hold]:
    return [
        Hold(
            id=ctx.new_id(),
            kind=need.kind,
            resource_id=resource_id,
            name=choice.name,
            need=need.key,
            first=need.wanted.first,
            last=need.wanted.last,
            score=choice.score,
            user_id=user_id,
            at=ctx.now,
        )
        for resource_id in choice.ids
    ]


def _claim_of(hold: Hold, booking_id: str) -> Claim:
    return Claim(hold.id, booking_id, hold.kind, hold.resource_id, hold.first, hold.last, hold.rooms or None)


async def release(deps: Deps, action: Action, commit: Commit) -> None:
    """Gives back what a hold took; a claim of it that is still on its way takes nothing any more."""
    await deps.db.release([action.subject])
    await commit(lambda q, ctx: holding.released(q, action.subject, ctx))
