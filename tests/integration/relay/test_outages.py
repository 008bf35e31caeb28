"""The database and the broker go away and come back; nothing that was acked is lost. [D2]"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from backend.adapters.db import open_database
from backend.adapters.db.migrate import migrate
from backend.services.ports import Database
from backend.services.records import OUTBOX_PARTS, Target
from rooms.memory import Hub
from tests.fixtures.postgres import PostgresServer
from tests.integration.relay.test_relay import Node, emptied, nothing, relaying
from tests.support.commits import sending
from tests.support.wait import until
from workers.relay import Relay

_END_CONNECTIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"


@pytest.fixture
async def postgres(postgres_database: str) -> AsyncIterator[Database]:
    await migrate(postgres_database)
    database = open_database(postgres_database)
    await database.start()
    yield database
    await database.close()


@pytest.fixture
async def node() -> AsyncIterator[Node]:
    node = Node(Hub())
    await node.broker.start()
    await node.broker.subscribe(["a"])
    yield node
    await node.broker.close()


def cut(server: PostgresServer, name: str) -> None:
    """Ends every connection to the database and lets no new one in."""
    server.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server.sql(_END_CONNECTIONS.format(name=name))


async def test_a_commit_finds_a_new_connection(
    postgres: Database, postgres_server: PostgresServer, postgres_database: str
) -> None:
    """Connections that ended while nobody used them trouble no command."""
    await asyncio.gather(*(postgres.commit(Target(), sending("a", mark=mark)) for mark in range(5)))
    postgres_server.sql(_END_CONNECTIONS.format(name=postgres_database.rsplit("/", 1)[1]))
    await asyncio.gather(*(postgres.commit(Target(), sending("a", mark=mark)) for mark in range(5)))
    assert (await postgres.position(["a"]))["a"].seq == 10
    postgres_server.sql(_END_CONNECTIONS.format(name=postgres_database.rsplit("/", 1)[1]))
    assert (await postgres.position(["a"]))["a"].seq == 10


async def test_the_relay_outlives_the_databases_absence(
    postgres: Database, node: Node, postgres_server: PostgresServer, postgres_database: str
) -> None:
    """It says so once, and goes on by itself."""
    name = postgres_database.rsplit("/", 1)[1]
    with capture_logs() as logs:
        async with relaying(postgres, node.broker._hub) as relay:
            await postgres.commit(Target(), sending("a", mark="before"))
            await until(lambda: node.marks("a") == ["before"])
            cut(postgres_server, name)
            await until(lambda: relay.outages == 1, what="the relay notices")
            postgres_server.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
            await commit_at_last(lambda: postgres.commit(Target(), sending("a", mark="after")))
            await emptied_at_last(postgres)
    assert node.marks("a")[0] == "before"
    assert set(node.marks("a")[1:]) == {"after"}
    assert [log["event"] for log in logs if log["log_level"] != "debug"] == [
        "the relay waits for the database and the broker",
        "the relay goes on",
    ]


async def test_a_relay_looks_again_soon_however_long_the_database_was_away(
    postgres: Database, node: Node, postgres_server: PostgresServer, postgres_database: str
) -> None:
    """[D2] By its usual settings: what its pauses grow to is no longer than a poll."""
    looks = 0

    def look() -> range:
        nonlocal looks
        looks += 1
        return range(OUTBOX_PARTS)

    relay = Relay(postgres, node.broker, nothing, parts=look)
    running = asyncio.create_task(relay.run())
    await until(lambda: looks)
    name = postgres_database.rsplit("/", 1)[1]
    cut(postgres_server, name)
    await until(lambda: relay.outages == 1, what="the relay notices")
    seen = looks
    await until(lambda: looks > seen + 14, within=15, what="it looks again and again")
    postgres_server.sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    await commit_at_last(lambda: postgres.commit(Target(), sending("a", mark="after")))
    await until(lambda: "after" in node.marks("a"))
    running.cancel()
    await asyncio.wait({running})


async def commit_at_last(commit: Callable[[], Awaitable[bytes]]) -> None:
    async def done() -> bool:
        with suppress(Exception):
            await commit()
            return True
        return False

    await until(done, what="the database takes commands again")


async def emptied_at_last(database: Database) -> None:
    await commit_at_last(lambda: _empty(database))


async def _empty(database: Database) -> bytes:
    await emptied(database)
    return b""
