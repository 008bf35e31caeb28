"""The product's processes: each with links of its own to the database and the broker, killed and started at will."""

import asyncio
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from tests.chaos.brokers import Broker
from tests.chaos.links import Link
from tests.chaos.plan import PROCESSES
from tests.support.net import free_port
from tests.support.nursery import Born, Nurseries, Nursery
from tests.support.wait import until

STOP_SECONDS: Final = 15.0
READY_SECONDS: Final = 60.0
_ARGUMENTS: Final = {"node": [], "relay": ["relay"], "worker": ["run"]}


class Process:
    """One process by name (`node 0`). Whoever does something to it that takes time holds its `lock`.

    `links` are its own, by what they lead to: `postgres`, `redis`; a node's `clients` leads to it. `codes` are the exit
    codes of those that were asked to stop.
    """

    def __init__(
        self, name: str, nursery: Nursery, environment: Mapping[str, str], links: Mapping[str, Link], folder: Path
    ) -> None:
        self.name = name
        self.links = links
        self.log = folder / f"{name.replace(' ', '-')}.log"
        self.lock = asyncio.Lock()
        self.port = 0
        self.running: Born | None = None
        self.codes: list[int] = []
        self._nursery = nursery
        self._environment = dict(environment)

    @property
    def is_node(self) -> bool:
        return self.name.startswith("node")

    @property
    def alive(self) -> bool:
        return self.running is not None and self.running.poll() is None

    @property
    def pid(self) -> int:
        """0 before the first start."""
        return self.running.pid if self.running else 0

    def start(self) -> None:
        """Starts it, a node on another port, to which its clients' link then leads."""
        environment = dict(self._environment)
        if self.is_node:
            self.port = self.links["clients"].target = free_port()
            environment["SPIRIT_PORT"] = str(self.port)
        self.running = self._nursery.start(environment, _ARGUMENTS[self.name.split()[0]], self.log)

    def _heeds(self) -> bool:
        """Whether it is so far started that it stops in order when it is asked to."""
        status = Path(f"/proc/{self.pid}/status").read_text() if self.alive else ""
        caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")), "0")
        return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)

    def send(self, number: signal.Signals) -> None:
        """Sends it a signal, if it is there."""
        if self.running:
            self.running.send_signal(number)

    async def kill(self) -> None:
        """As the kernel does when memory runs out."""
        self.send(signal.SIGKILL)
        await self._gone()

    async def stop(self) -> None:
        """In order (SIGTERM); by force if it takes too long, which is an exit code like any other."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                self.codes.append(await self._gone())
        except TimeoutError:
            await self.kill()
            self.codes.append(-signal.SIGKILL)

    async def is_up(self, http: aiohttp.ClientSession) -> None:
        """Waits until a node says that it can serve, and another would stop in order.

        One whose database or broker was away when it started has ended. It is started again, as whoever runs it would.
        """

        async def up() -> bool:
            if not self.alive:
                self.start()
            return await self._ready(http) if self.is_node else self._heeds()

        await until(up, within=READY_SECONDS, what=f"{self.name} is up")

    async def _ready(self, http: aiohttp.ClientSession) -> bool:
        try:
            async with http.get(f"http://127.0.0.1:{self.port}/readyz", timeout=aiohttp.ClientTimeout(2)) as answer:
                return answer.status == 200
        except (OSError, aiohttp.ClientError, TimeoutError):
            return False

    async def _gone(self) -> int:
        await until(lambda: not self.alive, within=2 * STOP_SECONDS, what=f"{self.name} is gone")
        return (self.running.poll() if self.running else None) or 0


Fleet = Mapping[str, Process]


@asynccontextmanager
async def fleet(
    nurseries: Nurseries, environment: Mapping[str, str], database: str, broker: Broker, folder: Path
) -> AsyncIterator[Fleet]:
    """All processes, started; ended in order. `database` is the database's URL, to which each has a link of its own."""
    async with AsyncExitStack() as kept:
        processes = {}
        for name in PROCESSES:
            links = {"postgres": Link(urlsplit(database).port or 0)}
            if broker.port is not None:
                links["redis"] = Link(broker.port)
            if name.startswith("node"):
                links["clients"] = Link(0)
            for link in links.values():
                await kept.enter_async_context(link)
            place = urlsplit(database)
            to_database = place._replace(netloc=f"{place.username}@127.0.0.1:{links['postgres'].port}").geturl()
            to_broker = broker.url(links["redis"].port if "redis" in links else None)
            own = {**environment, "SPIRIT_DATABASE_URL": to_database, "SPIRIT_BROKER_URL": to_broker}
            born_at = nurseries["node" if name.startswith("node") else "workers"]
            processes[name] = Process(name, born_at, own, links, folder)
        kept.push_async_callback(_all_ended, processes)
        for process in processes.values():
            process.start()
        yield processes


async def stopped(processes: Fleet) -> None:
    """Stops everything that runs, in order."""
    await asyncio.gather(*(process.stop() for process in processes.values() if process.alive))


async def _all_ended(processes: Fleet) -> None:
    for process in processes.values():
        if process.alive:
            await process.kill()
