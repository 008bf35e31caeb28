"""What moved of late is found without asking each channel. [D2]"""

from datetime import timedelta

from backend.services.ports import Database
from backend.services.records import Change, Target
from rooms.positions import Cursor
from tests.support.commits import always, frame, sending

HOUR = timedelta(hours=1)


async def places(database: Database, within: timedelta = HOUR) -> dict[str, Cursor]:
    """The last place of each channel that moved."""
    found: dict[str, Cursor] = {}
    for channel, place in await database.moved(within, 100):
        found[channel] = max(place, found.get(channel, place))
    return found


async def test_frames_and_resets_are_found_by_their_time(database: Database) -> None:
    await database.position(["a", "b", "quiet"])
    await database.commit(Target(), sending("a", "b", "a"))
    assert await places(database) == {"a": Cursor(1, 2), "b": Cursor(1, 1)}
    await database.commit(Target(), always(Change(answer=b"", resets=("a", "new"), frames=(frame("b"),))))
    assert await places(database) == {"a": Cursor(2, 0), "b": Cursor(1, 2), "new": Cursor(1, 0)}
    await database.commit(Target(), sending("a"))
    assert (await places(database))["a"] == Cursor(2, 1)
    assert await places(database, timedelta(0)) == {}


async def test_no_more_than_asked_for(database: Database) -> None:
    await database.commit(Target(), sending(*("a",) * 7))
    assert len(await database.moved(HOUR, 3)) == 3


async def test_a_resets_row_is_no_frame(database: Database) -> None:
    """[D3] Nobody is sent it, neither again nor by the relay."""
    await database.commit(Target(), always(Change(answer=b"", resets=("a",))))
    await database.commit(Target(), sending("a"))
    at = (await database.position(["a"]))["a"]
    assert [found.seq for found in await database.frames("a", at.epoch, -1, 9)] == [1]
    told = await database.outbox_frames(await database.outbox(9))
    assert [(found.seq, found.body != b"{}") for found in told["a"]] == [(0, False), (1, True)]
