"""A commit stores all of a change, or nothing."""

import json
from dataclasses import dataclass

import msgspec
import pytest

from backend.domain.bookings import Booking
from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.services.ports import Database
from backend.services.records import Announcement, AuditFilter, AuditRow, Change, ChannelPosition, Notification, Target
from tests.support.commits import NOW, always, create, edit, event, frame, mark_of, new_id, quotation, version


@dataclass
class Seen:
    """A decision that remembers what it was given."""

    change: Change
    given: list[Quotation | None]

    def __call__(self, before: Quotation | None) -> Change:
        self.given.append(before)
        return self.change


async def test_a_new_quotation_is_read_back_as_it_was(database: Database) -> None:
    made = await create(database, quotation(client=None), "agency:andes")
    assert await database.quotation(made.id) == made
    assert await database.quotation("nowhere") is None


async def test_decide_is_given_what_the_target_names(database: Database) -> None:
    booking = Booking(id="b1", reference="R7", status="pending", steps={}, lines={}, created_at=NOW)
    made = await create(database, quotation(booking=booking))
    seen = Seen(Change(answer=b"ok"), [])
    for target in (
        Target(quotation_id=made.id),
        Target(booking_id="b1"),
        Target(),
        Target(quotation_id="nowhere"),
        Target(booking_id="nowhere"),
    ):
        assert await database.commit(target, seen) == b"ok"
    assert seen.given == [made, made, None, None, None]
    assert await database.quotation_of_booking("b1") == made
    assert await database.quotation_of_booking("nowhere") is None


async def test_an_edit_replaces_the_document(database: Database) -> None:
    made = await create(database, quotation())
    await database.commit(Target(quotation_id=made.id), edit())
    assert await database.quotation(made.id) == msgspec.structs.replace(made, version=2, serial=2)


async def test_everything_in_a_change_is_stored(database: Database) -> None:
    made = quotation()
    news = Announcement(id="n1", title="Snow in Bariloche", body="<b>Take care</b>", at=NOW)
    audit = AuditRow(id="a1", at=NOW, user_id="ana", company_id="andes", action="x", subject=made.id, outcome="ok")
    note = Notification(id="i1", user_id="ana", at=NOW, kind="invitation", quotation_id=made.id)
    change = Change(
        answer=b"stored",
        quotation=made,
        created=True,
        audiences=frozenset({"admin"}),
        events=(event(made.id, 1), event(made.id, 2)),
        frames=(frame("q/admin", 1), frame("q/agency", 1), frame("q/admin", 2)),
        versions=(version(1), version(2)),
        audit=(audit,),
        announcement=news,
        notifications=(note,),
    )
    assert await database.commit(Target(), always(change)) == b"stored"
    assert await database.quotations("admin", None, 5) == (made,)
    assert await database.versions(made.id, None, 5) == (version(2), version(1))
    assert await database.announcements(None, 5) == (news,)
    assert await database.unread("ana", 5) == ((note,), 1)
    assert await database.audit(AuditFilter(subject=made.id), None, 5) == (audit,)
    assert (await database.outbox(5))[0].events == change.events


async def test_epoch_and_seq_are_spliced_into_the_bodies(database: Database) -> None:
    """[P4] Each channel counts for itself, and a frame's body says where in its channel it stands."""
    change = Change(answer=b"", frames=(frame("b", "x'\"\\ñ"), frame("a", 1), frame("b", 2)))
    await database.commit(Target(), always(change))
    at = (await database.position(["b"]))["b"]
    first, second = await database.frames("b", at.epoch, 0, 10)
    assert (first.gen, first.epoch, first.seq, second.seq, at.seq) == (at.gen, at.epoch, 1, 2, 2)
    assert json.loads(first.body) == {"v": 1, "epoch": at.epoch, "seq": 1, "data": {"mark": "x'\"\\ñ"}}
    assert second.body.startswith(b'{"v":1,"epoch":"' + at.epoch.encode() + b'","seq":2,')
    assert mark_of(second.body) == 2


async def test_a_refusal_stores_nothing(database: Database) -> None:
    made = await create(database, quotation())
    waiting = await database.outbox(9)

    def refuse(_: Quotation | None) -> Change:
        raise Refusal("offer.too_late", "The deadline has passed.")

    with pytest.raises(Refusal, match="deadline") as refused:
        await database.commit(Target(quotation_id=made.id), refuse)
    assert refused.value.code == "offer.too_late"
    assert await database.outbox(9) == waiting
    assert await database.quotation(made.id) == made


async def test_what_cannot_be_stored_leaves_nothing_behind(database: Database) -> None:
    """A serial that was there already fails in the middle of the transaction; the next command is fine."""
    made = await create(database, quotation())
    clash = Change(answer=b"", frames=(frame("c"),), events=(event(made.id, made.serial),))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await database.commit(Target(quotation_id=made.id), always(clash))
    await database.commit(Target(quotation_id=made.id), edit("c"))
    at = (await database.position(["c"]))["c"]
    assert at.seq == 1
    assert [mark_of(found.body) for found in await database.frames("c", at.epoch, 0, 9)] == [2]


async def test_text_of_any_kind_survives(database: Database) -> None:
    """[S2] SQL, HTML, quotes, zero characters and emoji are just text."""
    nasty = "'; DROP TABLE quotations; --<script>\"\\\x00\x1f\u2028💥"
    made = await create(database, quotation(cancel_reason=nasty), f"agency:{nasty[:10]}")
    assert await database.quotation(made.id) == made
    assert await database.quotations(f"agency:{nasty[:10]}", None, 1) == (made,)


async def test_a_channel_that_never_was_gets_its_first_position_once(database: Database) -> None:
    first = await database.position(["new", "newer"])
    assert first["new"] == ChannelPosition(1, first["new"].epoch, 0)
    assert first["new"].epoch != first["newer"].epoch
    assert await database.position(["newer", "new"]) == first
    assert await database.quotation_at(new_id(), "new") == (None, first["new"])
    assert await database.position([]) == {}
