"""The dashboard: what happens is counted, each sees their own, and everything can be counted again."""

from typing import Any

import pytest
from sqlalchemy import delete

from backend.adapters.db import recounting, tables
from backend.domain.figures import HIGHEST_VALUE, figures_of
from backend.domain.refusals import Refusal
from backend.services.dashboard import dashboard
from backend.services.ports import Database
from backend.services.reads import quotation
from tests.support.stage import Stage


@pytest.fixture
async def stage(database: Database) -> Stage:
    return await Stage(database).set_up()


async def seen(stage: Stage, who: str, company_id: str | None = None) -> dict[str, Any]:
    await stage.settle()
    return await dashboard(stage.deps, stage.people[who], company_id)


async def sold(stage: Stage) -> str:
    """A quotation whose proposal was accepted; the Plaza answered after an hour, the Mirador after three."""
    quotation_id = await stage.published()
    await stage.forward(hours=1)
    offer_id = await stage.submit("plaza", quotation_id)
    await stage.forward(hours=2)
    await stage.submit("mirador", quotation_id)
    await stage.do("ana", "quotation.award", quotation_id=quotation_id, offer_id=offer_id)
    await stage.do("clara", "quotation.accept", quotation_id=quotation_id)
    return quotation_id


async def test_what_happens_is_counted(stage: Stage) -> None:
    await stage.draft()
    quotation_id = await sold(stage)
    figures = await seen(stage, "ana")
    assert figures["states"] == {"accepted": 1, "draft": 1}
    assert figures["funnel"] == {"published": 1, "offered": 1, "awarded": 1, "accepted": 1, "confirmed": 0}
    assert figures["answers"] == {"invited": 3, "answered": 2, "seconds": [3_600, 3_600, 10_800]}
    week = figures["weeks"][-1]
    assert len(figures["weeks"]) == 12
    assert (week["week"], week["published"], week["accepted"]) == ("2026-11-16", 1, 1)
    view = await quotation(stage.deps, stage.people["ana"], quotation_id)
    offer = next(one for one in view["offers"].values() if one["hotel_id"] == "plaza")
    assert week["values"] == [offer["agency_total"]]


async def test_each_sees_their_own_and_others_nothing(stage: Stage) -> None:
    """[P2.4] [P2.7]"""
    await sold(stage)
    everybodys = await seen(stage, "admin")
    assert everybodys == await seen(stage, "admin", "andes") == await seen(stage, "bruno", "andes")
    rios = await seen(stage, "carla")
    assert (rios["states"], rios["answers"]) == ({}, {"invited": 0, "answered": 0})
    for who, company_id in (("carla", "andes"), ("carla", "nobody"), ("clara", None), ("plaza-desk", None)):
        with pytest.raises(Refusal) as refused:
            await seen(stage, who, company_id)
        assert refused.value.code == "command.forbidden"


async def test_a_booking_that_was_called_off_is_worth_nothing(stage: Stage) -> None:
    quotation_id = await sold(stage)
    booking = (await quotation(stage.deps, stage.people["ana"], quotation_id))["booking"]
    await stage.do("ana", "booking.cancel", booking_id=booking["id"], reason="illness")
    figures = await seen(stage, "ana")
    assert figures["states"] == {"cancelled": 1}
    assert figures["funnel"]["accepted"] == 1
    assert figures["weeks"][-1]["values"] == []


async def test_counting_again_comes_to_the_same(stage: Stage, database_url: str) -> None:
    """As the migration does it, and the command."""
    await sold(stage)
    before = await seen(stage, "admin")
    database: Any = stage.db
    for table in (tables.quotation_figures, tables.invitation_figures):
        await database.write(delete(table))
    assert (await seen(stage, "admin"))["states"] == {}
    await database.transaction(recounting.recount)
    assert await seen(stage, "admin") == before
    assert await recounting.recount_all(database_url) == 1
    assert await seen(stage, "admin") == before


def test_what_goes_wrong_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert recounting.main(["sqlite:////proc/none/x.db"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


async def test_no_sum_is_too_large_for_a_database(stage: Stage) -> None:
    quotation_id = await stage.published()
    offer_id = await stage.submit("plaza", quotation_id, "90000000000.00")
    await stage.do("ana", "quotation.award", quotation_id=quotation_id, offer_id=offer_id)
    await stage.do("clara", "quotation.accept", quotation_id=quotation_id)
    document = await stage.db.quotation(quotation_id)
    assert document is not None
    assert figures_of(document).quotation.value is None
    assert HIGHEST_VALUE < 2**63 // 100_000
