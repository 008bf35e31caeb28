"""Messages on their way to the broker: in order, together, and again for a while when it is away."""

import asyncio
from collections import deque
from collections.abc import Collection
from typing import Final

from realtime.across.messages import SIGNAL
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable

AT_ONCE: Final = 256
"""Messages that are given to the broker together."""
PAUSE, LONGEST_PAUSE = 0.05, 1.0
"""Seconds before what failed is tried again; they double up to the longest."""


class _Waiting:
    __slots__ = ("body", "channels", "sent", "until")

    def __init__(self, channels: Collection[str], body: bytes, until: float) -> None:
        self.channels = channels
        self.body = body
        self.until = until
        self.sent: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Outgoing:
    """Sends messages one after the other.

    Args:
        patience: seconds in which a message is tried again before its sender is told.
        most_bytes: of all messages that wait; more are refused.
    """

    def __init__(self, broker: Broker, patience: float, most_bytes: int) -> None:
        self._broker = broker
        self._patience = patience
        self._most_bytes = most_bytes
        self._queue: deque[_Waiting] = deque()
        self._bytes = 0
        self._tasks = Tasks()
        self._sending = False
        self._closed = False
        self._pause = PAUSE

    async def send(self, channels: Collection[str], body: bytes) -> None:
        """Returns once the broker has it. Raises BrokerUnavailable: it may have it or not, and is not tried again."""
        if self._closed:
            raise BrokerUnavailable("closed")
        if self._bytes + len(body) > self._most_bytes:
            raise BrokerUnavailable("too much waits already")
        waiting = _Waiting(channels, body, asyncio.get_running_loop().time() + self._patience)
        self._queue.append(waiting)
        self._bytes += len(body)
        if not self._sending:
            self._sending = True
            self._tasks.spawn(self._work())
        await waiting.sent

    async def close(self) -> None:
        """Sends no more; whoever waits is told."""
        self._closed = True
        await self._tasks.close()
        while self._queue:
            self._settle(self._queue.popleft(), BrokerUnavailable("closed"))

    async def _work(self) -> None:
        try:
            while self._queue:
                await self._send_some()
        finally:
            self._sending = False

    async def _send_some(self) -> None:
        """Sends the first that wait; from the first that fails on all are tried again, so that they stay in order."""
        some = [self._queue[place] for place in range(min(AT_ONCE, len(self._queue)))]
        # One list of them all: whatever is called in one turn of the loop reaches the broker in this order.
        given = [(waiting, channel) for waiting in some for channel in waiting.channels]
        calls = (self._broker.signal(channel, SIGNAL, waiting.body) for waiting, channel in given)
        answers = await asyncio.gather(*calls, return_exceptions=True)
        failed = {waiting: failure for (waiting, _), failure in zip(given, answers, strict=True) if failure is not None}
        for waiting in some:
            failure = failed.get(waiting)
            if isinstance(failure, BrokerUnavailable):
                await self._wait_again(failure)
                return
            self._queue.popleft()
            self._settle(waiting, failure)
        self._pause = PAUSE

    async def _wait_again(self, failure: BrokerUnavailable) -> None:
        await asyncio.sleep(self._pause)
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        now = asyncio.get_running_loop().time()
        while self._queue and self._queue[0].until <= now:
            self._settle(self._queue.popleft(), failure)

    def _settle(self, waiting: _Waiting, failure: BaseException | None) -> None:
        self._bytes -= len(waiting.body)
        if waiting.sent.done():
            return
        if failure is None:
            waiting.sent.set_result(None)
        else:
            waiting.sent.set_exception(failure)
