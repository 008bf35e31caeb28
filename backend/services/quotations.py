"""The use cases of a quotation's life, for agents, admins and clients."""

from collections.abc import Sequence

import msgspec

from backend.domain import awarding, editing, granting, rfq
from backend.domain.events import Context, Step
from backend.domain.principals import Actor, actor_of
from backend.domain.quotation import Hotel, Party, Quotation
from backend.domain.refusals import Invalid
from backend.domain.selection import choose
from backend.domain.terms import Terms
from backend.services import payloads
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.records import AuditRow, Change, Target
from backend.services.repricing import costing_for
from backend.services.usecase import Asked, commit, nothing, on_quotation, the_quotation
from privacy.audiences import audience_of
from privacy.views import Views


async def create(asked: Asked[payloads.Create]) -> bytes:
    deps, principal, payload = asked.deps, asked.principal, asked.payload
    company = await deps.db.company(principal.company_id or "")
    if company is None:
        raise Invalid("A quotation belongs to an agency, and you are in none.")
    terms = msgspec.convert({name: getattr(payload, name) for name in Terms.__struct_fields__}, Terms)
    client = await _client(deps, company.id, terms.client_id)
    party = Party(id=company.id, name=company.name)
    costing = await costing_for(deps, terms)
    context = deps.context()

    def decision(_: Quotation | None) -> Change:
        steps = editing.create(party, client, terms, actor_of(principal), deps.margin_percent, context, costing)
        audience = audience_of(principal, steps[-1].after) or ""
        return change_of(deps, None, steps, lambda views: the_quotation(views, audience))

    return await commit(deps, Target(key=asked.key, by=asked.principal), decision)


async def edit(asked: Asked[payloads.Edit]) -> bytes:
    base = asked.payload.base_version
    changes = [(change.field, change.value) for change in asked.payload.changes]
    wanted = [value for field, value in changes if field == "client_id"]
    client = await _client(asked.deps, await _company(asked), wanted[-1]) if wanted else None
    return await on_quotation(
        asked, lambda q, by, ctx: editing.edit(q, base, changes, client, by, ctx), answer=_version
    )


async def restore(asked: Asked[payloads.Restore]) -> bytes:
    row = await asked.deps.db.version(asked.payload.quotation_id, asked.payload.version)

    def decide(quotation: Quotation, by: Actor, context: Context) -> Sequence[Step]:
        if row is None:
            raise Invalid("There is no such version.")
        return editing.restore(quotation, row.terms, row.version, by, context)

    return await on_quotation(asked, decide, answer=_version)


async def publish(asked: Asked[payloads.Publish]) -> bytes:
    catalogue = await asked.deps.db.hotels()
    named = _named(catalogue, asked.payload.hotel_ids)

    def decide(quotation: Quotation, by: Actor, context: Context) -> Sequence[Step]:
        hotels = named or choose(quotation.terms, catalogue)
        return rfq.publish(quotation, hotels, by, context, asked.payload.deadline)

    return await on_quotation(asked, decide)


async def invite(asked: Asked[payloads.Invite]) -> bytes:
    ids = asked.payload.hotel_ids
    hotels = _named(await asked.deps.db.hotels(ids), ids)
    return await on_quotation(asked, lambda q, by, ctx: rfq.invite(q, hotels, by, ctx))


async def uninvite(asked: Asked[payloads.Invite]) -> bytes:
    return await on_quotation(asked, lambda q, by, ctx: rfq.uninvite(q, asked.payload.hotel_ids, by, ctx))


async def extend(asked: Asked[payloads.Extend]) -> bytes:
    deadline, reason = asked.payload.deadline, asked.payload.reason
    return await on_quotation(asked, lambda q, by, ctx: rfq.extend(q, deadline, reason, by, ctx))


async def close(asked: Asked[payloads.OnQuotation]) -> bytes:
    return await on_quotation(asked, rfq.close)


async def cancel(asked: Asked[payloads.WithReason]) -> bytes:
    return await on_quotation(asked, lambda q, by, ctx: rfq.cancel(q, asked.payload.reason, by, ctx))


async def award(asked: Asked[payloads.AwardOffer]) -> bytes:
    return await on_quotation(asked, lambda q, by, ctx: awarding.award(q, asked.payload.offer_id, by, ctx))


async def accept(asked: Asked[payloads.WithOptionalReason]) -> bytes:
    return await on_quotation(asked, awarding.accept)


async def reject(asked: Asked[payloads.WithOptionalReason]) -> bytes:
    return await on_quotation(asked, lambda q, by, ctx: awarding.reject(q, asked.payload.reason, by, ctx))


async def grant(asked: Asked[payloads.GrantHotel]) -> bytes:
    hotel_id, reason = asked.payload.hotel_id, asked.payload.reason
    return await on_quotation(
        asked,
        lambda q, by, ctx: granting.grant(q, hotel_id, reason, by, ctx),
        answer=nothing,
        audit=lambda q, ctx: _granted("quotation.grant", asked, q, ctx),
    )


async def revoke(asked: Asked[payloads.GrantHotel]) -> bytes:
    hotel_id, reason = asked.payload.hotel_id, asked.payload.reason
    return await on_quotation(
        asked,
        lambda q, by, ctx: granting.revoke(q, hotel_id, reason, by, ctx),
        answer=nothing,
        audit=lambda q, ctx: _granted("quotation.revoke", asked, q, ctx),
    )


def _named(catalogue: Sequence[Hotel], ids: Sequence[str]) -> list[Hotel]:
    known = {hotel.id: hotel for hotel in catalogue}
    if not known.keys() >= set(ids):
        raise Invalid("There is no such hotel.")
    return [known[id_] for id_ in dict.fromkeys(ids)]


def _version(views: Views, audience: str) -> object:
    return {"version": views.of(audience)["version"]}


def _granted(
    action: str, asked: Asked[payloads.GrantHotel], quotation: Quotation, context: Context
) -> tuple[AuditRow, ...]:
    row = AuditRow(
        id=context.new_id(),
        at=context.now,
        user_id=asked.principal.user_id,
        company_id=quotation.company.id,
        action=action,
        subject=f"quotation:{quotation.id}",
        outcome="ok",
        detail={"hotel_id": asked.payload.hotel_id, "reason": asked.payload.reason},
    )
    return (row,)


async def _company(asked: Asked[payloads.Edit]) -> str:
    """The agency whose clients may be named: the agent's own, for an admin the quotation's."""
    if asked.principal.company_id:
        return asked.principal.company_id
    quotation = await asked.deps.db.quotation(asked.payload.quotation_id)
    return quotation.company.id if quotation else ""


async def _client(deps: Deps, company_id: str, client_id: object) -> Party | None:
    if client_id is None:
        return None
    user = await deps.db.user(client_id) if isinstance(client_id, str) else None
    if user is None or user.role != "client" or user.customer_of != company_id:
        raise Invalid("There is no such client of your agency.")
    return Party(id=user.id, name=user.name, email=user.email)
