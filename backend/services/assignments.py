"""The use cases of guides: they see what they are assigned to, and say whether they come."""

from backend.domain import guiding
from backend.domain.refusals import booking_not_found
from backend.services import payloads
from backend.services.usecase import Answer, Asked, Decision, on_quotation
from privacy.views import Views


async def confirm(asked: Asked[payloads.OnAssignment]) -> bytes:
    id_ = asked.payload.assignment_id
    return await _on_assignment(
        asked,
        lambda q, by, ctx: guiding.confirm(q, id_, by, ctx),
        lambda views, audience: _assignment(views, audience, id_),
    )


async def decline(asked: Asked[payloads.OnAssignment]) -> bytes:
    """Who declined sees nothing of the booking any more, so the answer is no view."""
    id_, reason = asked.payload.assignment_id, asked.payload.reason
    return await _on_assignment(
        asked,
        lambda q, by, ctx: guiding.decline(q, id_, reason, by, ctx),
        lambda _, __: {"assignment": {"id": id_, "answer": "declined"}},
    )


async def _on_assignment(asked: Asked[payloads.OnAssignment], decide: Decision, answer: Answer) -> bytes:
    """An assignment has the id of the claim that holds the guide's days, and that knows its booking."""
    booking_id = await asked.deps.db.booking_of_claim(asked.payload.assignment_id)
    if booking_id is None:
        raise booking_not_found()
    on_booking = payloads.OnBooking(key=asked.payload.key, booking_id=booking_id)
    return await on_quotation(Asked(asked.deps, asked.principal, on_booking, asked.key), decide, answer=answer)


def _assignment(views: Views, audience: str, assignment_id: str) -> object:
    holds = views.of(audience).get("booking", {}).get("holds", {})
    return {"assignment": holds.get(assignment_id, {})}
