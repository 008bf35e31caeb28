"""What happened is read in its order, in the versions of today, and played into projections."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from backend.services.history import events, replay
from backend.services.ports import Database
from backend.services.projections import ANSWERS, BY_NAME, COUNTS, TIMELINE, written
from backend.services.records import AuditFilter, AuditRow, Change, StoredEvent, Target
from tests.support.commits import NOW, create, edit, quotation
from tests.support.stage import Stage


async def test_a_quotations_events_are_read_in_their_order(database: Database) -> None:
    made = await create(database, quotation())
    other = await create(database, quotation())
    for _ in range(4):
        await database.commit(Target(quotation_id=made.id), edit("q"))
    await database.commit(Target(quotation_id=other.id), edit("q"))
    found = await database.history(made.id, None, 99)
    assert [stored.serial for stored in found] == [1, 2, 3, 4, 5]
    later = await database.history(made.id, found[1].event.id, 2)
    assert later == found[2:4]
    assert await database.history(made.id, found[-1].event.id, 9) == ()
    everything = [stored async for stored in events(database)]
    assert Counter(stored.quotation_id for stored in everything) == {made.id: 5, other.id: 2}


async def test_a_former_version_is_read_as_todays(database: Database) -> None:
    made = await create(database, quotation())

    def expire(before: object) -> Change:
        change = edit("q")(before)  # type: ignore[arg-type]  # the quotation that was loaded
        old = change.events[0]
        event = msgspec.structs.replace(old.event, name="quotation.expired", data={"offer_id": "o"}, v=1)
        return msgspec.structs.replace(change, events=(msgspec.structs.replace(old, event=event),))

    await database.commit(Target(quotation_id=made.id), expire)
    stored: StoredEvent = (await database.history(made.id, None, 9))[-1]
    assert (stored.event.v, stored.event.data["cause"]) == (2, "not_accepted")
    (row,) = [one for one in await database.outbox(99) if one.events[0].event.id == stored.event.id]
    assert row.events == (stored,)


async def test_history_can_be_played_into_projections(database: Database) -> None:
    """They are as what happened left the quotation, and the same each time."""
    stage = await Stage(database).set_up()
    id_ = await stage.published("plaza", "mirador")
    await stage.published("sol")
    stage.now += timedelta(hours=2)
    won = await stage.submit("plaza", id_)
    await stage.submit("plaza", id_, "90.00")
    await stage.do("ana", "quotation.award", quotation_id=id_, offer_id=won)
    counts = await replay(database, COUNTS, id_)
    assert counts == {
        "quotation.created": 1,
        "quotation.published": 1,
        "offer.submitted": 1,
        "offer.revised": 1,
        "quotation.closed": 1,
        "quotation.awarded": 1,
    }
    timeline = await replay(database, TIMELINE, id_)
    assert [told["name"] for told in timeline][:3] == ["quotation.created", "quotation.published", "offer.submitted"]
    assert (await replay(database, COUNTS))["quotation.published"] == 2
    answers = await replay(database, ANSWERS)
    assert written(answers) == [{"hotel_id": "plaza", "quotation_id": id_, "seconds": 7200.0}]
    for projection in BY_NAME.values():
        assert await replay(database, projection) == await replay(database, projection)


def _row(number: int, user: str = "ana", action: str = "room.join", outcome: str = "ok") -> AuditRow:
    return AuditRow(
        id=f"a{number:03}",
        at=NOW + timedelta(minutes=number),
        user_id=user,
        company_id="andes",
        action=action,
        subject="quotation:q1",
        outcome=outcome,
    )


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (AuditFilter(user_id="ana"), "310"),
        (AuditFilter(action="room.join"), "320"),
        (AuditFilter(outcome="room.forbidden"), "2"),
        (AuditFilter(user_id="ana", action="x\0y"), "1"),
        (AuditFilter(since=NOW + timedelta(minutes=1), until=NOW + timedelta(minutes=3)), "21"),
        (AuditFilter(company_id="rio"), ""),
        (AuditFilter(subject="quotation:q1", user_id="bruno"), "2"),
    ],
)
async def test_the_audit_answers_who_did_what_and_when(database: Database, wanted: AuditFilter, found: str) -> None:
    """[S1.3]"""
    rows = [_row(0), _row(1, action="x\0y"), _row(2, user="bruno", outcome="room.forbidden"), _row(3)]
    for row in rows:
        database.record(row)
    assert await database.audit(wanted, None, 9) == tuple(rows[int(number)] for number in found)
