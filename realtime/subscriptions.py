"""Which channels this node hears from the broker: subscribing and unsubscribing, one after the other.

Without the order, a late unsubscribe could follow the subscribe of somebody who came back, and leave the node deaf.
"""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any

import structlog

from realtime.gathered import Gathered
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable

log = structlog.get_logger(__name__)


class Subscriptions:
    """The wishes of this node, in force as soon as the broker lets them be; those of one moment go together.

    What is wanted is the broker's to know: here are only those that are on their way in or out.
    """

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._unwanted: set[str] = set()
        self._coming: set[str] = set()
        self._turn = asyncio.Lock()
        self._tasks = Tasks()
        self._subscribing = Gathered(self._subscribe, self._tasks)
        self._unsubscribing = Gathered(self._unsubscribe, self._tasks)

    def want(self, channels: Collection[str]) -> Coroutine[Any, Any, None]:
        """Hear these channels, unless they are dropped again before what is returned has run. It returns when it is in
        force, or, without a broker, when it will be with the next one."""
        self._unwanted.difference_update(channels)
        self._coming.update(channels)
        return self._wanted(channels)

    def drop(self, channels: Collection[str]) -> Coroutine[Any, Any, None]:
        """Hear no more of these channels, unless somebody wants them again before what is returned has run."""
        self._unwanted.update(channels)
        self._coming.difference_update(channels)
        return self._dropped(channels)

    async def close(self) -> None:
        """Subscribes and unsubscribes no more."""
        await self._tasks.close()

    async def _wanted(self, channels: Collection[str]) -> None:
        await self._subscribing(channels)

    async def _dropped(self, channels: Collection[str]) -> None:
        await self._unsubscribing(channels)

    async def _subscribe(self, channels: Collection[str]) -> dict[str, None]:
        async with self._turn:
            # Who was let go before their turn came is not to be heard after it.
            wanted = [channel for channel in channels if channel in self._coming]
            self._coming.difference_update(wanted)
            try:
                if wanted:
                    await self._broker.subscribe(wanted)
            except BrokerUnavailable:
                log.warning("subscribed without a broker", channels=len(channels))
        return dict.fromkeys(channels)

    async def _unsubscribe(self, channels: Collection[str]) -> dict[str, None]:
        async with self._turn:
            gone = [channel for channel in channels if channel in self._unwanted]
            self._unwanted.difference_update(gone)
            try:
                if gone:
                    await self._broker.unsubscribe(gone)
            except BrokerUnavailable:
                log.warning("unsubscribed without a broker", channels=len(gone))
        return dict.fromkeys(channels)
