"""A run's world: servers that outlive it, and what is started for it alone."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import aiohttp

from tests.chaos.actors import Actor
from tests.chaos.brokers import Broker, Clustered, Single
from tests.chaos.idling import Idle, idle
from tests.chaos.people import PASSWORD, PEOPLE, TABS, prepare
from tests.chaos.plan import Plan
from tests.chaos.processes import Fleet, Process, fleet
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.postgres import PostgresServer, postgres
from tests.fixtures.redis import RedisServer
from tests.support.nursery import Nurseries
from tests.support.platform import environment_of
from tests.support.server import ROOMY
from tests.support.wait import until

SETTINGS: Final[Mapping[str, object]] = {
    **ROOMY,
    "jwt_secret": "a-secret-of-tests-that-is-long-enough",
    "ping_interval": 1,
    "ping_timeout": 2,
    "connect_timeout": 3,
    "grace": 2,
    "presence_ttl": 1.5,
    "compare_interval": 0.5,
    "drain": 1,
    "ops_interval": 0.5,
    "relay_poll": 0.2,
    "clock_poll": 0.3,
    "queue_poll": 0.2,
    "worker_lease": 1.5,
    "workflow_pause": 0.2,
    "workflow_longest_pause": 1,
    "workflow_attempts": 100,
    "inbox_page": 5,
    "replay_limit": 30,
    "offer_revisions": 100,
    "rfq_extensions": 100,
}
"""Every wait is short, and every limit low that is to be met."""


@dataclass(frozen=True)
class Servers:
    """PostgreSQL with a database that has the schema and the people, and a broker; used by one run at a time."""

    postgres: PostgresServer
    broker: Broker
    template: str
    nurseries: Nurseries


@dataclass
class Stage:
    """What a run plays on. `database` is a URL of its own database that nothing spoils, `before` what processes held
    before anybody came."""

    servers: Servers
    fleet: Fleet
    database: str
    http: aiohttp.ClientSession
    actors: dict[str, Actor] = field(default_factory=dict)
    playing: "list[asyncio.Task[None]]" = field(default_factory=list)
    before: Idle = field(default_factory=dict)

    @property
    def nodes(self) -> list[Process]:
        return [process for process in self.fleet.values() if process.is_node]

    @property
    def operator(self) -> str:
        """An operator's token."""
        return self.actors["ines/0"].token

    async def all_ready(self) -> None:
        """Waits until every node says so, and the others are as far."""
        for process in self.fleet.values():
            await process.is_up(self.http)

    def play(self) -> None:
        """Everybody connects, and comes back from now on."""
        self.playing = [asyncio.create_task(actor.run()) for actor in self.actors.values()]

    async def empty(self) -> None:
        """Everybody says goodbye and comes no more."""
        playing, self.playing = self.playing, []
        for actor in self.actors.values():
            await actor.goodbye()
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


@contextmanager
def servers(broker: str = "redis") -> Iterator[Servers]:
    """Starts the servers, the broker being `redis` or `cluster`; they may be used again and again."""
    with ExitStack() as kept:
        server = kept.enter_context(postgres(max_connections="300"))
        template = kept.enter_context(server.database())
        asyncio.run(prepare(server.url(template)))
        redis = RedisCluster() if broker == "cluster" else RedisServer()
        kept.callback(redis.stop)
        redis.start()
        nurseries = kept.enter_context(Nurseries())
        yield Servers(
            server, Clustered(redis) if isinstance(redis, RedisCluster) else Single(redis), template, nurseries
        )


@asynccontextmanager
async def staged(plan: Plan, over: Servers, folder: Path, **settings: object) -> AsyncIterator[Stage]:
    """The processes over a fresh database and an emptied broker, and everybody connected. Settings may be chosen."""
    async with AsyncExitStack() as kept:
        over.broker.renew()
        name = kept.enter_context(over.postgres.database(over.template))
        environment = environment_of(folder, {**SETTINGS, **settings})
        started = fleet(over.nurseries, environment, over.postgres.url(name), over.broker, folder)
        processes = await kept.enter_async_context(started)
        connector = aiohttp.TCPConnector(limit=0, force_close=True)
        http = await kept.enter_async_context(aiohttp.ClientSession(connector=connector))
        stage = Stage(over, processes, over.postgres.url(name).replace("+asyncpg", ""), http)
        await stage.all_ready()
        await _come(stage, plan)
        stage.before = await idle(http, stage.operator, stage.fleet.values())
        kept.push_async_callback(stage.empty)
        stage.play()
        await until(
            lambda: all(actor.here for actor in stage.actors.values()), within=30, what="everybody is connected"
        )
        yield stage


async def _come(stage: Stage, plan: Plan) -> None:
    """Everybody logs in and gets their clients."""
    tokens = dict(zip(PEOPLE, await asyncio.gather(*(_login(stage, name) for name in PEOPLE)), strict=True))
    fronts = [node.links["clients"] for node in stage.nodes]
    for name, tab in TABS:
        actor = Actor(stage.http, PEOPLE[name], tab, tokens[name], fronts, plan.seed)
        stage.actors[actor.name] = actor


async def _login(stage: Stage, name: str) -> str:
    url = f"http://127.0.0.1:{stage.nodes[0].port}/api/v1/auth/login"
    async with stage.http.post(url, json={"email": PEOPLE[name].email, "password": PASSWORD}) as answer:
        assert answer.status == 200, await answer.text()
        token: str = (await answer.json())["access_token"]
        return token
