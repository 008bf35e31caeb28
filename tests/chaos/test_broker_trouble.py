"""What a broker can suffer while people write: everybody gets every acked edit once, in order [D1] [D2] [D2.3]."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from rooms.keys import Keys
from rooms.slots import slot_of
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.postgres import PostgresServer
from tests.fixtures.redis import RedisServer
from tests.support.client import Client, connected
from tests.support.platform import another_node, scaled
from tests.support.server import ROOMY, Server
from tests.support.wait import until
from tests.wire.stories import draft, edit

AHEAD, BEFORE, AFTER = 40, 20, 20
"""Edits of one writer: that may wait for the relay at most; that are acked before the trouble, and after it."""
SETTINGS = {**ROOMY, "compare_interval": 1, "presence_ttl": 3}


def slot(room: str) -> int:
    """The slot of a room in a cluster."""
    return slot_of(Keys("rooms").published(f"{room}/agency").encode())


def killed(cluster: RedisCluster, room: str) -> None:
    """The room's master dies; its replica takes over."""
    master, heir = cluster.master_of(slot(room)), cluster.replica_of(slot(room))
    master.kill()
    cluster.wait_for_master(slot(room), heir)


def given_way(cluster: RedisCluster, room: str) -> None:
    """The room's master hands over to its replica."""
    cluster.fail_over(slot(room))


def moved(cluster: RedisCluster, room: str) -> None:
    """The room's slot goes to another master and back."""
    source = cluster.master_of(slot(room))
    target = next(node for node in cluster.masters() if node is not source)
    cluster.move_slot(slot(room), target)
    cluster.move_slot(slot(room), source)


def outdated(cluster: RedisCluster, room: str) -> None:
    """A replica that heard nothing for a while takes over."""
    master = cluster.master_of(slot(room))
    master.ask("ACL", "SETUSER", "default", "-psync", "-sync")
    master.ask("CLIENT", "KILL", "TYPE", "replica")
    written = int(str(master.ask("INFO", "commandstats")).partition("cmdstat_evalsha:calls=")[2].partition(",")[0])

    def further() -> int:
        stats = str(master.ask("INFO", "commandstats"))
        return int(stats.partition("cmdstat_evalsha:calls=")[2].partition(",")[0]) - written

    while further() < AFTER:
        pass
    cluster.fail_over(slot(room), "TAKEOVER")
    master.ask("ACL", "SETUSER", "default", "+psync", "+sync")


def flushed(server: RedisCluster | RedisServer, _: str) -> None:
    """All that was kept is gone."""
    server.flush()


def full(server: RedisServer, _: str) -> None:
    """There is no memory for anything more, for a while."""
    with server.client() as client:
        client.config_set("maxmemory", 1)
        errors = client.info("stats")["total_error_replies"]
        while client.info("stats")["total_error_replies"] < errors + 3:
            pass
        client.config_set("maxmemory", 0)


def evicted(server: RedisServer, _: str) -> None:
    """What was not used for longest is thrown out, which is everything here."""
    with server.client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        client.config_set("maxmemory", 1)
        while client.dbsize():
            pass
        client.config_set("maxmemory", 0)


@dataclass(frozen=True)
class Scene:
    """Two nodes on one broker."""

    first: Server
    second: Server
    broker: RedisCluster | RedisServer


@contextmanager
def _running(broker: RedisCluster | RedisServer, postgres: PostgresServer, folder: Path) -> Iterator[Scene]:
    with ExitStack() as kept:
        broker.start()
        kept.callback(broker.stop)
        url = postgres.url(kept.enter_context(postgres.database()))
        first = kept.enter_context(scaled(folder, url, broker.url, **SETTINGS))
        second = kept.enter_context(another_node(first, folder))
        yield Scene(Server("trouble", first), Server("trouble", second), broker)


@pytest.fixture(scope="module")
def on_cluster(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with _running(RedisCluster(), postgres_server, tmp_path_factory.mktemp("trouble")) as scene:
        yield scene


@pytest.fixture(scope="module")
def on_redis(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with _running(RedisServer(), postgres_server, tmp_path_factory.mktemp("trouble")) as scene:
        yield scene


@pytest.mark.parametrize("trouble", [killed, given_way, moved, outdated, flushed])
async def test_a_cluster_in_trouble_loses_and_doubles_nothing(
    on_cluster: Scene, trouble: Callable[[RedisCluster, str], None]
) -> None:
    assert isinstance(on_cluster.broker, RedisCluster)
    await asyncio.to_thread(on_cluster.broker.mend)
    await _write_through(on_cluster, partial(trouble, on_cluster.broker))


@pytest.mark.parametrize("trouble", [full, evicted, flushed])
async def test_a_server_in_trouble_loses_and_doubles_nothing(
    on_redis: Scene, trouble: Callable[[RedisServer, str], None]
) -> None:
    assert isinstance(on_redis.broker, RedisServer)
    await _write_through(on_redis, partial(trouble, on_redis.broker))


async def _write_through(scene: Scene, trouble: Callable[[str], None]) -> None:
    async with (
        scene.first.client("ana") as ana,
        connected(scene.second.url, await scene.first.token("bruno")) as bruno,
        connected(scene.second.url, await scene.first.token("ana")) as watcher,
    ):
        room = f"quotation:{await draft(ana)}"
        members = (ana, bruno, watcher)
        for client in members:
            await client.join(room)
        start = ana.rooms[room].seq
        acked, over = Counter[Client](), asyncio.Event()

        async def write(client: Client, field: str) -> None:
            while not over.is_set():
                await edit(client, room, field, f"{field} {acked[client]}")
                acked[client] += 1
                await client.until(lambda: start + acked.total() - client.rooms[room].seq < AHEAD, within=60)

        writing = asyncio.gather(write(ana, "notes"), write(bruno, "internal_notes"))
        await until(lambda: acked.total() >= BEFORE, within=60)
        await asyncio.to_thread(trouble, room)
        suffered = acked.total()
        await until(lambda: acked.total() >= suffered + AFTER, within=60)
        over.set()
        await writing
        for client in members:
            await client.reaches(room, start + acked.total(), within=60)
            assert client.rooms[room].frames == ana.rooms[room].frames
            assert client.wrong == []
        assert len(ana.rooms[room].frames) == acked.total()
        views = [client.rooms[room].view for client in members]
        fresh = await ana.join(room)
        assert all(view == fresh["snapshot"] for view in views)
