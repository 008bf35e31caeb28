"""The scaled product, whose relay is killed; and the servers that plans are played over."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.chaos.stage import Servers, servers
from tests.fixtures.postgres import PostgresServer
from tests.fixtures.redis import RedisServer
from tests.support.platform import Platform, Running, process, scaled
from tests.support.server import ROOMY, Server


@dataclass
class Relays:
    """The relay process, one at a time. Nobody else carries frames: the node compares nothing with the table."""

    platform: Platform
    folder: Path
    running: Running
    kept: ExitStack = field(default_factory=ExitStack)

    def kill(self) -> None:
        """As the kernel does when memory runs out: it gets to say nothing."""
        self.running.kill()
        self.running.wait()

    def start(self) -> None:
        log = self.folder / "relay.log"
        relay = process("workers", "relay", environment=self.platform.environment, log=log)
        self.running = self.kept.enter_context(relay)


@dataclass(frozen=True)
class Scene:
    """`waiting` counts the rows of the outbox."""

    server: Server
    relays: Relays
    postgres: PostgresServer
    database: str

    def waiting(self) -> int:
        return int(self.postgres.sql("SELECT count(*) FROM outbox", self.database))


@pytest.fixture(scope="module")
def scene(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with ExitStack() as kept:
        redis = RedisServer()
        redis.start()
        kept.callback(redis.stop)
        database = kept.enter_context(postgres_server.database())
        folder = tmp_path_factory.mktemp("chaos")
        settings = {**ROOMY, "compare_interval": 3_600}
        platform = kept.enter_context(scaled(folder, postgres_server.url(database), redis.url, **settings))
        assert platform.relay is not None
        relays = Relays(platform, folder, platform.relay)
        kept.enter_context(relays.kept)
        yield Scene(Server("postgres+redis", platform), relays, postgres_server, database)


@pytest.fixture(scope="session", params=["redis", "cluster"])
def stand(request: pytest.FixtureRequest) -> Iterator[tuple[str, Servers]]:
    """The servers that runs with a kind of broker are played over, one at a time."""
    with servers(request.param) as over:
        yield request.param, over


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`CHAOS_SEEDS=7,8 pytest tests/chaos` plays other seeds than the usual ones, or a failed one again."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", [int(seed) for seed in os.environ.get("CHAOS_SEEDS", "1,2").split(",")])
