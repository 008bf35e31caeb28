"""One node's link to the others: what it tells them, what it hears, and on which of the broker's channels."""

import asyncio
import itertools
import logging
import secrets
from collections.abc import Callable, Collection, Iterable
from typing import Final

from realtime.across import messages
from realtime.across.answers import Heard
from realtime.across.messages import Id, Message
from realtime.across.outgoing import Outgoing
from realtime.engine.elsewhere import NAME_BYTES
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable, OnLost

WAITING_BYTES: Final = 16_000_000
"""Bytes of all messages that may wait for a broker that is away."""
AGAIN_SECONDS: Final = 1.0
"""Before another attempt to reach a broker that was not there at the start."""

log = logging.getLogger("realtime.adapter")


class Link:
    """Tells other nodes messages and passes on theirs to `take`, each once; `lost` as the broker's `on_lost`.

    `name` is the node's; `heard` counts what the broker brought.

    Args:
        broker: the link's own: started with the first use, closed with the link.
        patience: seconds in which a message is tried again.
        most: bytes of one message.
    """

    def __init__(
        self,
        broker: Broker,
        take: Callable[[Message], None],
        lost: OnLost,
        *,
        patience: float,
        most: int,
    ) -> None:
        self.name = secrets.token_urlsafe(NAME_BYTES)
        self.heard = 0
        self._broker = broker
        self._take = take
        self._most = most
        self._numbers = itertools.count(1)
        self._outgoing = Outgoing(broker, patience, WAITING_BYTES)
        self._subscriptions = Subscriptions(broker)
        self._subscribed: set[str] = set()
        self._repeated = Heard()
        self._tasks = Tasks()
        self._started: asyncio.Task[None] | None = None
        broker.listen(_ignore, self._hear, lost)

    async def start(self) -> None:
        """Connects to the broker, unless that was done. Raises BrokerUnavailable; it may be tried again."""
        if self._started is None or (self._started.done() and self._started.exception() is not None):
            self._started = asyncio.create_task(self._start())
        await asyncio.shield(self._started)

    def start_in_the_end(self) -> None:
        """Connects to the broker as soon as it is there."""
        self._tasks.spawn(self._keep_starting())

    async def close(self) -> None:
        """Hears and tells no more."""
        await self._tasks.close()
        await self._outgoing.close()
        await self._subscriptions.close()
        await self._broker.close()

    def id(self) -> Id:
        """A new message's."""
        return Id(self.name, next(self._numbers))

    def encoded(self, message: Message) -> bytes:
        """Raises ValueError: too large; TypeError: something in it can't be sent."""
        body = messages.encode(message)
        if len(body) > self._most:
            raise ValueError(f"more than {self._most} bytes for other nodes")
        return body

    async def tell(self, channels: Iterable[str], body: bytes) -> None:
        """Sends a message; a node that hears several of the channels takes it once. Raises BrokerUnavailable."""
        channels = tuple(channels)
        if channels:
            await self.start()
            await self._outgoing.send(channels, body)

    async def answer(self, node: str, message: Message) -> None:
        """Sends a message that one node waits for, if that can be done."""
        try:
            await self.tell((messages.channel_of_node(node),), self.encoded(message))
        except (BrokerUnavailable, ValueError, TypeError) as failure:
            log.warning("an answer is lost: %s", failure)

    async def listen_to(self, channels: Collection[str], still: Callable[[str], bool]) -> None:
        """Returns when it is in force, or without a broker, when it will be with the next one.

        `still` tells whether there is still somebody to listen for.
        """
        new = [channel for channel in channels if channel not in self._subscribed]
        if new:
            await self._subscriptions.want(new)
            self._subscribed.update(new)
            self.listen_no_more([channel for channel in new if not still(channel)])

    def listen_no_more(self, channels: Iterable[str]) -> None:
        """Of what is not listened to, nothing changes."""
        gone = [channel for channel in channels if channel in self._subscribed]
        if gone:
            self._subscribed.difference_update(gone)
            self._tasks.spawn(self._subscriptions.drop(gone))

    async def _start(self) -> None:
        await self._broker.start()
        await self._broker.subscribe([messages.channel_of_node(self.name)])

    async def _keep_starting(self) -> None:
        while True:
            try:
                await self.start()
            except BrokerUnavailable as failure:
                log.warning("no broker yet: %s", failure)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                return

    def _hear(self, channel: str, name: str, body: bytes) -> None:
        self.heard += 1
        if name != messages.SIGNAL or len(body) > self._most:
            log.warning("not a message of another node's")
            return
        try:
            message = messages.decode(body)
        except ValueError:
            log.warning("not a message of another node's")
            return
        if message.id.node != self.name and self._repeated.first(message.id):
            self._take(message)


def _ignore(*_: object) -> None:
    pass
