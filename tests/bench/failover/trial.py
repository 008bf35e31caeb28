"""One disaster under load, and what the watchers noticed of it."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain, count, pairwise

import aiohttp

from tests.bench.failover.crowd import Author, Watcher, author
from tests.bench.failover.stand import NODES, Stand
from tests.chaos.actors import Actor
from tests.chaos.links import Link
from tests.chaos.people import PASSWORD, PEOPLE
from tests.support.wait import until

AUTHOR, WATCHER = PEOPLE["ana"], PEOPLE["bruno"]
PATIENCE = 60.0


@dataclass(frozen=True)
class Load:
    """`watchers` times `rate` deliveries a second, evenly over `authors` quotations, for so long after a disaster."""

    watchers: int = 40
    authors: int = 10
    rate: float = 50.0
    steady: float = 1.5
    seconds: float = 6.0


@dataclass(frozen=True)
class Figures:
    """The most seconds that somebody heard nothing of a room; what never came and what came twice; rooms that began
    anew; seconds from due to arrival of what was due after the disaster."""

    silence: float
    lost: int
    twice: int
    resets: int
    delays: Sequence[float]

    def percentile(self, of_hundred: int) -> float:
        return statistics.quantiles(self.delays, n=100)[of_hundred - 1]


@dataclass
class Crowd:
    """Everybody, connected."""

    authors: list[Author]
    watchers: list[Watcher]

    @property
    def all_here(self) -> bool:
        return all(watcher.here for watcher in self.watchers)

    @property
    def all_arrived(self) -> bool:
        return all(
            len(watcher.rooms[author.room].arrived) >= len(author.due)
            for watcher in self.watchers
            for author in self.authors
        )


@asynccontextmanager
async def crowded(stand: Stand, load: Load) -> AsyncIterator[Crowd]:
    """Authors with a quotation each, and watchers who have joined all of them, spread over the nodes."""
    await stand.mend()
    ports = [node.port for node in stand.nodes]
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        tokens = [await _login(http, ports[0], who.email) for who in (AUTHOR, WATCHER)]
        fronts = [_at(port) for port in ports]
        actors = [Actor(http, AUTHOR, number, tokens[0], fronts, 0) for number in range(load.authors)]
        tasks = [asyncio.create_task(actor.run()) for actor in actors]
        authors = [await author(actor, number) for number, actor in enumerate(actors)]
        quotations = [one.room.partition(":")[2] for one in authors]
        homes = [[*ports[number % NODES :], *ports[: number % NODES]] for number in range(load.watchers)]
        watchers = [Watcher(http, tokens[1], home, quotations) for home in homes]
        tasks += [asyncio.create_task(watcher.run()) for watcher in watchers]
        try:
            yield Crowd(authors, watchers)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def trial(stand: Stand, crowd: Crowd, load: Load, disaster: Callable[[], None]) -> Figures:
    """The load goes on through a disaster, until everything has arrived."""
    await stand.mend()
    for watcher in crowd.watchers:
        watcher.go_home()
    await until(lambda: crowd.all_here, within=PATIENCE, what="everybody is there")
    for one in chain.from_iterable(watcher.rooms.values() for watcher in crowd.watchers):
        one.twice = one.lost = one.resets = 0
    over, begin = asyncio.Event(), time.perf_counter()
    pause = load.authors / load.rate
    writing = asyncio.gather(
        *(
            one.write(_evenly(begin + pause * number / load.authors, pause), over)
            for number, one in enumerate(crowd.authors)
        )
    )
    await asyncio.sleep(load.steady)
    struck = time.perf_counter()
    await asyncio.to_thread(disaster)
    await asyncio.sleep(max(0.0, struck + load.seconds - time.perf_counter()))
    over.set()
    await writing
    with suppress(AssertionError):
        # What does not come is counted.
        await until(lambda: crowd.all_here and crowd.all_arrived, within=PATIENCE)
    return _figures(crowd, struck, load.seconds)


def _figures(crowd: Crowd, struck: float, seconds: float) -> Figures:
    rooms = [(one, watcher.rooms[one.room]) for one in crowd.authors for watcher in crowd.watchers]
    never = sum(max(0, len(one.due) - len(room.arrived)) for one, room in rooms)
    return Figures(
        silence=max(longest_gap(room.arrived, struck) for _, room in rooms),
        lost=never + sum(room.lost for _, room in rooms),
        twice=sum(room.twice for _, room in rooms),
        resets=sum(room.resets for _, room in rooms),
        delays=[
            at - due for one, room in rooms for due, at in zip(one.due, room.arrived, strict=False) if due >= struck
        ],
    )


def longest_gap(arrived: Sequence[float], struck: float) -> float:
    """The longest time between two arrivals that ended after the disaster."""
    return max((after - before for before, after in pairwise(arrived) if after >= struck), default=0.0)


def _evenly(begin: float, pause: float) -> Iterator[float]:
    return (begin + pause * number for number in count())


async def _login(http: aiohttp.ClientSession, port: int, email: str) -> str:
    url = f"http://127.0.0.1:{port}/api/v1/auth/login"
    async with http.post(url, json={"email": email, "password": PASSWORD}) as answer:
        return str((await answer.json())["access_token"])


def _at(port: int) -> Link:
    """A way for an `Actor` that leads straight to a node."""
    link = Link(port)
    link.port = port
    return link
