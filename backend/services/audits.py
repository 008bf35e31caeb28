"""Reading the audit: all of it for admins, its own company's for an agency."""

from collections.abc import AsyncIterator

import msgspec

from backend.domain.principals import Principal
from backend.services.catalogue import allow
from backend.services.deps import Deps
from backend.services.paging import PAGE, Item, opened, page
from backend.services.reads import quotation
from backend.services.records import AuditFilter, AuditRow
from backend.services.standing import require
from privacy.wire import time_text

MOST_EXPORTED = 100_000
"""Rows of one export; who wants more asks by time."""
_AT_ONCE = 500
COLUMNS = ("id", "at", "user_id", "action", "subject", "outcome", "detail")


async def audit(
    deps: Deps, principal: Principal, wanted: AuditFilter, cursor: str | None = None, limit: int = PAGE
) -> Item:
    """Newest first; of what is wanted, what the principal may see.

    Raises:
        Refusal: `command.forbidden`.
    """
    before = opened(cursor)
    rows = await deps.db.audit(_theirs(principal, wanted), before, limit + 1)
    return page([(row.id, _shown(row)) for row in rows], limit)


async def quotation_audit(
    deps: Deps, principal: Principal, quotation_id: str, cursor: str | None, limit: int = PAGE
) -> Item:
    """What concerns one quotation, newest first.

    Raises:
        Refusal: `command.forbidden`, or `quotation.not_found`.
    """
    allow(principal, "admin", "agent")
    await quotation(deps, principal, quotation_id)
    return await audit(deps, principal, AuditFilter(subject=f"quotation:{quotation_id}"), cursor, limit)


def exported(deps: Deps, principal: Principal, wanted: AuditFilter) -> AsyncIterator[list[Item]]:
    """The same rows as `audit`, all of them up to `MOST_EXPORTED`, some at a time, each time by the rights of then.

    Raises:
        Refusal: `command.forbidden`, at once; `auth.revoked`, in between.
    """
    return _exported(deps, principal, _theirs(principal, wanted))


async def _exported(deps: Deps, principal: Principal, wanted: AuditFilter) -> AsyncIterator[list[Item]]:
    before: str | None = None
    for _ in range(MOST_EXPORTED // _AT_ONCE):
        rows = await deps.db.audit(wanted, before, _AT_ONCE)
        await require(deps, principal)
        yield [_shown(row) for row in rows]
        if len(rows) < _AT_ONCE:
            return
        before = rows[-1].id


def _theirs(principal: Principal, wanted: AuditFilter) -> AuditFilter:
    allow(principal, "admin", "agent")
    return (
        wanted if principal.role == "admin" else msgspec.structs.replace(wanted, company_id=principal.company_id or "")
    )


def _shown(row: AuditRow) -> Item:
    return {
        "id": row.id,
        "at": time_text(row.at),
        "user_id": row.user_id,
        "action": row.action,
        "subject": row.subject,
        "outcome": row.outcome,
        "detail": row.detail,
    }
