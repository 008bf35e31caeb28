"""A quotation from its RFQ to the client's answer.

What time does to it (closing, ranking, revealing, awarding, running out) is the clock's, in the one function that
commands go by, too; hotels were found and invited as it was published. This workflow follows: it brings what prices
are computed with up to date when the RFQ goes out and when it closes; once there is a proposal, whose price stands, it
has it printed, and reminds those who wait for an answer before it runs out.
"""

from datetime import datetime
from typing import Any, Final

from backend.services.proposals import print_proposal, proposal, remind
from backend.services.repricing import reprice
from workers.workflows.flows import Outcome, Over, Refused, Wait, Work

_UNDER_WAY: Final = ("draft", "published", "reviewing")


async def quotation(work: Work, *, quotation_id: str) -> Outcome:
    """Is over once the client has accepted, or nobody waits for an answer any more."""
    deps = work.deps

    async def look() -> dict[str, Any]:
        found = await proposal(deps, quotation_id)
        return {"state": found.state, "remind_at": found.remind_at and found.remind_at.isoformat()}

    found = await work.step("look", look)
    if found["state"] in _UNDER_WAY:
        await work.step("compute", lambda: reprice(deps, quotation_id))
        return Wait()
    if found["state"] != "awarded":
        return Over()
    await _print(work, quotation_id)
    if found["remind_at"] is None:
        return Wait()
    remind_at = datetime.fromisoformat(found["remind_at"])
    if await work.now() < remind_at:
        return Wait(remind_at)
    await work.step("remind", lambda: remind(deps, quotation_id))
    return Wait()


async def _print(work: Work, quotation_id: str) -> None:
    """A proposal that there is no document of, for now, is one all the same."""
    try:
        await work.step("print", lambda: print_proposal(work.deps, quotation_id))
    except Refused:
        return
