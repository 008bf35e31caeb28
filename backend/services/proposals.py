"""What follows an award until the client answers: the proposal's document, and a reminder before it runs out.

None of it depends on what hotels do, but by the award itself. [P2]
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from backend.domain.quotation import Award, State
from backend.services.auth import principal_of
from backend.services.deps import Deps
from backend.services.documents import document
from backend.services.printing import Language
from backend.services.reactions import notify, people_of
from privacy.audiences import AGENCY, client_audience

NEAR = "proposal.near"
_LANGUAGES: tuple[Language, ...] = ("en", "es", "pt")


class Proposal(NamedTuple):
    """How a quotation stands; `remind_at` is when those who wait for an answer are reminded, if they are to be."""

    state: State | None
    remind_at: datetime | None = None


async def proposal(deps: Deps, quotation_id: str) -> Proposal:
    """The state is None where there is no such quotation."""
    found = await deps.db.quotation(quotation_id)
    if found is None:
        return Proposal(None)
    return Proposal(found.state, _remind_at(found.award, deps.rules.proposal_reminder) if found.award else None)


async def print_proposal(deps: Deps, quotation_id: str) -> int:
    """Has the client's proposal set in every language, so that it is there when it is asked for; how many were.

    Raises:
        Refusal: as `document`.
    """
    found = await deps.db.quotation(quotation_id)
    client = await deps.db.user(found.terms.client_id) if found and found.terms.client_id else None
    if found is None or client is None or found.state != "awarded":
        return 0
    for language in _LANGUAGES:
        await document(deps, principal_of(client), quotation_id, "proposal", language)
    return len(_LANGUAGES)


async def remind(deps: Deps, quotation_id: str) -> None:
    """Reminds the client and the agency, once for each award that still waits for an answer."""
    found = await deps.db.quotation(quotation_id)
    if found is None or found.state != "awarded" or found.award is None:
        return
    audiences = [AGENCY] + ([client_audience(found.terms.client_id)] if found.terms.client_id else [])
    owed = [(NEAR, user) for audience in audiences for user in await people_of(deps, found, audience)]
    once = f"{NEAR} {found.id} {found.award.offer_id} {found.award.until.isoformat()}"
    await notify(deps, found, owed, once, _near(found.award, deps.rules.proposal_reminder))


def _remind_at(award: Award, before: timedelta) -> datetime | None:
    """None for a proposal that ran out so soon that the award itself said so."""
    near = _near(award, before)
    return near if near > award.at else None


def _near(award: Award, before: timedelta) -> datetime:
    return award.until - before
