"""Reading the audit: all of it for admins, its own company's for an agency."""

from backend.domain.principals import Principal
from backend.services.catalogue import allow
from backend.services.deps import Deps
from backend.services.paging import PAGE, Item, opened, page
from backend.services.reads import quotation
from backend.services.records import AuditRow
from privacy.wire import time_text


async def audit(deps: Deps, principal: Principal, cursor: str | None, limit: int = PAGE) -> Item:
    """Newest first.

    Raises:
        Refusal: `command.forbidden`.
    """
    return await _rows(deps, principal, None, cursor, limit)


async def quotation_audit(
    deps: Deps, principal: Principal, quotation_id: str, cursor: str | None, limit: int = PAGE
) -> Item:
    """What concerns one quotation, newest first.

    Raises:
        Refusal: `command.forbidden`, or `quotation.not_found`.
    """
    allow(principal, "admin", "agent")
    await quotation(deps, principal, quotation_id)
    return await _rows(deps, principal, f"quotation:{quotation_id}", cursor, limit)


async def _rows(deps: Deps, principal: Principal, subject: str | None, cursor: str | None, limit: int) -> Item:
    allow(principal, "admin", "agent")
    before = opened(cursor)
    company_id = None if principal.role == "admin" else principal.company_id or ""
    rows = await deps.db.audit(subject=subject, company_id=company_id, before=before, limit=limit + 1)
    return page([(row.id, _shown(row)) for row in rows], limit)


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
