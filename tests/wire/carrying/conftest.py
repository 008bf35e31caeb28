"""Two nodes that share a Redis and a secret, and a balancer before them that keeps no session to its node."""

import os
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from rooms.redis import RedisBroker
from tests.fixtures.redis import RedisServer
from tests.support.balancer import balanced
from tests.support.net import free_port
from tests.support.platform import child
from tests.wire.engine.echo import Echo, wait_ready

SECRET = "what the nodes share and nobody else knows"
INTERVAL, TIMEOUT = 0.3, 20.0


@dataclass
class Node:
    """A running node."""

    echo: Echo
    process: "subprocess.Popen[bytes]"

    def counts(self) -> list[int]:
        """What it carries to others, and its sessions of Engine.IO and of Socket.IO."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.echo.port}/carried", timeout=5) as answer:
            return [int(number) for number in answer.read().split()]

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self.process.kill()
        self.process.wait()


@dataclass
class Nodes:
    """Some nodes, and the Redis that they share."""

    redis: RedisServer
    nodes: list[Node]

    def __getitem__(self, index: int) -> Node:
        return self.nodes[index]

    @property
    def ports(self) -> list[int]:
        return [node.echo.port for node in self.nodes]

    async def broker(self) -> RedisBroker:
        """The nodes' own, to be closed."""
        broker = RedisBroker(self.redis.url, prefix="echo")
        await broker.start()
        return broker


Start = Callable[..., AbstractContextManager[Nodes]]


@contextmanager
def running(redis: RedisServer, folder: Path, count: int = 2, *options: str, port: int = 0) -> Iterator[Nodes]:
    """Some nodes, each on a port of its own or all on one."""
    with ExitStack() as kept:
        nodes = []
        for number in range(count):
            own, log = port or free_port(), folder / f"node{number}.log"
            command = [sys.executable, "-m", "tests.wire.carrying.node", "--port", str(own), "--broker", redis.url]
            command += ["--secret", SECRET, "--ping-interval", str(INTERVAL), *options]
            process = kept.enter_context(child(command, environment=os.environ, log=log))
            nodes.append(Node(Echo(own, INTERVAL, TIMEOUT), process))
        for number, node in enumerate(nodes):
            wait_ready(node.echo.port, node.process, folder / f"node{number}.log")
        yield Nodes(redis, nodes)
        for number in range(count):
            log = folder / f"node{number}.log"
            assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    with ExitStack() as kept:
        redis = RedisServer()
        redis.start()
        kept.callback(redis.stop)
        yield kept.enter_context(running(redis, tmp_path_factory.mktemp("nodes")))


@pytest.fixture
def nodes(_shared: Nodes) -> Nodes:
    """Two nodes that no test may bring down."""
    return _shared


@pytest.fixture
def start(redis_server: RedisServer, tmp_path: Path) -> Start:
    """Starts nodes that a test may do with what it likes."""

    def start(count: int = 2, *options: str, port: int = 0) -> AbstractContextManager[Nodes]:
        return running(redis_server, tmp_path, count, *options, port=port)

    return start


@pytest.fixture
async def frequent_pings(nodes: Nodes) -> AsyncIterator[Echo]:
    """What clients see of two nodes behind a balancer."""
    async with balanced(nodes.ports) as port:
        yield Echo(port, INTERVAL, TIMEOUT)
