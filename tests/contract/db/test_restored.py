"""After a restore no position means two things. [D1] [D3]"""

from backend.adapters.db.restored import start_channels_anew
from backend.services.ports import Database
from backend.services.records import Change, Target
from rooms.broker import Outcome
from rooms.memory import MemoryBroker
from rooms.positions import Position
from tests.support.commits import always, event, frame, sending


async def test_every_channel_starts_anew(database: Database, database_url: str) -> None:
    await database.commit(Target(), sending("a", "a", "b"))
    before = await database.position(["a", "b"])
    assert await start_channels_anew(database_url) == 2
    after = await database.position(["a", "b"])
    for channel in ("a", "b"):
        assert after[channel].epoch != before[channel].epoch
        assert after[channel].gen > before[channel].gen
        assert after[channel].seq == 0
    assert after["a"].epoch != after["b"].epoch
    await database.commit(Target(), sending("a"))
    assert (await database.position(["a"]))["a"].seq == 1


async def test_the_broker_takes_what_comes_next_whatever_it_remembers(database: Database, database_url: str) -> None:
    """It heard of commits, and of resets, that the backup knows nothing of."""
    broker = MemoryBroker()
    await broker.start()
    await database.commit(Target(), sending("a"))
    (row,) = await database.outbox(9)
    lost = (await database.position(["a"]))["a"]
    await broker.seed("a", lost.gen + 3, "lost", 40)
    await database.forget([row.id])
    await start_channels_anew(database_url)
    await database.commit(Target(), sending("a"))
    frames = (await database.outbox_frames(await database.outbox(9)))["a"]
    answer = await broker.append("a", frames)
    assert (answer.outcome, answer.seq) == (Outcome.APPENDED, 1)
    assert await broker.replay("a", Position("lost", 40)) is None
    await broker.close()


async def test_what_was_not_relayed_is_told_all_the_same(database: Database, database_url: str) -> None:
    """[D2] Its frames are of before, so nobody is shown them; its events are reacted to."""
    happened = event(None, 0)
    await database.commit(Target(), always(Change(answer=b"", events=(happened,), frames=(frame("a"),))))
    await start_channels_anew(database_url)
    assert [row.events for row in await database.outbox(9)] == [(happened,)]


async def test_an_empty_database_has_none(database_url: str) -> None:
    assert await start_channels_anew(database_url) == 0
