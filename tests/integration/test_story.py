"""The main story on both databases: from draft to booking, everybody's view kept by frames alone. [D4]"""

import pytest

from backend.domain.refusals import Refusal
from backend.services.ports import Database
from tests.support.stage import Stage, Watcher


@pytest.fixture
async def stage(database: Database) -> Stage:
    return await Stage(database).set_up()


async def _agree(*watchers: Watcher) -> None:
    for watcher in watchers:
        await watcher.catch_up()
        assert watcher.view == await watcher.snapshot(), f"[D4] {watcher.who}"


async def test_from_draft_to_confirmed_booking(stage: Stage) -> None:
    company = await stage.watch("bruno", "company:andes")
    quotation = await stage.draft()
    room = f"quotation:{quotation}"
    ana, admin, clara = [await stage.watch(who, room) for who in ("ana", "admin", "clara")]

    await stage.do(
        "bruno",
        "quotation.edit",
        quotation_id=quotation,
        base_version=1,
        changes=[{"field": "rooms.double", "value": 10}, {"field": "notes", "value": "vegan menu"}],
    )
    await stage.do("ana", "quotation.publish", quotation_id=quotation, hotel_ids=["plaza", "mirador"])
    plaza, mirador = await stage.watch("plaza-desk", room), await stage.watch("mirador-desk", room)
    await _agree(ana, admin, clara, plaza, mirador)

    chosen = await stage.submit("plaza", quotation, "90.00")
    await stage.submit("mirador", quotation, "95.00")
    await stage.submit("mirador", quotation, "92.00")
    await _agree(ana, admin, clara, plaza, mirador)
    assert [frame["name"] for frame in plaza.frames] == ["offer.submitted"]
    assert [frame["name"] for frame in mirador.frames] == ["offer.submitted", "offer.revised"]
    assert [frame["name"] for frame in clara.frames] == ["quotation.published"]
    assert {offer["state"] for offer in ana.view["offers"].values()} == {"submitted", "revised"}

    await stage.do("ana", "quotation.award", quotation_id=quotation, offer_id=chosen)
    await _agree(ana, admin, clara, plaza, mirador)
    assert (plaza.view["invitation"], mirador.view["invitation"]) == ("selected", "not_selected")
    assert clara.view["state"] == "awarded"
    assert clara.view["selling"]["total"]["currency"] == "USD"

    accepted = await stage.do("clara", "quotation.accept", quotation_id=quotation)
    await _agree(ana, admin, clara, plaza, mirador)
    booking = accepted["quotation"]["booking"]["id"]
    await stage.settle()
    await _agree(ana, admin, clara, plaza, mirador)
    (line,) = plaza.view["booking"]["lines"]
    await stage.do("plaza-desk", "booking.confirm_line", booking_id=booking, line_id=line)
    await stage.settle()
    await _agree(ana, admin, clara, plaza, mirador)
    assert clara.view["state"] == "confirmed"
    assert "booking" not in mirador.view
    await company.catch_up()
    assert company.view["quotations"][quotation]["state"] == "confirmed"


async def test_the_deadline_closes_and_an_unanswered_rfq_expires(stage: Stage) -> None:
    quotation = await stage.published("plaza", "mirador")
    room = f"quotation:{quotation}"
    watchers = [await stage.watch(who, room) for who in ("ana", "admin", "plaza-desk", "mirador-desk")]
    await stage.forward(days=8)
    await _agree(*watchers)
    assert [watcher.view.get("state", watcher.view.get("invitation")) for watcher in watchers] == [
        "expired",
        "expired",
        "not_selected",
        "not_selected",
    ]


async def test_a_grant_gives_the_channel_a_new_epoch(stage: Stage) -> None:
    """[P6] Nothing under the old rights: the hotel's channel starts anew, with a snapshot that has the disclosure."""
    quotation = await stage.published("plaza", "mirador")
    await stage.submit("mirador", quotation)
    plaza = await stage.watch("plaza-desk", f"quotation:{quotation}")
    await stage.do("admin", "quotation.grant", quotation_id=quotation, hotel_id="plaza", reason="joint bid")
    await _agree(plaza)
    assert plaza.resets == 1
    assert len(plaza.view["competitors"]) == 1
    await stage.do("admin", "quotation.revoke", quotation_id=quotation, hotel_id="plaza", reason="it is over")
    await _agree(plaza)
    assert "competitors" not in plaza.view


async def test_a_client_who_is_replaced_is_out(stage: Stage) -> None:
    """[P6] The new client sees the quotation, the old one no longer."""
    quotation = await stage.draft()
    clara = await stage.watch("clara", f"quotation:{quotation}")
    changes = [{"field": "client_id", "value": "cesar"}]
    await stage.do("ana", "quotation.edit", quotation_id=quotation, base_version=1, changes=changes)
    await _agree(await stage.watch("cesar", f"quotation:{quotation}"))
    with pytest.raises(Refusal, match="may not join") as refused:
        await clara.may_watch()
    assert refused.value.code == "room.forbidden"


async def test_the_same_key_has_one_effect_and_one_answer(stage: Stage) -> None:
    """[D5]"""
    quotation = await stage.published("plaza")
    first = await stage.do(
        "ana",
        "quotation.extend",
        key="the-same-key",
        quotation_id=quotation,
        deadline="2026-12-20T00:00:00Z",
        reason="more time",
    )
    again = await stage.do(
        "ana",
        "quotation.extend",
        key="the-same-key",
        quotation_id=quotation,
        deadline="2026-12-20T00:00:00Z",
        reason="more time",
    )
    assert first == again
    assert len(first["quotation"]["extensions"]) == 1


async def test_what_is_not_theirs_and_what_is_not_there_read_alike(stage: Stage) -> None:
    """[S1] [P2]"""
    quotation = await stage.published("plaza")
    answers = []
    for who in ("carla", "cesar", "sol-desk"):
        for room in (f"quotation:{quotation}", "quotation:nothing-there"):
            with pytest.raises(Refusal) as refused:
                await stage.watch(who, room)
            answers.append((refused.value.code, refused.value.message, refused.value.data))
    assert len(set(map(repr, answers))) == 1
