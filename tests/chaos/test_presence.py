"""[D6] Presence while Redis forgets, and while nodes die: nobody is seen to leave and come who did not."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from rooms.broker import BrokerUnavailable
from rooms.redis import RedisBroker
from tests.fixtures.postgres import PostgresServer
from tests.fixtures.redis import RedisServer
from tests.support.client import Client, connected
from tests.support.platform import Platform, another_node, scaled
from tests.support.server import ROOMY, STACKS, Server
from tests.support.wait import until
from tests.wire.stories import published

QUICK = {"presence_ttl": 3, "grace": 10}


@dataclass(frozen=True)
class Pair:
    """Two nodes over a Redis of their own."""

    here: Server
    there: Platform
    redis: RedisServer

    async def present(self, room: str) -> int:
        """How many are in a room, as the broker has it."""
        broker = RedisBroker(self.redis.url)
        try:
            await broker.start()
            return len(await broker.here(room))
        except BrokerUnavailable:
            return 0
        finally:
            await broker.close()


@pytest.fixture
def pair(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder, redis = tmp_path_factory.mktemp("presence"), RedisServer()
    with ExitStack() as kept:
        kept.callback(redis.stop)
        redis.start()
        database = postgres_server.url(kept.enter_context(postgres_server.database()))
        here = kept.enter_context(scaled(folder, database, redis.url, **ROOMY, **QUICK))
        there = kept.enter_context(another_node(here, folder))
        yield Pair(Server(STACKS[1], here), there, redis)


def _moves(client: Client, room: str) -> list[tuple[list[str], list[str]]]:
    """Who came and who went, as somebody was told in a room."""
    told = [body["data"] for name, body in client.events if name == "presence.changed" and body["room"] == room]
    return [([person["id"] for person in data["joined"]], data["left"]) for data in told]


BRUNO = "bruno-andes-demo"


def _names(client: Client, room: str) -> set[str]:
    """Whoever came or went, as somebody was told."""
    return {who for joined, left in _moves(client, room) for who in (*joined, *left)}


@pytest.mark.parametrize("how", ["flush", "restart"])
async def test_a_redis_that_forgot_has_everybody_again_and_nobody_saw_it(pair: Pair, how: str) -> None:
    async with pair.here.client("ana") as ana, connected(pair.there.url, await pair.here.token("bruno")) as bruno:
        room = f"quotation:{await published(ana, ('plaza',))}"
        await ana.join(room)
        await bruno.join(room)
        await ana.until(lambda: BRUNO in _names(ana, room), what="bruno is there")
        known = [len(one.log) for one in (ana, bruno)]
        await asyncio.to_thread(getattr(pair.redis, how))
        await until(lambda: _are_there(pair, room, 2), within=30, what="both are in the broker again")
        async with pair.here.client("plaza") as plaza:
            await plaza.join(room)
            for one, before in zip((ana, bruno), known, strict=True):
                await one.event("presence.changed", lambda body: body["data"]["joined"], after=before, within=30)
            await plaza.command("room.leave", room=room)
        for one, before in zip((ana, bruno), known, strict=True):
            await one.event("presence.changed", lambda body: body["data"]["left"], after=before, within=30)
            told = [body["data"] for _, name, body in one.log[before:] if name == "presence.changed"]
            assert [len(data["joined"]) for data in told] == [1, 0]
            assert [data["left"] for data in told] == [[], [told[0]["joined"][0]["id"]]]


async def test_the_people_of_a_dead_node_go_when_their_grace_is_over(pair: Pair) -> None:
    """[D6.2] [D9] They are there in their grace, for whoever comes meanwhile too, and go once after it."""
    async with pair.here.client("ana") as ana:
        room = f"quotation:{await published(ana, ('plaza',))}"
        await ana.join(room)
        for who in ("bruno", "plaza"):
            one = await Client(pair.there.url, await pair.here.token(who)).connect()
            await one.join(room)
        await ana.until(lambda: len(_names(ana, room)) >= 2, what="both are there")
        both = sorted(_names(ana, room) - {"ana-andes-demo"})
        pair.there.web.kill()
        await until(lambda: _are_there(pair, room, 1), within=30, what="their entries are over")
        again = await ana.join(room)
        assert sorted({person["id"] for person in again["presence"]} - {"ana-andes-demo"}) == both
        await ana.until(lambda: _gone(ana, room) == both, within=60, what="they are gone")
        assert [person["id"] for person in (await ana.join(room))["presence"]] == ["ana-andes-demo"]


def _gone(client: Client, room: str) -> list[str]:
    """Who went, as often as somebody was told so."""
    return sorted(who for _, left in _moves(client, room) for who in left)


async def _are_there(pair: Pair, room: str, count: int) -> bool:
    return await pair.present(room) == count
