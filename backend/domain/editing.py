"""Writing a quotation's terms: create, edit by field, restore an old version.

Two people who change different fields both win. A field that somebody else changed since the editor's version is a
conflict: nothing is applied, and the editor learns the other's value. `rooms` and `rooms.double` are the same field
in this sense.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from backend.domain.computation.tariff import Costing
from backend.domain.events import Context, Steps, plain, step
from backend.domain.invitations import outdate
from backend.domain.lifecycle import DRAFT, PRICED_BY_HOTELS, require_changeable
from backend.domain.mentions import added
from backend.domain.money import percentage
from backend.domain.principals import Actor
from backend.domain.quotation import FieldChange, Party, Quotation
from backend.domain.refusals import Conflict, Invalid
from backend.domain.term_fields import check, invalid, overlap, plain_at, term_changes, top, value_at, with_values
from backend.domain.terms import Terms

MARGIN = "margin_percent"
RFQ_SETUP = ("deadline", "privacy", "hotel_selection")
LARGEST_MARGIN = 90
"""A margin is a share of the price, so 100% would make it infinite."""


def create(
    company: Party,
    client: Party | None,
    terms: Terms,
    by: Actor,
    margin_percent: Decimal,
    ctx: Context,
    costing: Costing | None = None,
) -> Steps:
    """A new draft of `company`. `client` is the person that `terms.client_id` names.

    Raises:
        Invalid: there is no such client.
    """
    _require_client(terms, client)
    q = Quotation(
        id=ctx.new_id(),
        company=company,
        client=client,
        terms=terms,
        state="draft",
        version=1,
        serial=0,
        created_at=ctx.now,
        created_by=by,
        margin_percent=margin_percent,
        costing=costing,
    )
    return (step("quotation.created", q, by, ctx, version=1, **_mentioning(None, terms)),)


def edit(
    q: Quotation, base_version: int, changes: Sequence[tuple[str, Any]], client: Party | None, by: Actor, ctx: Context
) -> Steps:
    """Changes fields of the terms as seen in `base_version`; admins may change `margin_percent` beside them.

    `client` is the person that a changed `client_id` names. Changing nothing is no event.

    Raises:
        Invalid: an unknown field or version, or a bad value.
        Conflict: somebody else changed one of the fields since `base_version`.
        Refusal: quotation.wrong_state, too late to change one of them.
    """
    values = _distinct(changes)
    if not 1 <= base_version <= q.version:
        raise invalid("base_version", "there is no such version")
    margin = _margin(values.pop(MARGIN)) if MARGIN in values and by.kind == "admin" else q.margin_percent
    for path, value in values.items():
        check(path, value)
    terms = with_values(q.terms, values)
    changed = [path for path in values if value_at(terms, path) != value_at(q.terms, path)]
    _refuse_conflicts(q, base_version, changed, by)
    require_changeable(q, terms, {top(path) for path in changed})
    edited = _edited(q, terms, changed, client, by, ctx) if changed else ()
    return edited + _repriced(edited[-1].after if edited else q, margin, by, ctx)


def restore(q: Quotation, version_terms: Terms, restored: int, by: Actor, ctx: Context) -> Steps:
    """Makes the terms of version `restored` the newest version.

    The client stays who it is and, once published, so does how the RFQ was sent out; every other term that differs
    must be one that may be edited now.

    Raises:
        Refusal: quotation.wrong_state, too late to change one of them.
    """
    terms = replace(version_terms, client_id=q.terms.client_id)
    if q.state not in DRAFT:
        terms = replace(terms, **{name: getattr(q.terms, name) for name in RFQ_SETUP})
    fields = list(term_changes(q.terms, terms))
    if not fields:
        return ()
    require_changeable(q, terms, fields)
    after, outdated = _rewritten(q, terms, fields, by, ctx)
    data = {"version": after.version, "restored": restored, "fields": fields, "outdated": outdated}
    return (step("quotation.restored", after, by, ctx, **data),)


def _distinct(changes: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for path, value in changes:
        if any(overlap(path, other) for other in values):
            raise invalid(path, "is changed twice")
        values[path] = value
    return values


def _margin(value: Any) -> Decimal:
    try:
        margin = msgspec.convert(value, Decimal, strict=True) if isinstance(value, str) else Decimal("NaN")
        percentage(margin, up_to=LARGEST_MARGIN)
    except ValueError as error:
        raise invalid(MARGIN, str(error)) from None
    return margin


def _refuse_conflicts(q: Quotation, base_version: int, paths: Sequence[str], by: Actor) -> None:
    fields = {}
    for path in paths:
        since = [change for key, change in q.changed.items() if overlap(key, path) and change.version > base_version]
        others = [change for change in since if change.by.id != by.id]
        if others:
            last = max(others, key=lambda change: change.version)
            who = {"kind": last.by.kind, "id": last.by.id, "name": last.by.name}
            fields[path] = {"value": plain_at(q.terms, path), "by": who, "at": plain(last.at)}
    if fields:
        raise Conflict({"version": q.version, "fields": fields})


def _edited(q: Quotation, terms: Terms, paths: Sequence[str], client: Party | None, by: Actor, ctx: Context) -> Steps:
    if "client_id" in paths:
        _require_client(terms, client)
        q = replace(q, client=client)
    after, outdated = _rewritten(q, terms, paths, by, ctx)
    data = {"version": after.version, "fields": list(paths), "outdated": outdated}
    return (step("quotation.edited", after, by, ctx, **data, **_mentioning(q.terms, terms)),)


def _mentioning(before: Terms | None, after: Terms) -> dict[str, list[str]]:
    """Who is newly addressed in the notes, for an event's data; a restored version addresses nobody anew."""
    mentions = added(before, after)
    return {"mentions": mentions} if mentions else {}


def _repriced(q: Quotation, margin: Decimal, by: Actor, ctx: Context) -> Steps:
    if margin == q.margin_percent:
        return ()
    require_changeable(q, q.terms, [MARGIN])
    after = replace(q, margin_percent=margin)
    return (step("quotation.repriced", after, by, ctx, fields=[MARGIN], old=str(q.margin_percent), new=str(margin)),)


def _rewritten(
    q: Quotation, terms: Terms, paths: Sequence[str], by: Actor, ctx: Context
) -> tuple[Quotation, list[str]]:
    """The next version, and the ids of the offers that it made outdated."""
    version = q.version + 1
    changed = {key: change for key, change in q.changed.items() if not _covered(key, paths)}
    changed |= dict.fromkeys(paths, FieldChange(version=version, by=by, at=ctx.now))
    after = replace(q, terms=terms, version=version, changed=changed)
    if PRICED_BY_HOTELS.isdisjoint(map(top, paths)):
        return after, []
    return outdate(after)


def _covered(key: str, paths: Collection[str]) -> bool:
    return any(f"{key}.".startswith(f"{path}.") for path in paths)


def _require_client(terms: Terms, client: Party | None) -> None:
    if terms.client_id != (client.id if client else None):
        raise Invalid("client_id: there is no such client", data={"field": "client_id"})
