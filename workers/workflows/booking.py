"""A booking from its acceptance to its end, as its saga plans it."""

from functools import partial

from backend.domain.saga import Action, Plan
from backend.services import sagas
from workers.workflows.flows import Outcome, Work
from workers.workflows.plans import Acting, carry_out


async def booking(work: Work, *, booking_id: str) -> Outcome:
    """Is over once nothing can happen to the booking any more."""
    deps = work.deps

    async def failed(action: Action, code: str) -> None:
        await sagas.failed(deps, booking_id, action, code)

    plan = partial(sagas.plan, deps, booking_id)
    return await carry_out(work, Acting(Plan, plan, partial(sagas.perform, deps, booking_id), failed))
