"""One connection that hears what is published: subscribes, reconnects, notices its own deafness.

It knows the pub/sub conversation (subscribing, unsubscribing, PING and the replies to them) but not how it travels:
that is a `Line`, which calls with each reply where it arrives, so that what one read brings is passed on in one turn
of the loop. The replies to commands come in their order, so the reply to a PING says that what was sent before is in
force; and a line that stays silent over a PING is dead, whatever the operating system believes.
"""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable
from itertools import count
from typing import NamedTuple, Protocol

import msgspec

from rooms.broker import BrokerUnavailable
from rooms.dialects import PLAIN, Command, Dialect

_log = logging.getLogger(__name__)


class LineLost(Exception):
    """The connection is no more, or never came to be."""


class Line(Protocol):
    """A connection. It calls `OnReply` with each reply in turn, and `OnLost` when it is over.

    A reply is a list, or bytes for the PING of a line without subscriptions, or an exception for a refusal. If
    `OnReply` raises, the line is over. Once closed it calls neither.
    """

    def send(self, commands: Iterable[Command]) -> None:
        """Write commands; those of two calls go out in the order of the calls. Nothing happens on a lost line."""

    def close(self) -> None:
        """Let go of it; never fails."""


OnReply = Callable[[object], object]
OnLost = Callable[[Exception], None]
Connect = Callable[[OnReply, OnLost], Awaitable[Line]]
"""Opens a line."""


class Patience(msgspec.Struct, frozen=True):
    """How long to wait for what, in seconds."""

    timeout: float = 5.0
    """For an answer to anything asked of the broker, a connection included."""
    silence: float = 5.0
    """Of the subscribing connection before it is asked whether it still hears; as long again for the answer."""
    backoff: float = 0.05
    """Before the first attempt to reconnect; doubles with every further one, and a random half of it is left out."""
    backoff_most: float = 0.5
    topology: float = 10.0
    """Between looks at what a cluster looks like when nothing gives reason to doubt it."""


def _nothing() -> None:
    pass


def _no_name(_: bytes) -> None:
    pass


def _never(_: Exception) -> bool:
    return False


class Watch(NamedTuple):
    """Whom a subscriber tells what it cannot mend by itself."""

    on_trouble: Callable[[], None] = _nothing
    """A line was lost, or could not be opened."""
    on_dropped: Callable[[bytes], None] = _no_name
    """The server ended a wanted subscription by itself."""
    on_refused: Callable[[Exception], bool] = _never
    """The server refused a command; whether the line goes on nevertheless."""


