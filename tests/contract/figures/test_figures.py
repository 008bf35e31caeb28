"""The port `Business`, on each database."""

from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from backend.domain.figures import (
    Answers,
    Figures,
    Funnel,
    InvitationFigures,
    QuotationFigures,
    Weeks,
    week_of,
)
from backend.services.ports import Database

FIRST, SECOND, LAST = date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)
WEEKS = Weeks(FIRST, LAST)


def made(id_: str, *answers: int | None, company: str = "andes", week: date = LAST, **more: Any) -> Figures:
    """A quotation that was published in that week, with a hotel for each of the answers."""
    asked = [
        InvitationFigures(
            quotation_id=id_,
            hotel_id=f"hotel-{n}",
            company_id=company,
            serial=1,
            invited_in=week,
            answered_after=after,
        )
        for n, after in enumerate(answers)
    ]
    given = {"state": "published", "made_in": week, "published_in": week, "offered": any(answers), **more}
    return Figures(QuotationFigures(quotation_id=id_, company_id=company, serial=1, **given), tuple(asked))


async def test_the_figures_of_a_company_and_of_all(database: Database) -> None:
    """[P2.4] Of another company's quotations nothing is in a company's figures."""
    sold: dict[str, Any] = {"state": "confirmed", "awarded": True, "accepted_in": LAST, "confirmed": True}
    await database.keep_figures(made("a", 60, 120, 180, 240, None, week=SECOND, **sold, currency="USD", value=1_050))
    await database.keep_figures(made("b", 600, **sold, currency="USD", value=50))
    await database.keep_figures(made("c", **{**sold, "confirmed": False, "state": "accepted"}, currency="EUR", value=9))
    await database.keep_figures(made("d", published_in=None, state="draft"))
    await database.keep_figures(made("x", 5, company="rio", awarded=True))

    counts = await database.quotation_counts("andes", WEEKS)
    assert counts.states == {"confirmed": 2, "accepted": 1, "draft": 1}
    assert counts.funnel == Funnel(published=3, offered=2, awarded=3, accepted=3, confirmed=2)
    assert counts.published == {SECOND: 1, LAST: 2}
    assert counts.accepted == {LAST: 3}
    assert counts.values == {LAST: {"USD": 1_100, "EUR": 9}}
    times = await database.answer_times("andes", WEEKS)
    assert times.whole == Answers(invited=6, answered=5, quartiles=(120, 180, 240))
    assert times.weeks == {
        SECOND: Answers(invited=5, answered=4, quartiles=(60, 120, 180)),
        LAST: Answers(invited=1, answered=1, quartiles=(600, 600, 600)),
    }

    everybodys = await database.quotation_counts(None, WEEKS)
    assert everybodys.states == {"confirmed": 2, "accepted": 1, "draft": 1, "published": 1}
    assert everybodys.funnel.published == 4
    assert (await database.answer_times(None, WEEKS)).whole.quartiles == (60, 120, 240)


async def test_nothing_is_nothing(database: Database) -> None:
    counts = await database.quotation_counts("andes", WEEKS)
    assert (counts.states, counts.funnel, counts.published, counts.values) == ({}, Funnel(), {}, {})
    times = await database.answer_times(None, WEEKS)
    assert (times.whole, times.weeks) == (Answers(), {})


async def test_what_is_older_is_left_out(database: Database) -> None:
    await database.keep_figures(made("old", 60, week=date(2025, 11, 17)))
    await database.keep_figures(made("before", 60, week=date(2026, 11, 2)))
    counts = await database.quotation_counts("andes", WEEKS)
    assert counts.states == {"published": 1}
    assert counts.funnel.published == 0
    assert (await database.answer_times("andes", WEEKS)).whole.invited == 0


async def test_a_later_serial_is_never_undone(database: Database) -> None:
    """[D2.2] A reaction that was late, or is done again, changes nothing."""
    early = made("a", None)
    late = Figures(
        replace(early.quotation, serial=2, state="reviewing", offered=True),
        (replace(early.invitations[0], serial=2, answered_after=30),),
    )
    for figures in (early, late, early, late):
        await database.keep_figures(figures)
    assert (await database.quotation_counts(None, WEEKS)).states == {"reviewing": 1}
    assert (await database.answer_times(None, WEEKS)).whole == Answers(invited=1, answered=1, quartiles=(30, 30, 30))


async def test_sums_that_no_database_could_keep_are_not_asked_for(database: Database) -> None:
    for number in range(3):
        await database.keep_figures(made(str(number), accepted_in=LAST, currency="USD", value=10**13))
    assert (await database.quotation_counts(None, WEEKS)).values == {LAST: {"USD": 3 * 10**13}}


def test_a_week_is_named_by_its_monday_in_utc() -> None:
    assert week_of(datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) == SECOND
    assert week_of(datetime.fromisoformat("2026-11-22T23:30:00-05:00")) == LAST
