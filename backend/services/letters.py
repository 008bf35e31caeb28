"""Dead letters, for those who run the platform: workflows that were given up, to look at, to try again, or to drop."""

from datetime import datetime
from typing import Final, Literal

import msgspec

from backend.domain.principals import Principal
from backend.domain.refusals import Forbidden
from backend.services.catalogue import allow
from backend.services.deps import Deps
from backend.services.paging import Item
from backend.services.records import AuditRow, Workflow

SHOWN: Final = 500
"""Of more, the oldest are not listed; the command line does."""


async def dead_letters(deps: Deps, principal: Principal) -> Item:
    """The last one first.

    Raises:
        Refusal: `command.forbidden`.
    """
    allow(principal, "admin")
    return {"items": [_shown(one) for one in await deps.db.dead_letters(SHOWN)]}


async def workflow(deps: Deps, principal: Principal, workflow_id: str) -> Item:
    """Any workflow, as it stands.

    Raises:
        Refusal: `command.forbidden`, `workflow.not_found`.
    """
    allow(principal, "admin")
    found = await deps.db.workflow(workflow_id)
    if found is None:
        raise Forbidden("workflow.not_found", "There is no such workflow.")
    return _shown(found)


async def retry(deps: Deps, principal: Principal, workflow_id: str) -> Item:
    """Has a dead letter tried again by the next worker that is free.

    Raises:
        Refusal: `command.forbidden`; `workflow.not_found`, it is no dead letter.
    """
    allow(principal, "admin")
    if not await deps.db.revive(workflow_id, deps.now()):
        raise Forbidden("workflow.not_found", "There is no such dead letter.")
    deps.wake()
    deps.db.record(audit_row(deps.new_id(), deps.now(), principal.user_id, "retry", workflow_id))
    return await workflow(deps, principal, workflow_id)


async def drop(deps: Deps, principal: Principal, workflow_id: str) -> Item:
    """Has a dead letter be over: nobody tries it again.

    Raises:
        Refusal: `command.forbidden`; `workflow.not_found`, it is no dead letter.
    """
    allow(principal, "admin")
    if not await deps.db.drop(workflow_id, deps.now()):
        raise Forbidden("workflow.not_found", "There is no such dead letter.")
    deps.db.record(audit_row(deps.new_id(), deps.now(), principal.user_id, "drop", workflow_id))
    return await workflow(deps, principal, workflow_id)


def audit_row(id_: str, at: datetime, user_id: str, verb: Literal["retry", "drop"], workflow_id: str) -> AuditRow:
    """Tells who did that to a dead letter; `user_id` is `operator` for whoever has the server's command line."""
    return AuditRow(
        id=id_,
        at=at,
        user_id=user_id,
        company_id=None,
        action=f"workflow.{verb}",
        subject=f"workflow:{workflow_id}",
        outcome="ok",
    )


def _shown(found: Workflow) -> Item:
    shown: Item = msgspec.to_builtins(found)
    return shown
