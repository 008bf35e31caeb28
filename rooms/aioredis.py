"""A Redis Cluster whose commands go through aioredis-cluster, which an extra of that name installs.

What is published is heard as in `rooms.cluster`: the library subscribes to one shard channel with each call, and what
ends a subscription (a failover, a moved slot) ends it for good; see docs/adr/0015.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import aioredis_cluster
from aioredis_cluster.errors import RedisError, ReplyError

from rooms.broker import BrokerUnavailable
from rooms.calls import Call, refuses
from rooms.cluster import SLOW, Cluster
from rooms.redis_url import Cluster as Place
from rooms.resp import Command, Refusal
from rooms.subscriber import Patience
from rooms.transport import OnLost, OnMessage


class AioredisCluster(Cluster):
    """A `Transport`. While a slot has no master, or one that says nothing, its calls are asked again until the time is
    over."""

    def __init__(self, place: Place, on_message: OnMessage, on_lost: OnLost, patience: Patience) -> None:
        super().__init__(place, on_message, on_lost, patience)
        self._place = place
        self._client: aioredis_cluster.AbcCluster
        self._opened = False

    async def start(self) -> None:
        await super().start()
        first, patience = self._place.seeds[0], self._patience
        try:
            async with asyncio.timeout(patience.timeout):
                self._client = await aioredis_cluster.create_cluster(
                    [(one.host, one.port) for one in self._place.seeds],
                    username=first.user,
                    password=first.password,
                    ssl=first.tls,
                    max_attempts=0,
                    retry_min_delay=patience.backoff,
                    retry_max_delay=patience.backoff_most,
                    attempt_timeout=SLOW,
                    connect_timeout=SLOW,
                    state_reload_interval=patience.topology,
                )
        except (RedisError, OSError, TimeoutError) as error:
            raise BrokerUnavailable(str(error) or "no answer in time") from error
        self._opened = True

    async def close(self) -> None:
        if self._opened:
            self._client.close()
            await self._client.wait_closed()
        await super().close()

    async def run(self, calls: Sequence[Call]) -> list[Any]:
        try:
            async with asyncio.timeout(self._patience.timeout):
                return await asyncio.gather(*map(self._answer, calls))
        except (RedisError, OSError, TimeoutError) as error:
            raise BrokerUnavailable(str(error) or "no answer in time") from error

    async def _answer(self, call: Call) -> Any:
        answer = await self._execute(call.words)
        return await self._execute(call.whole()) if refuses(answer, "NOSCRIPT") else answer

    async def _execute(self, words: Command) -> Any:
        while True:
            try:
                return await self._client.execute(*words)
            except ReplyError as refused:
                return Refusal(str(refused))
            except TimeoutError:
                # The library gives up whatever may have been done; a call bears repeating, and has an heir by now.
                continue
