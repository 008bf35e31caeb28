"""The use cases of a quotation's life, for agents, admins and clients."""

from collections.abc import Sequence

import msgspec
import orjson

from backend.domain import awarding, editing, granting, rfq
from backend.domain.events import Context, Step
from backend.domain.principals import Actor, Principal, actor_of
from backend.domain.quotation import Hotel, Party, Quotation
from backend.domain.refusals import Invalid
from backend.domain.selection import choose
from backend.domain.terms import Terms
from backend.services import payloads
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.records import AuditRow, Change, Key, Target
from backend.services.usecase import nothing, on_quotation, the_quotation
from privacy.audiences import audience_of


async def create(deps: Deps, principal: Principal, payload: payloads.Create, key: Key) -> bytes:
    company = await deps.db.company(principal.company_id or "")
    if company is None:
        raise Invalid("A quotation belongs to an agency, and you are in none.")
    terms = msgspec.convert({name: getattr(payload, name) for name in Terms.__struct_fields__}, Terms)
    client = await _client(deps, company.id, terms.client_id)
    party = Party(id=company.id, name=company.name)
    context = deps.context()

    def decision(_: Quotation | None) -> Change:
        steps = editing.create(party, client, terms, actor_of(principal), deps.margin_percent, context)
        after = steps[-1].after
        answer = orjson.dumps(the_quotation(after, audience_of(principal, after) or ""))
        return change_of(deps, None, steps, answer)

    done = await deps.db.commit(Target(key=key), decision)
    deps.wake()
    return done


async def edit(deps: Deps, principal: Principal, payload: payloads.Edit, key: Key) -> bytes:
    changes = [(change.field, change.value) for change in payload.changes]
    wanted = [value for field, value in changes if field == "client_id"]
    client = await _client(deps, await _company(deps, principal, payload), wanted[-1]) if wanted else None
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: editing.edit(q, payload.base_version, changes, client, by, context),
        quotation_id=payload.quotation_id,
        answer=_version,
    )


async def restore(deps: Deps, principal: Principal, payload: payloads.Restore, key: Key) -> bytes:
    row = await deps.db.version(payload.quotation_id, payload.version)

    def decide(quotation: Quotation, by: Actor, context: Context) -> Sequence[Step]:
        if row is None:
            raise Invalid("There is no such version.")
        return editing.restore(quotation, row.terms, row.version, by, context)

    return await on_quotation(deps, principal, key, decide, quotation_id=payload.quotation_id, answer=_version)


async def publish(deps: Deps, principal: Principal, payload: payloads.Publish, key: Key) -> bytes:
    catalogue = await deps.db.hotels()
    named = _named(catalogue, payload.hotel_ids)

    def decide(quotation: Quotation, by: Actor, context: Context) -> Sequence[Step]:
        hotels = named or choose(quotation.terms, catalogue)
        return rfq.publish(quotation, hotels, by, context, payload.deadline)

    return await on_quotation(deps, principal, key, decide, quotation_id=payload.quotation_id)


async def invite(deps: Deps, principal: Principal, payload: payloads.Invite, key: Key) -> bytes:
    hotels = _named(await deps.db.hotels(payload.hotel_ids), payload.hotel_ids)
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: rfq.invite(q, hotels, by, context),
        quotation_id=payload.quotation_id,
    )


async def uninvite(deps: Deps, principal: Principal, payload: payloads.Invite, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: rfq.uninvite(q, payload.hotel_ids, by, context),
        quotation_id=payload.quotation_id,
    )


async def extend(deps: Deps, principal: Principal, payload: payloads.Extend, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: rfq.extend(q, payload.deadline, payload.reason, by, context),
        quotation_id=payload.quotation_id,
    )


async def close(deps: Deps, principal: Principal, payload: payloads.OnQuotation, key: Key) -> bytes:
    return await on_quotation(deps, principal, key, rfq.close, quotation_id=payload.quotation_id)


async def cancel(deps: Deps, principal: Principal, payload: payloads.WithReason, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: rfq.cancel(q, payload.reason, by, context),
        quotation_id=payload.quotation_id,
    )


async def award(deps: Deps, principal: Principal, payload: payloads.AwardOffer, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: awarding.award(q, payload.offer_id, by, context),
        quotation_id=payload.quotation_id,
    )


async def accept(deps: Deps, principal: Principal, payload: payloads.WithOptionalReason, key: Key) -> bytes:
    return await on_quotation(deps, principal, key, awarding.accept, quotation_id=payload.quotation_id)


async def reject(deps: Deps, principal: Principal, payload: payloads.WithOptionalReason, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: awarding.reject(q, payload.reason, by, context),
        quotation_id=payload.quotation_id,
    )


async def grant(deps: Deps, principal: Principal, payload: payloads.GrantHotel, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: granting.grant(q, payload.hotel_id, payload.reason, by, context),
        quotation_id=payload.quotation_id,
        answer=nothing,
        audit=lambda q, context: _granted("quotation.grant", principal, payload, q, context),
    )


async def revoke(deps: Deps, principal: Principal, payload: payloads.GrantHotel, key: Key) -> bytes:
    return await on_quotation(
        deps,
        principal,
        key,
        lambda q, by, context: granting.revoke(q, payload.hotel_id, payload.reason, by, context),
        quotation_id=payload.quotation_id,
        answer=nothing,
        audit=lambda q, context: _granted("quotation.revoke", principal, payload, q, context),
    )


def _named(catalogue: Sequence[Hotel], ids: Sequence[str]) -> list[Hotel]:
    known = {hotel.id: hotel for hotel in catalogue}
    if not known.keys() >= set(ids):
        raise Invalid("There is no such hotel.")
    return [known[id_] for id_ in dict.fromkeys(ids)]


def _version(quotation: Quotation, audience: str) -> object:
    return {"version": quotation.version}


def _granted(
    action: str, principal: Principal, payload: payloads.GrantHotel, quotation: Quotation, context: Context
) -> tuple[AuditRow, ...]:
    row = AuditRow(
        id=context.new_id(),
        at=context.now,
        user_id=principal.user_id,
        company_id=quotation.company.id,
        action=action,
        subject=f"quotation:{quotation.id}",
        outcome="ok",
        detail={"hotel_id": payload.hotel_id, "reason": payload.reason},
    )
    return (row,)


async def _company(deps: Deps, principal: Principal, payload: payloads.OnQuotation) -> str:
    if principal.company_id:
        return principal.company_id
    quotation = await deps.db.quotation(payload.quotation_id)
    return quotation.company.id if quotation else ""


async def _client(deps: Deps, company_id: str, client_id: object) -> Party | None:
    if client_id is None:
        return None
    user = await deps.db.user(client_id) if isinstance(client_id, str) else None
    if user is None or user.role != "client" or user.customer_of != company_id:
        raise Invalid("There is no such client of your agency.")
    return Party(id=user.id, name=user.name, email=user.email)
