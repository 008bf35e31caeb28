"""The shape of every use case on one quotation: authorise, decide, answer, in one transaction."""

from collections.abc import Callable, Sequence

import orjson

from backend.domain.due import due
from backend.domain.events import Context, Step
from backend.domain.principals import Actor, Principal, actor_of
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden, booking_not_found, quotation_not_found
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.records import AuditRow, Change, Key, Target
from privacy.audiences import audience_of
from privacy.views import view

Decision = Callable[[Quotation, Actor, Context], Sequence[Step]]
Answer = Callable[[Quotation, str], object]
AuditOf = Callable[[Quotation, Context], tuple[AuditRow, ...]]


def the_quotation(quotation: Quotation, audience: str) -> object:
    """The ack `{quotation}`: the author's own view."""
    return {"quotation": view(quotation, audience)}


def nothing(quotation: Quotation, audience: str) -> object:
    """The ack `{}`."""
    return {}


async def on_quotation(
    deps: Deps,
    principal: Principal,
    key: Key,
    decide: Decision,
    *,
    quotation_id: str | None = None,
    booking_id: str | None = None,
    answer: Answer = the_quotation,
    audit: AuditOf | None = None,
) -> bytes:
    """Runs `decide` on the quotation with this id or with this booking, as one fact or several.

    What time has done to it by now comes first, so that a deadline holds even before the clockwork has noticed it.

    Raises:
        Refusal: `….not_found` when it is not there or not the principal's to see, else what `decide` refuses with.
    """
    context = deps.context()
    missing = booking_not_found if booking_id else quotation_not_found

    def decision(quotation: Quotation | None) -> Change:
        before = _theirs(principal, quotation, missing)
        overdue = due(before, context)
        current = overdue[-1].after if overdue else before
        steps = (*overdue, *decide(current, actor_of(principal), context))
        after = steps[-1].after if steps else before
        audience = audience_of(principal, after)
        if audience is None:
            raise missing()
        rows = audit(after, context) if audit else ()
        return change_of(deps, before, steps, orjson.dumps(answer(after, audience)), rows)

    target = Target(quotation_id=quotation_id, booking_id=booking_id, key=key)
    done = await deps.db.commit(target, decision)
    deps.wake()
    return done


def _theirs(principal: Principal, quotation: Quotation | None, missing: Callable[[], Forbidden]) -> Quotation:
    if quotation is None or audience_of(principal, quotation) is None:
        raise missing()
    return quotation
