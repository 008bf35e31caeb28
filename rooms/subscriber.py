"""One connection that hears what is published: subscribes, reconnects, notices its own deafness.

It knows the pub/sub conversation (SUBSCRIBE, UNSUBSCRIBE, PING and the replies to them) but not how it travels: that
is a `Line`. The replies to commands come in their order, so the reply to a PING says that what was sent before is in
force; and a line that stays silent over a PING is dead, whatever the operating system believes.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from itertools import count
from typing import Protocol

import msgspec

from rooms.broker import BrokerUnavailable

_log = logging.getLogger(__name__)

Command = Sequence[str | bytes]

# Names in one SUBSCRIBE: the server does nothing else while it works through a command.
_CHUNK = 1_000


class LineLost(Exception):
    """The connection is no more, or never came to be."""


class Line(Protocol):
    """A connection. All methods raise LineLost."""

    async def send(self, commands: Iterable[Command]) -> None:
        """Write commands; those of two calls go out in the order of the calls."""

    async def read(self) -> object:
        """The next reply: a list, or bytes for the PING of a line without subscriptions."""

    async def close(self) -> None:
        """Let go of it; never fails."""


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for what, in seconds."""

    timeout: float = 5.0
    """For an answer to anything asked of the broker, a connection included."""
    silence: float = 5.0
    """Of the subscribing connection before it is asked whether it still hears; as long again for the answer."""
    backoff: float = 0.05
    """Before the first attempt to reconnect; doubles with every further one, and a random half of it is left out."""
    backoff_most: float = 2.0


class Subscriber:
    """Keeps a set of names subscribed over lines that come and go.

    `on_message(name, data)` is called for what is published; `on_lost()` when a lost line was replaced and everything
    is subscribed again, before any message of the new line. What the new line brings before that is left out: who was
    cut off has to compare with the truth anyhow, and must not act on anything until then [P6].
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[Line]],
        on_message: Callable[[bytes, bytes], None],
        on_lost: Callable[[], None],
        patience: Patience,
    ) -> None:
        self._connect = connect
        self._on_message = on_message
        self._on_lost = on_lost
        self._patience = patience
        self._wanted: set[bytes] = set()
        self._line: Line | None = None
        self._tokens = count(1)
        # By the token of the PING whose reply ends the wait.
        self._waiting: dict[bytes, asyncio.Future[None]] = {}
        self._opened = asyncio.Event()
        self._heard = False
        self._failures = 0
        self._trouble = "no answer"
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect. Raises BrokerUnavailable if that takes longer than the timeout."""
        self._task = asyncio.create_task(self._keep_connected())
        try:
            async with asyncio.timeout(self._patience.timeout):
                await self._opened.wait()
        except TimeoutError:
            await self.close()
            raise BrokerUnavailable(f"cannot subscribe: {self._trouble}") from None

    async def close(self) -> None:
        """Hang up. Whoever waits for a subscription is told that there is no broker."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        for waiting in self._waiting.values():
            waiting.cancel()

    async def add(self, names: Collection[bytes]) -> None:
        """Subscribe; returns when it is in force. On BrokerUnavailable the names stay wanted."""
        self._wanted.update(names)
        token = self._token()
        waiting = self._waiting[token] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience.timeout):
                # Even names that are wanted already: their own subscription may still be on its way.
                await self._send([*_subscribing(names), (b"PING", token)])
                await asyncio.wait({waiting})
        except TimeoutError:
            raise BrokerUnavailable("not subscribed in time") from None
        finally:
            del self._waiting[token]
        if waiting.cancelled():
            raise BrokerUnavailable("closed")

    async def remove(self, names: Collection[bytes]) -> None:
        """Unsubscribe; a message that is on its way may still come."""
        self._wanted.difference_update(names)
        if names:
            await self._send([(b"UNSUBSCRIBE", *names)])

    async def _send(self, commands: Iterable[Command]) -> None:
        # Without a line, or if it breaks now, the next one subscribes to whatever is wanted then.
        if self._line is not None:
            with contextlib.suppress(LineLost):
                await self._line.send(commands)

    async def _keep_connected(self) -> None:
        while True:
            try:
                async with asyncio.timeout(self._patience.timeout):
                    line = await self._connect()
                await self._use(line)
            except Exception as error:
                # Whatever it was, going deaf would be worse.
                self._trouble = str(error) or type(error).__name__
                _log.warning("subscribing connection lost: %s", self._trouble)
            await asyncio.sleep(self._pause())
            self._failures += 1

    async def _use(self, line: Line) -> None:
        """Listen to a line until it is lost; raises what ended it."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(line))
                both.create_task(self._watch(line))
        except ExceptionGroup as ended:
            raise ended.exceptions[0] from None
        finally:
            self._line = None
            await line.close()

    async def _listen(self, line: Line) -> None:
        await self._open(line)
        while True:
            reply = await self._read(line)
            if isinstance(reply, list) and reply[0] == b"message":
                self._on_message(reply[1], reply[2])
            else:
                self._settle(_token_of(reply))

    async def _open(self, line: Line) -> None:
        """Bring everything that is wanted into force, whatever it was that asked for it."""
        opening = self._token()
        self._line = line
        covered = tuple(self._waiting)
        await line.send([*_subscribing(self._wanted), (b"PING", opening)])
        while _token_of(await self._read(line)) != opening:
            pass
        self._failures = 0
        for token in covered:
            self._settle(token)
        if self._opened.is_set():
            self._on_lost()
        self._opened.set()

    async def _read(self, line: Line) -> object:
        reply = await line.read()
        self._heard = True
        return reply

    async def _watch(self, line: Line) -> None:
        while True:
            self._heard = False
            await asyncio.sleep(self._patience.silence)
            if self._heard:
                continue
            await line.send([(b"PING", self._token())])
            await asyncio.sleep(self._patience.silence)
            if not self._heard:
                raise LineLost("no reply to a ping")

    def _settle(self, token: bytes | None) -> None:
        waiting = self._waiting.get(token) if token else None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _pause(self) -> float:
        longest = min(self._patience.backoff * 2.0**self._failures, self._patience.backoff_most)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads reconnections, keeps no secret

    def _token(self) -> bytes:
        return b"%d" % next(self._tokens)


def _subscribing(names: Collection[bytes]) -> Iterable[Command]:
    ordered = sorted(names)
    for start in range(0, len(ordered), _CHUNK):
        yield (b"SUBSCRIBE", *ordered[start : start + _CHUNK])


def _token_of(reply: object) -> bytes | None:
    """The token of the PING that a reply is for; None if it is for something else."""
    if isinstance(reply, list):
        return reply[1] if reply[0] == b"pong" else None
    return reply if isinstance(reply, bytes) else None
