"""What docs/OPERATIONS.md says that people notice while Redis or PostgreSQL is away."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from tests.fixtures.postgres import PostgresServer
from tests.fixtures.redis import RedisServer
from tests.support.platform import scaled
from tests.support.server import ROOMY, Server
from tests.support.wait import until
from tests.wire.stories import draft, edit

DOWN = {"ready": False, "database": False, "broker": False, "stopping": False}


class _House:
    """The scaled product, whose Redis and database can be taken away and given back."""

    def __init__(self, kept: ExitStack, folder: Path, postgres: PostgresServer) -> None:
        self.redis = RedisServer()
        self.redis.start()
        kept.callback(self.redis.stop)
        self._postgres = postgres
        self._name = kept.enter_context(postgres.database())
        settings = {"compare_interval": 0.5, **ROOMY}
        platform = kept.enter_context(scaled(folder, postgres.url(self._name), self.redis.url, **settings))
        self.server = Server("postgres+redis", platform)

    def take_database(self) -> None:
        self._postgres.sql(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS false")
        self._postgres.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self._name}'")  # noqa: S608 - a name of our own

    def give_database_back(self) -> None:
        self._postgres.sql(f"ALTER DATABASE {self._name} ALLOW_CONNECTIONS true")

    def ready(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.server.url}/readyz", timeout=20) as answer:  # noqa: S310 - our own
                return dict(json.load(answer))
        except HTTPError as refused:
            return dict(json.load(refused))


@pytest.fixture
def house(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[_House]:
    with ExitStack() as kept:
        yield _House(kept, tmp_path, postgres_server)


async def test_without_redis_commands_are_taken_and_delivered_later(house: _House) -> None:
    """[D2] By the comparison with the table; nobody's connection breaks. Once Redis is back, all is as before."""
    async with house.server.clients("ana", "bruno") as (ana, bruno):
        room = f"quotation:{await draft(ana)}"
        for client in (ana, bruno):
            await client.join(room)
        await asyncio.to_thread(house.redis.stop)
        await edit(ana, room, "notes", "without Redis")
        await bruno.until(lambda: bruno.rooms[room].view.get("notes") == "without Redis", within=30)
        assert await asyncio.to_thread(house.ready) == {**DOWN, "database": True}
        async with house.server.client("carla") as carla:
            assert (await carla.join("company:rio"))["epoch"]
        await asyncio.to_thread(house.redis.start)
        await edit(ana, room, "notes", "with Redis")
        await bruno.until(lambda: bruno.rooms[room].view.get("notes") == "with Redis", within=30)
        await until(lambda: _serves(house))
        assert [client.disconnects for client in (ana, bruno)] == [[], []]
        assert [client.wrong for client in (ana, bruno)] == [[], []]


async def _serves(house: _House) -> bool:
    return bool((await asyncio.to_thread(house.ready))["ready"])


async def test_without_postgresql_commands_are_refused_and_nobody_is_thrown_out(house: _House) -> None:
    """[D2] What was refused is not stored; what comes after is taken without anybody's doing."""
    async with house.server.clients("ana", "bruno") as (ana, bruno):
        quotation = await draft(ana)
        room = f"quotation:{quotation}"
        for client in (ana, bruno):
            await client.join(room)
        await asyncio.to_thread(house.take_database)
        notes = [{"field": "notes", "value": "into the void"}]
        version = ana.rooms[room].view["version"]
        refused = await ana.refused("quotation.edit", quotation_id=quotation, base_version=version, changes=notes)
        assert refused.code == "internal"
        assert await asyncio.to_thread(house.ready) == {**DOWN, "broker": True}
        await asyncio.to_thread(house.give_database_back)
        await edit(ana, room, "notes", "back again")
        await bruno.until(lambda: bruno.rooms[room].view.get("notes") == "back again", within=30)
        assert [frame["data"]["change"]["notes"] for frame in bruno.rooms[room].frames] == ["back again"]
        assert [client.disconnects for client in (ana, bruno)] == [[], []]
