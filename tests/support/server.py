"""The live server as a real process on both stacks, for all tests that speak to it over the network.

`live_server` runs once per stack: SQLite with the memory broker, PostgreSQL with Redis, a Redis Cluster and Valkey. Its
demo accounts are shared by the tests of a session, so each test makes the quotations that it needs.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.cluster import RedisCluster
from tests.fixtures.postgres import PostgresServer
from tests.fixtures.redis import RedisServer, valkey_program
from tests.support.client import Client, connected, login
from tests.support.platform import Platform, embedded, from_nurseries, scaled

BROKERS: dict[str, Callable[[], RedisServer | RedisCluster]] = {
    "postgres+redis": RedisServer,
    "postgres+redis cluster": RedisCluster,
    "postgres+valkey": lambda: RedisServer(program=valkey_program()),
}
"""The servers that each scaled stack has its broker on."""
STACKS = ("sqlite+memory", *BROKERS)
TWO_STACKS = STACKS[:2]
"""One of each mode, for what does not depend on the broker's kind."""
ROOMY: dict[str, object] = {
    "command_rate": 10_000,
    "command_burst": 10_000,
    "login_per_address": 10_000,
    "login_per_email": 10_000,
    "token_ttl": 7_200,
    "queue_poll": 2,
}
"""Settings under which no test is limited unless it means to be, nor a token ends before the tests; and idle
workers look for work seldom, since many of them are kept at once."""

EMAILS = {
    "admin": "admin@spirit.demo",
    "ana": "ana@andes.demo",
    "bruno": "bruno@andes.demo",
    "carla": "carla@rio.demo",
    "plaza": "plaza@hotel.demo",
    "mirador": "mirador@hotel.demo",
    "sol": "sol@hotel.demo",
    "client": "client@andes.demo",
    "guide": "guide@spirit.demo",
}


@dataclass
class Server:
    """A running product, and its people's tokens."""

    stack: str
    platform: Platform
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.platform.url

    async def token(self, who: str) -> str:
        """An access token of a demo account, by its short name; logged in once."""
        if who not in self.tokens:
            self.tokens[who] = await login(self.url, EMAILS[who])
        return self.tokens[who]

    @asynccontextmanager
    async def client(self, who: str, **options: Any) -> AsyncIterator[Client]:
        """Somebody's connected client for the length of a block."""
        async with connected(self.url, await self.token(who), **options) as client:
            yield client

    @asynccontextmanager
    async def clients(self, *who: str) -> AsyncIterator[list[Client]]:
        """Several people's."""
        for one in who:
            await self.token(one)
        clients = [Client(self.url, self.tokens[one]) for one in who]
        await asyncio.gather(*(client.connect() for client in clients))
        try:
            yield clients
        finally:
            await asyncio.gather(*(client.close() for client in clients))


Start = Callable[..., AbstractContextManager[Server]]
"""Takes settings."""
LiveServers = Callable[[str], Server]
"""Gives the running product on a stack; starts it if nobody did."""


@contextmanager
def running(stack: str, folder: Path, request: pytest.FixtureRequest, **settings: object) -> Iterator[Server]:
    """The product on a stack, with settings named as in `backend.config`."""
    with ExitStack() as kept:
        if stack == "sqlite+memory":
            platform = kept.enter_context(embedded(folder, **settings))
        else:
            postgres: PostgresServer = request.getfixturevalue("postgres_server")
            redis = BROKERS[stack]()
            redis.start()
            kept.callback(redis.stop)
            database = kept.enter_context(postgres.database())
            platform = kept.enter_context(scaled(folder, postgres.url(database), redis.url, **settings))
        yield Server(stack, platform)


@pytest.fixture(params=[stack for stack in STACKS if stack != "postgres+valkey"])
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Start]:
    """Starts the product over the same data each time, its files in `tmp_path`; what the broker held is gone."""
    with ExitStack() as kept:
        if request.param == "sqlite+memory":
            launch = partial(embedded, tmp_path)
        else:
            postgres: PostgresServer = request.getfixturevalue("postgres_server")
            url = postgres.url(kept.enter_context(postgres.database()))
            redis = BROKERS[request.param]()
            kept.callback(redis.stop)
            launch = partial(_over_emptied, redis, tmp_path, url)

        @contextmanager
        def start(**settings: object) -> Iterator[Server]:
            with launch(**settings) as platform:
                yield Server(request.param, platform)

        yield start


@contextmanager
def _over_emptied(
    redis: RedisServer | RedisCluster, folder: Path, database_url: str, **settings: object
) -> Iterator[Platform]:
    redis.restart()
    with scaled(folder, database_url, redis.url, **settings) as platform:
        yield platform


@pytest.fixture(scope="session", autouse=True)
def _nurseries() -> Iterator[None]:
    """Every process of the product is forked from one that has imported it already."""
    with from_nurseries():
        yield


@pytest.fixture(scope="session")
def _live_servers(
    request: pytest.FixtureRequest, postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServers]:
    """All of them go on until the tests end: a fixture with parameters would be started anew for every file.

    PostgreSQL is asked for here, though not every stack needs it, so that it ends after them.
    """
    with ExitStack() as kept:
        started: dict[str, Server] = {}

        def live(stack: str) -> Server:
            if stack not in started:
                launched = running(stack, tmp_path_factory.mktemp("live"), request, **ROOMY)
                started[stack] = kept.enter_context(launched)
            return started[stack]

        yield live


@pytest.fixture(params=STACKS, scope="session")
def live_server(request: pytest.FixtureRequest, _live_servers: LiveServers) -> Server:
    """The product on each stack, with the default settings but for the limits."""
    return _live_servers(request.param)
