"""[S3] However many claim at once, nothing is given twice; and a guard taken away is noticed.

Many bookings want the same few rooms, guides and vehicles at the same moment, each in an order of its own, some of
them twice, and some let go again. Two processes' worth of connections work on one database.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from unittest.mock import patch

import pytest
from sqlalchemy import text

from backend.adapters.db import claiming, open_database
from backend.adapters.db.database import SqlDatabase
from backend.adapters.db.migrate import migrate
from backend.domain.refusals import Refusal
from backend.domain.resources.claims import Claim
from backend.services.ports import Database
from tests.fixtures.postgres import PostgresServer
from tests.support.resources import allot, days_of, furnish, rooms_of, violations

BOOKINGS = 24
GUIDES = ("teo", "lía", "rosa")
VEHICLES = ("bus", "van")


@pytest.fixture
async def second(database: Database, database_url: str) -> AsyncIterator[Database]:
    """Another process's connections to the same database."""
    other = open_database(database_url)
    await other.start()
    yield other
    await other.close()


def wishes(number: int) -> list[Claim]:
    """What a booking wants, in an order of its own."""
    random, booking = Random(number), f"b{number}"  # noqa: S311 -- the same wishes each time
    first = random.randrange(6)
    last = first + random.randrange(4)
    claims = [
        rooms_of("plaza", first, last, booking=booking, id_=f"{booking}-plaza", double=random.randint(1, 3)),
        rooms_of("sol", first, last, booking=booking, id_=f"{booking}-sol", twin=1, double=1),
        days_of("guide", random.choice(GUIDES), first, last, booking=booking, id_=f"{booking}-guide"),
        days_of("vehicle", random.choice(VEHICLES), first, last, booking=booking, id_=f"{booking}-vehicle"),
    ]
    random.shuffle(claims)
    return claims[: random.randint(1, 4)]


async def book(database: Database, number: int) -> bool:
    """Whether the booking got what it wants; each third of those that did lets it go again."""
    claims = wishes(number)
    twice = (database.claim(claims), database.claim(list(reversed(claims))))
    tries = await asyncio.gather(*twice, return_exceptions=True)
    if any(isinstance(one, BaseException) and not isinstance(one, Refusal) for one in tries):
        raise AssertionError(tries)
    if None not in tries:
        return False
    if number % 3 == 0:
        ids = [claim.id for claim in claims]
        await asyncio.gather(database.release(ids), database.release(list(reversed(ids))))
    return True


async def rush(*databases: Database) -> int:
    """All bookings at once; how many got what they want."""
    done = await asyncio.gather(*(book(databases[n % len(databases)], n) for n in range(BOOKINGS)))
    return sum(done)


async def stock(database: Database) -> None:
    await furnish(database, GUIDES, VEHICLES)
    await allot(database, "plaza", 0, 9, double=4)
    await allot(database, "sol", 0, 9, double=3, twin=3)


async def test_of_many_at_once_nothing_is_given_twice(database: SqlDatabase, second: Database) -> None:
    await stock(database)
    got = await rush(database, second)
    assert 0 < got < BOOKINGS
    assert await violations(database) == []
    held = {row.id for row in await database.rows(text("SELECT id FROM claims WHERE NOT released"))}
    await asyncio.gather(*(database.release([id_]) for id_ in held))
    assert await violations(database) == []
    assert await database.calendar("guide", FIRST_DAY, LAST_DAY) == {}
    assert {night.taken for night in await database.allotment("plaza", FIRST_DAY, LAST_DAY)} == {0}


async def test_of_many_for_the_last_one_exactly_one_gets_it(database: SqlDatabase, second: Database) -> None:
    await stock(database)
    rooms = [rooms_of("plaza", 0, 9, booking=f"r{n}", double=4) for n in range(12)]
    guides = [days_of("guide", "teo", n % 3, 5, booking=f"g{n}") for n in range(12)]
    sides = (database, second)
    for claims in (rooms, guides):
        tries = (sides[n % 2].claim([claim]) for n, claim in enumerate(claims))
        outcomes = await asyncio.gather(*tries, return_exceptions=True)
        assert [outcome for outcome in outcomes if outcome is None] == [None]
        assert {outcome.code for outcome in outcomes if isinstance(outcome, Refusal)} == {"resource.taken"}
    assert await violations(database) == []


async def test_one_claim_made_by_many_at_once_is_one(database: SqlDatabase, second: Database) -> None:
    await stock(database)
    claims = [rooms_of("plaza", 0, 9, booking="b", double=4), days_of("guide", "teo", 0, 5)]
    await asyncio.gather(*((database, second)[n % 2].claim(claims) for n in range(12)))
    assert {night.taken for night in await database.allotment("plaza", FIRST_DAY, LAST_DAY)} == {4}
    assert await violations(database) == []


FIRST_DAY, LAST_DAY = days_of("guide", "x", 0, 99).first, days_of("guide", "x", 0, 99).last


@pytest.fixture(params=["sqlite", "postgres"])
async def own(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqlDatabase]:
    """A database that a test may spoil."""
    with _somewhere(request, tmp_path) as url:
        await migrate(url)
        database = open_database(url)
        assert isinstance(database, SqlDatabase)
        await database.start()
        await stock(database)
        yield database
        await database.close()


@contextmanager
def _somewhere(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/own.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as name:
        yield server.url(name)


async def without_constraints(database: SqlDatabase, table: str) -> None:
    """The table as it would be without its key and its check."""
    await database.write(text(f"CREATE TABLE loose AS SELECT * FROM {table}"))  # noqa: S608 -- one of ours
    await database.write(text(f"DROP TABLE {table}"))
    await database.write(text(f"ALTER TABLE loose RENAME TO {table}"))


async def test_without_the_key_of_the_days_somebody_is_given_twice(own: SqlDatabase) -> None:
    """The planted fault: what the tests above look for is there once the guard is gone."""
    await without_constraints(own, "resource_days")
    assert await rush(own) > 0
    assert any("is given" in one for one in await violations(own))


async def test_without_the_look_at_what_is_left_rooms_are_given_twice(own: SqlDatabase) -> None:
    await without_constraints(own, "allotments")
    with patch.object(claiming, "enough", lambda left, needed: True):
        await rush(own)
    assert any("there" in one for one in await violations(own))


@pytest.mark.parametrize("own", ["postgres"], indirect=True)
async def test_without_the_lock_rooms_are_given_twice_on_postgresql(own: SqlDatabase) -> None:
    """SQLite has one writer, and needs none."""
    await without_constraints(own, "allotments")
    with patch.object(claiming, "locking", lambda rows: rows):
        for n in range(20):
            claims = [rooms_of("plaza", 0, 9, booking=f"{n}-{m}", double=4) for m in range(10)]
            await asyncio.gather(*(own.claim([claim]) for claim in claims), return_exceptions=True)
            if await violations(own):
                return
            await own.release([claim.id for claim in claims])
    pytest.fail("nothing was given twice")
