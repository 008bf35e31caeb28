"""[D8.4] The reminder of a deadline, on both databases: for whom, how often, whatever dies or runs twice."""

import asyncio
from datetime import timedelta

import pytest

from backend.services import inbox
from backend.services.clockwork import tick
from backend.services.ports import Database
from backend.services.reactions import react
from tests.support.stage import PEOPLE, Stage


@pytest.fixture
async def stage(database: Database) -> Stage:
    return await Stage(database).set_up()


async def _reminded(stage: Stage) -> list[str]:
    """Who has a reminder waiting, as often as there is one."""
    await stage.settle()
    found = []
    for user in PEOPLE:
        page = await inbox.page(stage.deps, stage.people[user.id])
        found += [user.id for item in page["items"] if item["kind"] == "deadline.near"]
    return found


async def test_reaches_the_agency_and_every_hotel_that_is_asked(stage: Stage) -> None:
    """Whether it has offered or not; nobody else, and a hotel that was uninvited no more. [P2.6]"""
    quotation = await stage.published("plaza", "mirador", "sol")
    await stage.submit("plaza", quotation)
    await stage.do("ana", "quotation.uninvite", quotation_id=quotation, hotel_ids=["sol"])
    await stage.forward(days=5.9)
    assert await _reminded(stage) == []
    await stage.forward(days=0.1)
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk", "mirador-desk"]
    await stage.forward(hours=1)
    await stage.forward(days=2)
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk", "mirador-desk"]


async def test_waits_until_it_is_acked(stage: Stage) -> None:
    """[D8.1]"""
    quotation = await stage.published("plaza")
    await stage.forward(days=6.5)
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk"]
    principal = stage.people["plaza-desk"]
    (item,) = [one for one in (await inbox.page(stage.deps, principal))["items"] if one["kind"] == "deadline.near"]
    assert (item["quotation_id"], item["title"], item["invitation"]) == (quotation, "Cusco 2027", "open")
    await inbox.ack(stage.deps, principal, [item["id"]])
    assert await _reminded(stage) == ["ana", "bruno"]


async def test_several_clocks_make_one(stage: Stage) -> None:
    await stage.published("plaza")
    stage.now += timedelta(days=6)
    await asyncio.gather(*(tick(stage.deps) for _ in range(4)))
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk"]


async def test_a_relay_that_dies_before_forgetting_makes_none_twice(stage: Stage) -> None:
    """[D2.2] The event is handed over once more; what it owes was made."""
    await stage.published("plaza")
    await stage.forward(days=6)
    for row in await stage.db.outbox(100):
        for event in row.events:
            await react(stage.deps, event)
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk"]


async def test_a_clock_that_was_away_makes_up_for_it(stage: Stage) -> None:
    """Commands meanwhile do not put it off for good."""
    quotation = await stage.published("plaza")
    stage.now += timedelta(days=6, hours=12)
    await stage.submit("plaza", quotation)
    assert await _reminded(stage) == []
    await tick(stage.deps)
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk"]


async def test_an_extension_that_overtakes_the_reminder_has_its_own(stage: Stage) -> None:
    """A relay that comes late reminds nobody of a deadline that is over."""
    quotation = await stage.published("plaza")
    await stage.forward(days=6)
    later = (stage.now + timedelta(days=3)).isoformat()
    await stage.do("ana", "quotation.extend", quotation_id=quotation, deadline=later, reason="more time")
    assert await _reminded(stage) == []
    await stage.forward(days=2)
    assert await _reminded(stage) == ["ana", "bruno", "plaza-desk"]


async def test_an_rfq_closed_meanwhile_reminds_nobody(stage: Stage) -> None:
    quotation = await stage.published("plaza")
    await stage.forward(days=6)
    await stage.do("ana", "quotation.close", quotation_id=quotation)
    assert await _reminded(stage) == []
