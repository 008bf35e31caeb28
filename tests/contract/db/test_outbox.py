"""What the relay takes: one row per command, in an order that no channel's own order contradicts."""

import asyncio
from datetime import UTC, datetime, timedelta

from backend.services.ports import Database
from backend.services.records import OUTBOX_PARTS, Change, OutboxChannel, Target
from tests.support.commits import always, event, frame, mark_of, new_id, sending


async def test_a_row_tells_the_channels_and_the_seqs(database: Database) -> None:
    await database.commit(Target(), sending("b", "a", "b"))
    happened = event(None, 0)
    await database.commit(Target(), always(Change(answer=b"", events=(happened,), frames=(frame("b"),), resets=("a",))))
    first, second = await database.outbox(9)
    at = await database.position(["a", "b"])
    assert first.id < second.id
    assert [(part.channel, part.first, part.last, part.reset) for part in first.channels] == [
        ("a", 1, 1, False),
        ("b", 1, 2, False),
    ]
    assert second.events == (happened,)
    assert second.channels == (
        OutboxChannel(channel="a", gen=2, epoch=at["a"].epoch, first=1, last=0, reset=True),
        OutboxChannel(channel="b", gen=1, epoch=at["b"].epoch, first=3, last=3),
    )


async def test_frames_come_by_channel_with_resets_among_them(database: Database) -> None:
    """[D1] Also across several rows and generations."""
    await database.commit(Target(), sending("a", mark=1))
    await database.commit(Target(), always(Change(answer=b"", resets=("a",), frames=(frame("b", 2),))))
    await database.commit(Target(), sending("a", "a", mark=3))
    frames = await database.outbox_frames(await database.outbox(9))
    assert [(one.gen, one.seq, one.name) for one in frames["a"]] == [
        (1, 1, "quotation.edited"),
        (2, 0, "room.reset"),
        (2, 1, "quotation.edited"),
        (2, 2, "quotation.edited"),
    ]
    assert frames["a"][1].body == b"{}"
    assert [mark_of(one.body) for one in frames["b"]] == [2]
    assert frames.keys() == {"a", "b"}


async def test_what_nobody_hears_leaves_no_row(database: Database) -> None:
    await database.commit(Target(), always(Change(answer=b"")))
    assert await database.outbox(9) == ()
    assert await database.outbox_frames(()) == {}


async def test_an_event_without_frames_is_told_all_the_same(database: Database) -> None:
    happened = event(None, 0)
    await database.commit(Target(), always(Change(answer=b"", events=(happened,))))
    (row,) = await database.outbox(9)
    assert (row.events, row.channels) == ((happened,), ())
    assert await database.outbox_frames([row]) == {}


async def test_ids_never_contradict_a_channels_order(database: Database) -> None:
    """[D1] Ids are taken under the channels' locks: whoever has the lower seq has the lower id."""
    await asyncio.gather(*(database.commit(Target(), sending("shared", f"own{number}")) for number in range(40)))
    rows = await database.outbox(100)
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    seqs = [part.last for row in rows for part in row.channels if part.channel == "shared"]
    assert seqs == list(range(1, 41))


async def test_forgotten_rows_are_gone_and_their_ids_do_not_come_again(database: Database) -> None:
    for _ in range(3):
        await database.commit(Target(), sending("a"))
    ids = [row.id for row in await database.outbox(9)]
    await database.forget(ids[1:])
    assert [row.id for row in await database.outbox(9)] == ids[:1]
    await database.forget(ids)
    await database.forget([])
    await database.commit(Target(), sending("a"))
    assert (await database.outbox(9))[0].id > ids[-1]


async def test_the_age_is_the_oldest_rows(database: Database) -> None:
    now = datetime.now(UTC)
    assert await database.outbox_age(now) == 0
    await database.commit(Target(), sending("a"))
    await database.commit(Target(), sending("a"))
    assert 9 < await database.outbox_age(datetime.now(UTC) + timedelta(seconds=10)) < 11
    assert await database.outbox_age(now - timedelta(hours=1)) == 0


async def test_all_rows_about_a_quotation_are_in_one_part(database: Database) -> None:
    """Relays that share the outbox by its parts keep each quotation's order, and leave nothing out."""
    ids = [new_id() for _ in range(40)]
    for serial in range(2):
        for quotation_id in ids:
            await database.commit(Target(), always(Change(answer=b"", events=(event(quotation_id, serial),))))
    rows = await database.outbox(99)
    parts_of: dict[str | None, set[int]] = {}
    for part in range(OUTBOX_PARTS):
        for row in await database.outbox(99, {part}):
            parts_of.setdefault(row.events[0].quotation_id, set()).add(part)
    assert {quotation_id: len(parts) for quotation_id, parts in parts_of.items()} == dict.fromkeys(ids, 1)
    assert len({part for parts in parts_of.values() for part in parts}) > 10
    few = set(range(OUTBOX_PARTS // 2))
    mine, others = await database.outbox(99, few), await database.outbox(99, set(range(OUTBOX_PARTS)) - few)
    assert sorted((*mine, *others), key=lambda row: row.id) == list(rows)
    assert [row.id for row in mine] == sorted(row.id for row in mine)
    assert await database.outbox(99, ()) == ()
    assert await database.outbox(3, few) == mine[:3]


async def test_the_depth_is_how_many_wait(database: Database) -> None:
    assert await database.outbox_depth() == 0
    for _ in range(3):
        await database.commit(Target(), sending("a"))
    assert await database.outbox_depth() == 3
    await database.forget([(await database.outbox(1))[0].id])
    assert await database.outbox_depth() == 2
