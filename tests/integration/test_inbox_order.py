"""[P4] [D8] The order of an inbox is that of what happened, whichever reaction came first."""

from datetime import timedelta

from backend.services import inbox
from backend.services.ports import Database
from backend.services.reactions import react
from tests.support.stage import Stage


async def test_an_inbox_is_in_the_order_of_what_happened(database: Database) -> None:
    """Two rounds begin at one moment and end at another; each time they are told in the wrong order, and late."""
    stage = await Stage(database).set_up()
    first, second = [await stage.published("plaza") for _ in range(2)]
    await _told_backwards(stage)
    await stage.forward(days=8)
    await _told_backwards(stage)
    items = (await inbox.page(stage.deps, stage.people["plaza-desk"]))["items"]
    assert [item["quotation_id"] for item in items] == [first, second, first, second]
    assert [item["at"] for item in items] == ["2026-11-22T10:00:00Z"] * 2 + ["2026-11-30T10:00:00Z"] * 2


async def _told_backwards(stage: Stage) -> None:
    """As by a relay that is busy elsewhere."""
    happened = stage.now
    rows = await stage.db.outbox(100)
    for row in reversed(rows):
        stage.now += timedelta(minutes=1)
        for event in row.events:
            await react(stage.deps, event)
    stage.now = happened
    await stage.db.forget([row.id for row in rows])
