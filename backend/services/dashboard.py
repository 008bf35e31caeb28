"""The figures of the business: counted as things happen, and shown to those whose business it is.

An agency sees its own company alone, and amounts as the agency pays them. [P2]
"""

from datetime import timedelta
from decimal import Decimal
from typing import Final

import msgspec

from backend.domain.figures import SILENT, Answers, Weeks, figures_of, week_of
from backend.domain.money import minor_digits
from backend.domain.principals import Principal
from backend.domain.refusals import Forbidden
from backend.services.catalogue import allow
from backend.services.deps import Deps
from backend.services.paging import Item
from backend.services.records import StoredEvent

WEEKS: Final = 12
"""So many are shown, the running one included."""


async def count(deps: Deps, stored: StoredEvent) -> None:
    """What follows an event: its quotation counts for what it is by now. Doing it again changes nothing."""
    if stored.quotation_id is None or stored.event.name in SILENT:
        return
    quotation = await deps.db.quotation(stored.quotation_id)
    if quotation is not None:
        await deps.db.keep_figures(figures_of(quotation))


async def dashboard(deps: Deps, principal: Principal, company_id: str | None = None) -> Item:
    """The last weeks in figures: an agency's own, for admins everybody's or one company's.

    Raises:
        Refusal: `command.forbidden`, whatever there is.
    """
    allow(principal, "admin", "agent")
    whose = _whose(principal, company_id)
    last = week_of(deps.now())
    weeks = Weeks(last - timedelta(weeks=WEEKS - 1), last)
    counts = await deps.db.quotation_counts(whose, weeks)
    times = await deps.db.answer_times(whose, weeks)
    return {
        "states": dict(sorted(counts.states.items())),
        "funnel": msgspec.structs.asdict(counts.funnel),
        "answers": _answers(times.whole),
        "weeks": [
            {
                "week": week.isoformat(),
                "published": counts.published.get(week, 0),
                "accepted": counts.accepted.get(week, 0),
                "values": _values(counts.values.get(week, {})),
                "answers": _answers(times.weeks.get(week, Answers())),
            }
            for week in weeks.all
        ],
    }


def _whose(principal: Principal, company_id: str | None) -> str | None:
    if principal.role == "admin":
        return company_id
    if principal.company_id is None or company_id not in (None, principal.company_id):
        raise Forbidden("command.forbidden", "That is not for your role.")
    return principal.company_id


def _answers(answers: Answers) -> Item:
    shown: Item = {"invited": answers.invited, "answered": answers.answered}
    return shown | ({"seconds": list(answers.quartiles)} if answers.quartiles else {})


def _values(by_currency: dict[str, int]) -> list[Item]:
    return [
        {"amount": str(Decimal(minor).scaleb(-minor_digits(currency))), "currency": currency}
        for currency, minor in sorted(by_currency.items())
    ]
