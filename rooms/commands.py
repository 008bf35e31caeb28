"""Commands of many callers over one connection.

What is asked within one turn of the loop is written at once, and answered in its order. A connection that breaks takes
with it what was written to it; what was not waits for the next, which is opened when somebody wants it.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from rooms.broker import BrokerUnavailable
from rooms.resp import Command, Connection, Question
from rooms.subscriber import OnLost, OnReply, pause

Connect = Callable[[OnReply, OnLost], Awaitable[Connection]]
"""Opens a connection."""

# Callers that wait at the same time.
_MOST_WAITING = 10_000
# Attempts to connect that may fail before those who wait are told, and seconds between attempts.
_RETRIES = 2
_BACKOFF, _BACKOFF_MOST = 0.02, 0.5


class Commands:
    """Asks the server that `connect` leads to; an answer that takes longer than `timeout` seconds is none."""

    def __init__(self, connect: Connect, timeout: float) -> None:
        self._connect_to = connect
        self._timeout = timeout
        self._unsent: dict[Question, None] = {}
        self._sent: deque[Question] = deque()
        self._connection: Connection | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._flushing = False
        self._failures = 0
        self._closed = False

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The replies to commands, at least one, written together; what the server refuses is a `Refusal`.

        Raises BrokerUnavailable.
        """
        if self._closed:
            raise BrokerUnavailable("closed")
        if len(self._unsent) + len(self._sent) >= _MOST_WAITING:
            raise BrokerUnavailable("too many wait already")
        question = Question(commands)
        self._unsent[question] = None
        self._soon()
        try:
            async with asyncio.timeout(self._timeout):
                return await question.answered
        except TimeoutError:
            # Whoever asked later waits behind the same reply.
            if question in self._sent:
                self.reconnect("no answer in time")
            raise BrokerUnavailable("no answer in time") from None
        finally:
            self._unsent.pop(question, None)

    @property
    def unanswered(self) -> bool:
        """Whether somebody waits for an answer."""
        return any(not question.answered.done() for question in self._sent)

    def reconnect(self, why: str) -> None:
        """Ask on another connection from now on. Who waits for answers on this one is told why there are none."""
        if self._connection is not None:
            self._connection.close()
            self._lost(ConnectionError(why))

    async def close(self) -> None:
        """Hang up. Whoever waits is told that there is no broker."""
        self._closed = True
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.wait({self._connecting})
        self._give_up("closed")
        self.reconnect("closed")

    def _soon(self) -> None:
        if not self._flushing and self._connecting is None:
            self._flushing = True
            asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = False
        if not self._unsent:
            return
        if self._connection is None:
            self._connecting = asyncio.create_task(self._connect())
            return
        written = tuple(self._unsent)
        self._unsent.clear()
        self._sent.extend(written)
        self._connection.write(b"".join([question.packed for question in written]))

    async def _connect(self) -> None:
        while self._unsent and self._connection is None:
            try:
                async with asyncio.timeout(self._timeout):
                    self._connection = await self._connect_to(self._answer, self._lost)
                self._failures = 0
            except Exception as error:
                if self._failures >= _RETRIES:
                    self._give_up(str(error) or "no connection in time")
                await asyncio.sleep(pause(self._failures, _BACKOFF, _BACKOFF_MOST))
                self._failures += 1
        self._connecting = None
        self._flush()

    def _answer(self, reply: object) -> None:
        if self._sent[0].take(reply):
            self._sent.popleft()

    def _give_up(self, why: str) -> None:
        for question in self._unsent:
            question.fail(BrokerUnavailable(why))
        self._unsent.clear()

    def _lost(self, error: Exception) -> None:
        self._connection = None
        for question in self._sent:
            question.fail(BrokerUnavailable(str(error) or type(error).__name__))
        self._sent.clear()
