"""[D8.5] Mentions in the notes, on both databases: the colleagues they address are told, and nobody else."""

from typing import Any

import pytest

from backend.services import inbox
from backend.services.ports import Database
from backend.services.reactions import react
from tests.support.stage import PEOPLE, Stage

EVERYBODY = " ".join(f"@{user.email} @{user.email.partition('@')[0]} @{user.id}" for user in PEOPLE)


@pytest.fixture
async def stage(database: Database) -> Stage:
    return await Stage(database).set_up()


async def _mentioned(stage: Stage) -> list[str]:
    """Who has a mention waiting, as often as there is one."""
    await stage.settle()
    found = []
    for user in PEOPLE:
        page = await inbox.page(stage.deps, stage.people[user.id])
        found += [user.id for item in page["items"] if item["kind"] == "mention"]
    return found


async def _note(stage: Stage, who: str, quotation: str, text: str, field: str = "internal_notes") -> dict[str, Any]:
    changes = [{"field": field, "value": text}]
    return await stage.do(who, "quotation.edit", quotation_id=quotation, base_version=1, changes=changes)


@pytest.mark.parametrize("field", ["notes", "internal_notes"])
async def test_only_colleagues_are_told(stage: Stage, field: str) -> None:
    """[P1.4] Not the author, nor a hotel that is asked, the client, another agency or the operator."""
    quotation = await stage.published("plaza")
    await _note(stage, "ana", quotation, EVERYBODY, field)
    assert await _mentioned(stage) == ["bruno"]


async def test_the_operators_note_addresses_the_agencys_people(stage: Stage) -> None:
    quotation = await stage.draft()
    await _note(stage, "admin", quotation, EVERYBODY)
    assert await _mentioned(stage) == ["ana", "bruno"]


async def test_a_new_quotation_may_mention(stage: Stage) -> None:
    await stage.draft(notes="@bruno, yours?")
    assert await _mentioned(stage) == ["bruno"]


async def test_only_a_new_mention_is_told(stage: Stage) -> None:
    quotation = await stage.draft(notes="@bruno, yours?")
    await _note(stage, "ana", quotation, "@bruno, is it yours?", "notes")
    assert await _mentioned(stage) == ["bruno"]
    await _note(stage, "ana", quotation, "@bruno, is it yours? @Bruno!", "notes")
    assert await _mentioned(stage) == ["bruno", "bruno"]


async def test_a_mention_waits_until_it_is_acked(stage: Stage) -> None:
    """[D8.1] It says where, and nothing of what the note says."""
    quotation = await stage.draft(internal_notes="@bruno they pay late")
    await stage.settle()
    page = await inbox.page(stage.deps, stage.people["bruno"])
    (item,) = page["items"]
    assert item == {"id": item["id"], "kind": "mention", "at": item["at"], "quotation_id": quotation} | {
        "title": "Cusco 2027",
        "state": "draft",
    }
    await inbox.ack(stage.deps, stage.people["bruno"], [item["id"]])
    assert await _mentioned(stage) == []


async def test_a_mention_is_told_once_whatever_is_handed_over_again(stage: Stage) -> None:
    """[D2.2]"""
    await stage.draft(notes="@bruno @bruno@test")
    for row in await stage.db.outbox(100):
        for event in row.events:
            await react(stage.deps, event)
    assert await _mentioned(stage) == ["bruno"]