class Subscriber:
    """Keeps a set of `names` subscribed over lines that come and go.

    `on_message(name, data)` is called for what is published; `on_lost()` when a lost line was replaced and everything
    is subscribed again, before any message of the new line. What the new line brings before that is left out: who was
    cut off has to compare with the truth anyhow, and must not act on anything until then [P6].
    """

    def __init__(
        self,
        connect: Connect,
        on_message: Callable[[bytes, bytes], None],
        on_lost: Callable[[], None],
        patience: Patience,
        *,
        dialect: Dialect = PLAIN,
        watch: Watch | None = None,
    ) -> None:
        self._connect = connect
        self._on_message = on_message
        self._on_lost = on_lost
        self._patience = patience
        self._dialect = dialect
        self._watch_over = watch or Watch()
        self._unsubscribed = dialect.unsubscribe.lower()
        # Names that the line was told to unsubscribe from, until it says that it did.
        self._leaving: Counter[bytes] = Counter()
        self.names: set[bytes] = set()
        self._line: Line | None = None
        self._tokens = count(1)
        # By the token of the PING whose reply ends the wait.
        self._waiting: dict[bytes, asyncio.Future[None]] = {}
        # Of the PING whose reply says that a new line may be believed, and who waits for no other one.
        self._opening: bytes | None = None
        self._covered: Collection[bytes] = ()
        self._opened = asyncio.Event()
        self._heard = False
        self._failures = 0
        self._trouble = "no answer"
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Connect as soon as may be."""
        self._task = asyncio.create_task(self._keep_connected())

    async def start(self) -> None:
        """Connect. Raises BrokerUnavailable if that takes longer than the timeout."""
        self.begin()
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
        self.names.update(names)
        token = self._token()
        waiting = self._waiting[token] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience.timeout):
                # Even names that are wanted already: their own subscription may still be on its way.
                self._send([*self._dialect.subscribing(names), (b"PING", token)])
                await asyncio.wait({waiting})
        except TimeoutError:
            raise BrokerUnavailable("not subscribed in time") from None
        finally:
            del self._waiting[token]
        if waiting.cancelled():
            raise BrokerUnavailable("closed")

    def remove(self, names: Collection[bytes]) -> None:
        """Unsubscribe; a message that is on its way may still come."""
        self.names.difference_update(names)
        if names:
            self._leaving.update(names)
            self._send(self._dialect.unsubscribing(names))

    def forget(self, names: Collection[bytes]) -> None:
        """Want no more of what the server has ended by itself."""
        self.names.difference_update(names)

    def left(self, group: int) -> None:
        """The server will not say of names that go together that it ended them: it ended them all."""
        for name in [name for name in self._leaving if self._dialect.together(name) == group]:
            del self._leaving[name]

    def _send(self, commands: Iterable[Command]) -> None:
        # Without a line, or if it breaks now, the next one subscribes to whatever is wanted then.
        if self._line is not None:
            self._line.send(commands)

    async def _keep_connected(self) -> None:
        while True:
            try:
                await self._use_a_line()
            except Exception as error:
                # Whatever it was, going deaf would be worse.
                self._trouble = str(error) or type(error).__name__
                _log.warning("subscribing connection lost: %s", self._trouble)
                self._watch_over.on_trouble()
            await asyncio.sleep(pause(self._failures, self._patience.backoff, self._patience.backoff_most))
            self._failures += 1

    async def _use_a_line(self) -> None:
        """Listen to a line until it is lost; raises what ended it."""
        lost: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        async with asyncio.timeout(self._patience.timeout):
            line = await self._connect(self._hear, lost.set_result)
        try:
            self._open(line)
            await self._watch(line, lost)
        finally:
            self._line = None
            line.close()

    def _open(self, line: Line) -> None:
        """Ask for everything that is wanted, whatever it was that asked for it."""
        self._line = line
        self._leaving.clear()
        self._opening = self._token()
        self._covered = tuple(self._waiting)
        line.send([*self._dialect.subscribing(self.names), (b"PING", self._opening)])

    def _hear(self, reply: object) -> None:
        self._heard = True
        if isinstance(reply, Exception):
            if not self._watch_over.on_refused(reply):
                raise LineLost(str(reply))
            return
        if isinstance(reply, list):
            if reply[0] == self._dialect.message:
                if self._opening is None:
                    self._on_message(reply[1], reply[2])
                return
            if reply[0] == self._unsubscribed:
                self._left(reply[1])
                return
        token = _token_of(reply)
        if self._opening is None:
            self._settle(token)
        elif token == self._opening:
            self._opening = None
            self._believe()

    def _left(self, name: bytes) -> None:
        if self._leaving[name] > 0:
            self._leaving[name] -= 1
        elif name in self.names:
            self._watch_over.on_dropped(name)
        if not self._leaving[name]:
            del self._leaving[name]

    def _believe(self) -> None:
        """Everything that is wanted is in force."""
        self._failures = 0
        for token in self._covered:
            self._settle(token)
        if self._opened.is_set():
            self._on_lost()
        self._opened.set()

    async def _watch(self, line: Line, lost: asyncio.Future[Exception]) -> None:
        while True:
            self._heard = False
            await self._silence(lost)
            if self._heard:
                continue
            line.send([(b"PING", self._token())])
            await self._silence(lost)
            if not self._heard:
                raise LineLost("no reply to a ping")

    async def _silence(self, lost: asyncio.Future[Exception]) -> None:
        await asyncio.wait({lost}, timeout=self._patience.silence)
        if lost.done():
            raise lost.result()

    def _settle(self, token: bytes | None) -> None:
        waiting = self._waiting.get(token) if token else None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _token(self) -> bytes:
        return b"%d" % next(self._tokens)


def pause(failures: int, backoff: float, most: float) -> float:
    """Seconds before the attempt to reconnect that follows so many failures: doubling, and a random part left out."""
    longest = min(backoff * 2.0 ** min(failures, 30), most)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads reconnections, keeps no secret


def _token_of(reply: object) -> bytes | None:
    """The token of the PING that a reply is for; None if it is for something else."""
    if isinstance(reply, list):
        return reply[1] if reply[0] == b"pong" else None
    return reply if isinstance(reply, bytes) else None
