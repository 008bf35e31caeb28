"""[D8.8] The workflow of a quotation: it follows what happens, and reminds those who wait for an answer."""

from typing import Any

import pytest

from backend.domain.principals import Principal
from backend.services import inbox
from backend.services.ports import Database
from tests.support.stage import PEOPLE, Stage


@pytest.fixture
async def stage(database: Database) -> Stage:
    return await Stage(database).set_up()


async def _goes_on(stage: Stage) -> int:
    """What the relay and the workers would do by now; how many turns."""
    return await stage.settle()


async def _reminded(stage: Stage) -> list[str]:
    """Who has a reminder waiting, as often as there is one."""
    return [user.id for user in PEOPLE for item in await _items(stage, stage.people[user.id]) if _near(item)]


async def _items(stage: Stage, person: Principal) -> list[dict[str, Any]]:
    return list((await inbox.page(stage.deps, person))["items"])


def _near(item: dict[str, Any]) -> bool:
    return bool(item["kind"] == "proposal.near")


async def _awarded(stage: Stage) -> str:
    quotation = await stage.published("plaza", "mirador")
    offer = await stage.submit("plaza", quotation)
    await stage.submit("mirador", quotation)
    await _goes_on(stage)
    await stage.do("ana", "quotation.award", quotation_id=quotation, offer_id=offer)
    await _goes_on(stage)
    return quotation


async def _state(stage: Stage, quotation: str) -> str | None:
    found = await stage.db.workflow(f"quotation:{quotation}")
    return found and found.state


async def test_reminds_the_client_and_the_agency_once(stage: Stage) -> None:
    quotation = await _awarded(stage)
    await stage.forward(days=5.9)
    assert await _goes_on(stage) == 0
    assert await _reminded(stage) == []
    await stage.forward(days=0.1)
    assert await _goes_on(stage) == 1
    assert await _reminded(stage) == ["ana", "bruno", "clara"]
    await stage.deps.workflows.send(f"quotation:{quotation}", "changed", "for no reason")
    assert await _goes_on(stage) == 1
    assert await _reminded(stage) == ["ana", "bruno", "clara"]


async def test_an_answer_needs_no_reminder(stage: Stage) -> None:
    quotation = await _awarded(stage)
    await stage.do("clara", "quotation.accept", quotation_id=quotation)
    await _goes_on(stage)
    assert await _state(stage, quotation) == "done"
    await stage.forward(days=6.5)
    await _goes_on(stage)
    assert await _reminded(stage) == []


async def test_another_award_after_a_no_has_a_reminder_of_its_own(stage: Stage) -> None:
    quotation = await _awarded(stage)
    await stage.forward(days=6.5)
    await _goes_on(stage)
    await stage.do("clara", "quotation.reject", quotation_id=quotation)
    await _goes_on(stage)
    assert await _state(stage, quotation) == "waiting"
    found = await stage.db.quotation(quotation)
    assert found is not None
    other = next(offer.id for offer in found.offers.values() if offer.hotel_id == "mirador")
    await stage.do("ana", "quotation.award", quotation_id=quotation, offer_id=other)
    await _goes_on(stage)
    assert await _reminded(stage) == ["ana", "bruno", "clara"]
    await stage.forward(days=6.5)
    await _goes_on(stage)
    assert await _reminded(stage) == ["ana", "ana", "bruno", "bruno", "clara", "clara"]


async def test_is_over_when_the_proposal_ran_out(stage: Stage) -> None:
    quotation = await _awarded(stage)
    await stage.forward(days=7.1)
    await _goes_on(stage)
    assert await _state(stage, quotation) == "done"


async def test_no_offer_moves_it(stage: Stage) -> None:
    """[P2] It takes no turn over what hotels do."""
    quotation = await stage.published("plaza", "mirador")
    assert await _goes_on(stage) == 1
    await stage.submit("plaza", quotation)
    await stage.submit("plaza", quotation, "90.00")
    await stage.do("plaza-desk", "offer.withdraw", quotation_id=quotation)
    await stage.submit("mirador", quotation)
    assert await _goes_on(stage) == 0
