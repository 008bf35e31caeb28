"""The figures of the business: kept a row a quotation and a row an invitation, summed up where they are asked for."""

from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, Executable, Row, and_, case, func, literal, select

from backend.adapters.db import tables
from backend.adapters.db.store import Dialect, Store, upsert
from backend.domain.figures import Answers, AnswerTimes, Figures, Funnel, QuotationCounts, Weeks

_quotations, _invitations = tables.quotation_figures.c, tables.invitation_figures.c
_YEAR: Final = timedelta(weeks=52)
_MOST_ANSWERS: Final = 100_000
_NUMBER = func.count().label("number")


class FigureRows(Store):
    """The port `Business`."""

    async def keep_figures(self, figures: Figures) -> None:
        await self.transaction(partial(keep, dialect=self.dialect, figures=figures))

    async def quotation_counts(self, company_id: str | None, weeks: Weeks) -> QuotationCounts:
        mine = _of(_quotations.company_id, company_id) & (_quotations.made_in >= weeks.last - _YEAR)
        states = select(_quotations.state, _NUMBER).where(mine).group_by(_quotations.state)
        published = await self.rows(_by_week(_quotations.published_in, mine, weeks))
        accepted = await self.rows(_by_week(_quotations.accepted_in, mine, weeks))
        values: dict[date, dict[str, int]] = defaultdict(dict)
        for row in await self.rows(_values(mine, weeks)):
            values[row.week][row.currency] = int(row.value)
        return QuotationCounts(
            states={row.state: row.number for row in await self.rows(states)},
            funnel=Funnel(**(await self.rows(_funnel(mine, weeks)))[0]._asdict()),
            published={row.week: row.number for row in published},
            accepted={row.week: row.number for row in accepted},
            values=dict(values),
        )

    async def answer_times(self, company_id: str | None, weeks: Weeks) -> AnswerTimes:
        mine = _of(_invitations.company_id, company_id) & _invitations.invited_in.between(weeks.first, weeks.last)
        answered = func.count(_invitations.answered_after).label("answered")
        counts = await self.rows(
            select(_invitations.invited_in.label("week"), _NUMBER, answered)
            .where(mine)
            .group_by(_invitations.invited_in)
        )
        by_week = {row.part: _three(row) for row in await self.rows(_quartiles(mine, by_week=True))}
        whole = [_three(row) for row in await self.rows(_quartiles(mine, by_week=False))]
        return AnswerTimes(
            Answers(
                invited=sum(row.number for row in counts),
                answered=sum(row.answered for row in counts),
                quartiles=whole[0] if whole else None,
            ),
            {
                row.week: Answers(invited=row.number, answered=row.answered, quartiles=by_week.get(row.week))
                for row in counts
            },
        )


def keep(connection: Connection, dialect: Dialect, figures: Figures) -> None:
    """Replaces what a quotation counted for before, unless that was of a later serial."""
    quotation = upsert(dialect, tables.quotation_figures, rising="serial")
    connection.execute(quotation, msgspec.structs.asdict(figures.quotation))
    if figures.invitations:
        invitation = upsert(dialect, tables.invitation_figures, rising="serial")
        connection.execute(invitation, [msgspec.structs.asdict(one) for one in figures.invitations])


def _three(row: Row[Any]) -> tuple[int, int, int]:
    return row.lower, row.median, row.upper


def _of(column: ColumnElement[Any], company_id: str | None) -> ColumnElement[bool]:
    return and_(True, *((column == company_id,) if company_id is not None else ()))


def _by_week(week: ColumnElement[Any], mine: ColumnElement[bool], weeks: Weeks) -> Executable:
    return select(week.label("week"), _NUMBER).where(mine, week.between(weeks.first, weeks.last)).group_by(week)


def _values(mine: ColumnElement[bool], weeks: Weeks) -> Executable:
    week, currency, value = _quotations.accepted_in, _quotations.currency, _quotations.value
    return (
        select(week.label("week"), currency, func.sum(value).label("value"))
        .where(mine, week.between(weeks.first, weeks.last), value.is_not(None))
        .group_by(week, currency)
    )


def _funnel(mine: ColumnElement[bool], weeks: Weeks) -> Executable:
    stages = {
        "offered": _quotations.offered,
        "awarded": _quotations.awarded,
        "accepted": _quotations.accepted_in.is_not(None),
        "confirmed": _quotations.confirmed,
    }
    counts = [func.count(case((reached, 1))).label(name) for name, reached in stages.items()]
    published = _quotations.published_in.between(weeks.first, weeks.last)
    return select(func.count().label("published"), *counts).where(mine, published)


def _quartiles(mine: ColumnElement[bool], *, by_week: bool) -> Executable:
    """A row per week, or one for all of them; none where nobody answered."""
    newest = (
        select(_invitations.invited_in, _invitations.answered_after)
        .where(mine, _invitations.answered_after.is_not(None))
        .order_by(_invitations.invited_in.desc())
        .limit(_MOST_ANSWERS)
        .subquery()
    )
    group = newest.c.invited_in if by_week else literal(0)
    ranked = select(
        group.label("part"),
        newest.c.answered_after,
        func.row_number().over(partition_by=group, order_by=newest.c.answered_after).label("place"),
        func.count().over(partition_by=group).label("many"),
    ).subquery()
    place, many, after = ranked.c.place, ranked.c.many, ranked.c.answered_after
    quartiles = [
        func.min(case((place * 4 >= many * quarter, after))).label(name)
        for quarter, name in ((1, "lower"), (2, "median"), (3, "upper"))
    ]
    return select(ranked.c.part, *quartiles).group_by(ranked.c.part)
