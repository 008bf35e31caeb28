"""What was acked is there, whatever happened to the process and to the commands beside it. [D2]"""

import asyncio
import sys

from backend.domain.quotation import Quotation
from backend.domain.refusals import Refusal
from backend.services.ports import Database
from backend.services.records import Change, Target
from tests.support.commits import mark_of, sending

_COMMIT_UNTIL_KILLED = """
import asyncio, sys
from backend.adapters.db import open_database
from backend.services.records import Target
from tests.support.commits import sending

async def commit(database, mark):
    await database.commit(Target(), sending("a", mark=mark))
    print(mark, flush=True)

async def main():
    database = open_database(sys.argv[1])
    await database.start()
    for first in range(0, 1_000_000, 8):
        await asyncio.gather(*(commit(database, mark) for mark in range(first, first + 8)))

asyncio.run(main())
"""


async def marks(database: Database) -> list[int | str]:
    at = (await database.position(["a"]))["a"]
    found = await database.frames("a", at.epoch, 0, 1_000_000)
    assert [one.seq for one in found] == list(range(1, at.seq + 1))
    return [mark_of(one.body) for one in found]


async def test_what_was_acked_survives_kill_9(database: Database, database_url: str) -> None:
    """[D2] Each acked mark is there once, numbered without a hole, with its row for the relay."""
    command = (sys.executable, "-c", _COMMIT_UNTIL_KILLED, database_url)
    child = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert child.stdout
    acked = [int(await child.stdout.readline()) for _ in range(100)]
    child.kill()
    acked += [int(line) for line in (await child.stdout.read()).splitlines()]
    await child.wait()
    stored = await marks(database)
    assert set(acked) <= set(stored)
    assert len(stored) == len(set(stored))
    assert len(await database.outbox(1_000_000)) == len(stored)


async def test_one_that_fails_takes_nothing_of_the_others(database: Database) -> None:
    """Commands at once, every third of them refused and every fifth broken."""

    def decide(mark: int) -> Change:
        if mark % 3 == 0:
            raise Refusal("quotation.wrong_state", "Not now.")
        if mark % 5 == 0:
            raise ZeroDivisionError
        return sending("a", mark=mark)(None)

    def deciding(mark: int) -> asyncio.Future[bytes]:
        def once(_: Quotation | None) -> Change:
            return decide(mark)

        return asyncio.ensure_future(database.commit(Target(), once))

    told = await asyncio.gather(*map(deciding, range(60)), return_exceptions=True)
    kinds = [type(one) for one in told]
    assert kinds == [Refusal if n % 3 == 0 else ZeroDivisionError if n % 5 == 0 else bytes for n in range(60)]
    stored = await marks(database)
    assert sorted(map(int, stored)) == [n for n in range(60) if n % 3 and n % 5]


async def test_a_command_given_up_disturbs_no_other(database: Database) -> None:
    """Whoever asked may leave; the commands beside it go on."""
    tasks = [asyncio.create_task(database.commit(Target(), sending("a", mark=mark))) for mark in range(30)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await database.commit(Target(), sending("a", mark=99))
    stored = await marks(database)
    assert set(stored) >= {*range(1, 30, 2), 99}
    assert len(stored) == len(set(stored))
