"""What is killed: the scaled product's processes and the servers below, on this machine."""

import asyncio
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rooms.keys import Keys
from rooms.slots import slot_of
from tests.bench.stacks import SYNCHRONISED
from tests.chaos.people import prepare
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.postgres import PostgresServer, postgres
from tests.fixtures.redis import RedisServer
from tests.support.net import free_port
from tests.support.platform import Running, environment_of, process
from tests.support.server import ROOMY
from tests.support.wait import until

NODES: Final = 3
RELAYS: Final = 2
SETTINGS: Final[Mapping[str, object]] = {
    **ROOMY,
    "jwt_secret": "a-secret-of-tests-that-is-long-enough",
    "token_ttl": 7_200,
    "user_sessions": 1_000,
    "connect_rate": 0,
}
"""Nobody is limited; every wait is the product's own."""


class Process:
    """One of the product's, which can be killed and started again."""

    def __init__(self, start: Callable[[], Running], port: int = 0) -> None:
        self.port = port
        self._start = start
        self._running = start()

    def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self._running.kill()
        self._running.wait()

    def mend(self) -> None:
        """Starts it again if it is gone."""
        if self._running.poll() is not None:
            self._running = self._start()

    def heeds(self) -> bool:
        """A node that it can serve; of others that they are so far started that they would stop in order."""
        if not self.port:
            status = Path(f"/proc/{self._running.pid}/status").read_text()
            caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
            return bool(int(caught, 16) >> 14 & 1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


@dataclass
class Stand:
    """Everything that runs."""

    postgres: PostgresServer
    broker: RedisCluster | RedisServer
    nodes: list[Process] = field(default_factory=list)
    relays: list[Process] = field(default_factory=list)

    async def mend(self) -> None:
        """Whatever was killed is there again, and takes part."""
        if isinstance(self.broker, RedisCluster):
            await asyncio.to_thread(self.broker.mend)
        for one in (*self.nodes, *self.relays):
            one.mend()
            await until(one.heeds, within=60, what="it is there again")

    def kill_master(self, room: str) -> None:
        """The master of a room's slot; its replica takes over."""
        assert isinstance(self.broker, RedisCluster)
        self.broker.master_of(slot_of(Keys("rooms").published(f"{room}/agency").encode())).kill()

    def restart_redis(self) -> None:
        """What it held is gone."""
        self.broker.restart()


@contextmanager
def standing(broker: RedisCluster | RedisServer) -> Iterator[Stand]:
    """The product on a broker and on PostgreSQL, which writes each commit to the disk."""
    with ExitStack() as kept:
        folder = Path(kept.enter_context(TemporaryDirectory()))
        kept.callback(broker.stop)
        broker.start()
        database = kept.enter_context(postgres(**SYNCHRONISED))
        url = database.url(kept.enter_context(database.database()))
        asyncio.run(prepare(url))
        environment = environment_of(folder, {**SETTINGS, "database_url": url, "broker_url": broker.url})

        def start(kind: str, *arguments: str, port: int = 0) -> Running:
            own = {**environment, "SPIRIT_PORT": str(port)} if port else environment
            log = folder / f"{kind}-{port}.log"
            return kept.enter_context(process(kind, *arguments, environment=own, log=log))

        stand = Stand(database, broker)
        for port in [free_port() for _ in range(NODES)]:
            stand.nodes.append(Process(partial(start, "node", port=port), port))
        stand.relays += [Process(partial(start, "workers", "relay")) for _ in range(RELAYS)]
        yield stand
