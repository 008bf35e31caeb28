"""Every broker, behind one face: the suite in this folder holds for all of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from importlib.util import find_spec
from typing import Protocol
from uuid import uuid4

import pytest
import uvloop

from rooms.broker import Broker, Retention
from rooms.memory import Hub, MemoryBroker
from rooms.positions import Frame
from rooms.redis import RedisBroker
from rooms.subscriber import Patience
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer

SERVERS = {
    "redis": "redis_server",
    "redis cluster": "redis_cluster",
    "valkey": "valkey_server",
    "valkey cluster": "valkey_cluster",
}
"""The fixture of each kind of server that a broker runs on."""
AIOREDIS = find_spec("aioredis_cluster") is not None
"""Whether this is the environment of that extra, in which it is all that is tested."""
CHANNEL = "quotation:1/agency"
RETENTION = Retention(frames=5, frames_seconds=60, known_seconds=600)
IMPATIENT = Patience(timeout=2.0, silence=0.1, backoff=0.01, backoff_most=0.05)


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Python's loop, and the one that the product runs on: they differ in how connections end."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


class Ear:
    """What one node heard, in order."""

    def __init__(self) -> None:
        self.frames: list[tuple[str, Frame]] = []
        self.signals: list[tuple[str, str, bytes]] = []
        self.lost = 0
        self.missed: Counter[str] = Counter()
        self.told: list[bytes] = []
        self.wakes = 0

    def on_frame(self, channel: str, frame: Frame) -> None:
        self.frames.append((channel, frame))

    def on_signal(self, channel: str, name: str, body: bytes) -> None:
        self.signals.append((channel, name, body))

    def on_lost(self, channels: Collection[str]) -> None:
        self.lost += 1
        self.missed.update(channels)

    def on_told(self, body: bytes) -> None:
        self.told.append(body)

    def on_wake(self) -> None:
        self.wakes += 1

    def seqs(self, channel: str = CHANNEL) -> list[tuple[int, int]]:
        """`(gen, seq)` of the channel's frames."""
        return [(frame.gen, frame.seq) for name, frame in self.frames if name == channel]


class World(Protocol):
    """What brokers share, whatever it is."""

    async def node(self, ear: Ear | None = None) -> Broker:
        """A started broker, as another process would have it; closed after the test."""

    async def forget(self) -> None:
        """Everything that was kept is gone."""


class _MemoryWorld:
    def __init__(self) -> None:
        self._skipped = 0.0
        self._hub = Hub(RETENTION, self._now)

    async def node(self, ear: Ear | None = None) -> Broker:
        return await _started(MemoryBroker(self._hub), ear)

    async def forget(self) -> None:
        self._skipped += RETENTION.known_seconds

    def _now(self) -> float:
        return asyncio.get_running_loop().time() + self._skipped


def url_of(server: RedisServer | RedisCluster) -> str:
    """A server's URL, as this environment speaks to it."""
    return server.url.replace("redis+cluster:", "redis+aioredis:") if AIOREDIS else server.url


class _RedisWorld:
    def __init__(self, server: RedisServer | RedisCluster) -> None:
        self._server = server
        self._prefix = uuid4().hex

    async def node(self, ear: Ear | None = None) -> Broker:
        broker = RedisBroker(url_of(self._server), prefix=self._prefix, retention=RETENTION, patience=IMPATIENT)
        return await _started(broker, ear)

    async def forget(self) -> None:
        self._server.flush()


async def _started(broker: Broker, ear: Ear | None) -> Broker:
    if ear is not None:
        broker.listen(ear.on_frame, ear.on_signal, ear.on_lost)
        broker.on_told(ear.on_told)
        broker.on_wake(ear.on_wake)
    await broker.start()
    return broker


class _Closing:
    """A world that closes what it opened."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._opened: list[Broker] = []
        self.forget = world.forget

    async def node(self, ear: Ear | None = None) -> Broker:
        broker = await self._world.node(ear)
        self._opened.append(broker)
        return broker

    async def close(self) -> None:
        for broker in self._opened:
            await broker.close()


@pytest.fixture(params=["redis cluster"] if AIOREDIS else ["memory", *SERVERS])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    servers = SERVERS.get(request.param)
    made: World = _RedisWorld(request.getfixturevalue(servers)) if servers else _MemoryWorld()
    closing = _Closing(made)
    yield closing
    await closing.close()


@pytest.fixture
async def broker(world: World) -> Broker:
    return await world.node()


def frames(seqs: range | list[int], gen: int = 1, epoch: str | None = None) -> list[Frame]:
    """Frames as a commit makes them: the body tells them apart."""
    named = epoch or f"epoch-{gen}"
    return [
        Frame(gen, named, seq, "offer.submitted" if seq else "room.reset", b'{"seq":%d}\n\x00' % seq) for seq in seqs
    ]
