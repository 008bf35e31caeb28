"""Both ways to run the product, without limits on anybody, for benchmarks."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.editing import UNLIMITED
from tests.fixtures.postgres import postgres
from tests.fixtures.redis import RedisServer
from tests.support.platform import Platform, embedded, scaled

SYNCHRONISED = {"fsync": "on", "full_page_writes": "on"}


@dataclass(frozen=True)
class Scaled:
    """The Procfile's processes, and where their servers are."""

    platform: Platform
    database_url: str
    broker_url: str


@contextmanager
def embedded_stack() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder), **UNLIMITED) as platform:
        yield platform


@contextmanager
def scaled_stack() -> Iterator[Scaled]:
    """On PostgreSQL, which writes each commit to the disk, and Redis."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres(**SYNCHRONISED))
        database_url = server.url(stack.enter_context(server.database()))
        redis = RedisServer()
        redis.start()
        stack.callback(redis.stop)
        platform = stack.enter_context(scaled(folder, database_url, redis.url, **UNLIMITED))
        yield Scaled(platform, database_url, redis.url)
