"""The shape of every use case on one quotation: authorise, decide, answer, in one transaction."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from backend.domain.due import due
from backend.domain.events import Context, Step
from backend.domain.principals import Actor, Principal, actor_of
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden, booking_not_found, quotation_not_found
from backend.services.changes import change_of
from backend.services.deps import Deps
from backend.services.payloads import OnBooking
from backend.services.ports import Decide
from backend.services.records import AuditRow, Change, Key, Target
from privacy.audiences import audience_of
from privacy.views import Views

P = TypeVar("P")
Decision = Callable[[Quotation, Actor, Context], Sequence[Step]]
Answer = Callable[[Views, str], object]
AuditOf = Callable[[Quotation, Context], tuple[AuditRow, ...]]


class Asked(NamedTuple, Generic[P]):
    """A command as somebody asked for it."""

    deps: Deps
    principal: Principal
    payload: P
    key: Key


def the_quotation(views: Views, audience: str) -> object:
    """The ack `{quotation}`: the author's own view."""
    return {"quotation": views.of(audience)}


def nothing(views: Views, audience: str) -> object:
    """The ack `{}`."""
    return {}


async def on_quotation(
    asked: Asked[Any],
    decide: Decision,
    *,
    answer: Answer = the_quotation,
    audit: AuditOf | None = None,
) -> bytes:
    """Runs `decide` on the quotation that the payload names, or whose booking it names, as one fact or several.

    What time has done to it by now comes first, so that a deadline holds even before the clockwork has noticed it.

    Raises:
        Refusal: `….not_found` when it is not there or not the principal's to see, else what `decide` refuses with.
    """
    context = asked.deps.context()
    target, missing = _target(asked)

    def decision(quotation: Quotation | None) -> Change:
        before = _theirs(asked.principal, quotation, missing)
        overdue = due(before, context)
        current = overdue[-1].after if overdue else before
        steps = (*overdue, *decide(current, actor_of(asked.principal), context))
        after = steps[-1].after if steps else before
        # Who gives their place up is answered all the same.
        audience = audience_of(asked.principal, after) or audience_of(asked.principal, current)
        if audience is None:
            raise missing()
        rows = audit(after, context) if audit else ()
        return change_of(asked.deps, before, steps, lambda views: answer(views, audience), rows)

    return await commit(asked.deps, target, decision)


async def commit(deps: Deps, target: Target, decide: Decide) -> bytes:
    """Commits and wakes the relay; the answer."""
    done = await deps.db.commit(target, decide)
    deps.wake()
    return done


def _target(asked: Asked[Any]) -> tuple[Target, Callable[[], Forbidden]]:
    """What the payload names, and how its absence is told."""
    if isinstance(asked.payload, OnBooking):
        return Target(booking_id=asked.payload.booking_id, key=asked.key, by=asked.principal), booking_not_found
    return Target(quotation_id=asked.payload.quotation_id, key=asked.key, by=asked.principal), quotation_not_found


def _theirs(principal: Principal, quotation: Quotation | None, missing: Callable[[], Forbidden]) -> Quotation:
    if quotation is None or audience_of(principal, quotation) is None:
        raise missing()
    return quotation
