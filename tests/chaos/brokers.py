"""The broker of a run: a Redis, or a Redis Cluster, what breaks in it, and how it looks from outside."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from typing import Final, Protocol
from urllib.parse import urlsplit

import redis

from loadtests.redis_cluster import NotFormed, Refused
from tests.chaos.plan import Fault
from tests.fixtures.cluster import ClusterNode, RedisCluster
from tests.fixtures.redis import RedisServer

_WAYS: Final = ("", "FORCE", "TAKEOVER")


class Broker(Protocol):
    """`port` is where a link to it leads; None where processes find their servers themselves, and no link can."""

    port: int | None

    def url(self, port: int | None) -> str:
        """The broker's URL, by a link's port if there is one."""

    def renew(self) -> None:
        """Makes it whole and empties it."""

    def mend(self) -> None:
        """Makes it whole."""

    async def perform(self, fault: Fault) -> None:
        """Breaks something and mends it."""

    def subscribed(self) -> list[str]:
        """What somebody is subscribed to."""

    def clients(self) -> "Iterator[redis.Redis]":
        """A client of each server that has keys of its own."""


class Single:
    """One Redis."""

    def __init__(self, server: RedisServer) -> None:
        self.port: int | None = urlsplit(server.url).port
        self._server = server

    def url(self, port: int | None) -> str:
        return f"redis://127.0.0.1:{port}/0"

    def renew(self) -> None:
        self._server.start()
        self._server.flush()

    def mend(self) -> None:
        self._server.start()

    async def perform(self, fault: Fault) -> None:
        match fault.kind:
            case "redis flush":
                await asyncio.to_thread(self._server.flush)
            case "redis restart":
                await asyncio.to_thread(self._server.stop)
                await asyncio.sleep(fault.lasting)
                await asyncio.to_thread(self._server.start)
            case "redis freeze":
                with self._server.frozen():
                    await asyncio.sleep(fault.lasting)

    def subscribed(self) -> list[str]:
        with self._server.client() as client:
            return [name.decode() for name in client.pubsub_channels("*")]

    def clients(self) -> "Iterator[redis.Redis]":
        with self._server.client() as client:
            yield client


class Clustered:
    """Three masters with a replica each. `target` of a fault chooses the slot, the master or the way."""

    def __init__(self, cluster: RedisCluster) -> None:
        self.port: int | None = None
        self._cluster = cluster
        self._kinds: Mapping[str, Callable[[Fault], Awaitable[None]]] = {
            "redis flush": self._flush,
            "redis freeze": self._freeze,
            "cluster failover": self._fail_over,
            "cluster kill": self._kill,
            "cluster move": self._move,
        }

    def url(self, port: int | None) -> str:
        return self._cluster.url

    def renew(self) -> None:
        try:
            self._cluster.mend()
        except NotFormed:
            self._cluster.stop()
            self._cluster.start()
        self._cluster.flush()

    def mend(self) -> None:
        self._cluster.mend()

    async def perform(self, fault: Fault) -> None:
        """One thing at a time: a member that is still to be told of the last one would only refuse the next."""
        try:
            await asyncio.to_thread(self._cluster.mend)
            await self._kinds[fault.kind](fault)
        except (NotFormed, Refused, redis.RedisError, OSError) as failure:
            print(f"not done: {fault.kind}: {failure!r}")

    def subscribed(self) -> list[str]:
        found: list[str] = []
        for client in self.clients():
            found += [name.decode() for name in client.pubsub_shardchannels("*")]
        return found

    def clients(self) -> "Iterator[redis.Redis]":
        for node in self._cluster.masters():
            with redis.Redis(port=node.port) as client:
                yield client

    async def _flush(self, _: Fault) -> None:
        await asyncio.to_thread(self._cluster.flush)

    async def _freeze(self, fault: Fault) -> None:
        with self._master(fault).frozen():
            await asyncio.sleep(fault.lasting)

    async def _kill(self, fault: Fault) -> None:
        master = self._master(fault)
        await asyncio.to_thread(master.kill)
        await asyncio.sleep(fault.lasting)
        await asyncio.to_thread(master.start)

    async def _fail_over(self, fault: Fault) -> None:
        slot = await asyncio.to_thread(self._slot, fault)
        await asyncio.to_thread(self._cluster.fail_over, slot, _WAYS[int(fault.target or 0) % len(_WAYS)])

    async def _move(self, fault: Fault) -> None:
        """A slot that has keys goes to another master."""
        slot = await asyncio.to_thread(self._slot, fault)
        source = await asyncio.to_thread(self._cluster.master_of, slot)
        others = [node for node in self._cluster.masters() if node is not source]
        try:
            await asyncio.to_thread(self._cluster.move_slot, slot, others[int(fault.target or 0) % len(others)])
        finally:
            await asyncio.to_thread(self._settle, slot)

    def _settle(self, slot: int) -> None:
        """Nobody takes a slot for being moved any more."""
        for node in self._cluster.nodes:
            with suppress(Refused, OSError):
                node.ask("CLUSTER", "SETSLOT", slot, "STABLE")

    def _master(self, fault: Fault) -> ClusterNode:
        masters = self._cluster.masters()
        return masters[int(fault.target or 0) % len(masters)]

    def _slot(self, fault: Fault) -> int:
        """The slot of one of the keys."""
        names = sorted(key for client in self.clients() for key in client.keys("*"))
        chosen = names[int(fault.target or 0) % len(names)] if names else b"any"
        slot = self._cluster.masters()[0].ask("CLUSTER", "KEYSLOT", chosen.decode())
        assert isinstance(slot, int)
        return slot
