"""Nodes over one broker, for what the manager does between them, and what their clients heard."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from realtime.adapter import AcrossNodes
from realtime.server import SocketServer
from rooms.broker import Broker
from rooms.memory import Hub, MemoryBroker
from rooms.redis import RedisBroker
from rooms.subscriber import Patience
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer
from tests.integration.socketio.served import Client, Served, make, served
from tests.support.wait import until

BYTES = bytes(range(256))


@dataclass
class World:
    """Nodes over one broker, until the test ends."""

    broker: Callable[[], Broker]
    kept: AsyncExitStack
    managers: list[AcrossNodes] = field(default_factory=list)

    async def manager(self, **options: Any) -> AcrossNodes:
        return await self.kept.enter_async_context(AcrossNodes(self.broker(), **options))

    async def node(self, prepare: Callable[[SocketServer], None] = lambda _: None, **options: Any) -> Served:
        manager = await self.manager(**options)
        self.managers.append(manager)
        server = make(client_manager=manager)
        prepare(server)
        return await self.kept.enter_async_context(served(server))

    async def client(self, node: Served, *namespaces: str) -> Client:
        return await self.kept.enter_async_context(node.client(*namespaces))

    async def pair(self) -> tuple[Served, Served, Client, Client]:
        """Two nodes with a client on each."""
        one, two = await self.node(), await self.node()
        return one, two, await self.client(one), await self.client(two)


@pytest.fixture(params=["memory", "redis"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "memory":
        make_broker: Callable[[], Broker] = partial(MemoryBroker, Hub())
    else:
        make_broker = over(request.getfixturevalue("redis_server"))
    async with AsyncExitStack() as kept:
        yield World(make_broker, kept)


@pytest.fixture
async def over_redis(redis_server: RedisServer) -> AsyncIterator[World]:
    async with AsyncExitStack() as kept:
        yield World(over(redis_server), kept)


def over(redis: RedisServer | RedisCluster) -> Callable[[], Broker]:
    prefix, patience = uuid4().hex, Patience(timeout=2.0, silence=0.5, backoff=0.01, backoff_most=0.1)
    return lambda: RedisBroker(redis.url, prefix=prefix, patience=patience)


async def marked(*clients: Client) -> list[list[Any]]:
    """What each heard, up to a mark that was sent to all."""
    for client in clients:
        await until(partial(client.heard_last, "mark"), what="the mark")
    heard = [[event if len(rest) == 0 else (event, *rest) for event, *rest in client.heard[:-1]] for client in clients]
    for client in clients:
        client.heard.clear()
    return heard
