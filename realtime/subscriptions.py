"""Which channels this node hears from the broker: subscribing and unsubscribing, one after the other.

Without the order, a late unsubscribe could follow the subscribe of somebody who came back, and leave the node deaf.
"""

import asyncio
from collections.abc import Collection

import structlog

from rooms.broker import Broker, BrokerUnavailable

log = structlog.get_logger(__name__)


class Subscriptions:
    """The wishes of this node, in force as soon as the broker lets them be."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._wanted: set[str] = set()
        self._turn = asyncio.Lock()

    async def want(self, channels: Collection[str]) -> None:
        """Hear these channels. Returns when it is in force, or, without a broker, when it will be with the next one."""
        self._wanted.update(channels)
        async with self._turn:
            try:
                await self._broker.subscribe([channel for channel in channels if channel in self._wanted])
            except BrokerUnavailable:
                log.warning("subscribed without a broker", channels=len(channels))

    async def drop(self, channels: Collection[str]) -> None:
        """Hear no more of these channels, unless somebody wanted them again meanwhile."""
        self._wanted.difference_update(channels)
        async with self._turn:
            gone = [channel for channel in channels if channel not in self._wanted]
            if not gone:
                return
            try:
                await self._broker.unsubscribe(gone)
            except BrokerUnavailable:
                log.warning("unsubscribed without a broker", channels=len(gone))
