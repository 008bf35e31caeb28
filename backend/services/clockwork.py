"""What time does to quotations: deadlines that come near and pass, proposals that run out."""

from backend.domain.due import due, remind
from backend.domain.quotation import Quotation
from backend.domain.refusals import quotation_not_found
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.records import Change, Target

BATCH = 50


async def tick(deps: Deps) -> int:
    """Commits what is due by now; how many quotations were looked at. Several at once do no harm."""
    ids = await deps.db.due(deps.now(), BATCH)
    for quotation_id in ids:
        await deps.db.commit(Target(quotation_id=quotation_id), lambda quotation: _due(deps, quotation))
    if ids:
        deps.wake()
    return len(ids)


def _due(deps: Deps, quotation: Quotation | None) -> Change:
    if quotation is None:
        raise quotation_not_found()
    context = deps.context()
    steps = due(quotation, context)
    steps += remind(steps[-1].after if steps else quotation, context)
    return change_of(deps, quotation, steps, lambda _: {})
