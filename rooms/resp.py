"""A connection to a Redis server: commands written, replies decoded by hiredis and handed on where they arrive.

There is no task that reads and no queue of replies: what one read of the socket brings is worked through in one turn of
the loop. The protocol is RESP2.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, cast

import hiredis

from rooms.redis_url import Address
from rooms.subscriber import LineLost, OnLost, OnReply

Command = Sequence[str | bytes | int]

Refusal = hiredis.ReplyError
"""What the server answers instead of a reply."""

_NAME = "rooms"
_INCOMPLETE = object()


class Question:
    """Commands of one caller, and the replies to them."""

    __slots__ = ("_count", "_replies", "answered", "packed")

    def __init__(self, commands: Sequence[Command]) -> None:
        self.packed = pack(commands)
        self.answered: asyncio.Future[list[Any]] = asyncio.get_running_loop().create_future()
        self._count = len(commands)
        self._replies: list[Any] = []

    def take(self, reply: object) -> bool:
        """The next reply; whether it was the last one."""
        self._replies.append(reply)
        complete = len(self._replies) == self._count
        if complete and not self.answered.done():
            self.answered.set_result(self._replies)
        return complete

    def fail(self, error: Exception) -> None:
        """There will be no answer."""
        if not self.answered.done():
            self.answered.set_exception(error)


class Connection(asyncio.Protocol):
    """One connection, never reopened; a `Line` of the subscriber."""

    _transport: asyncio.Transport

    def __init__(self) -> None:
        self._reader = hiredis.Reader(notEnoughData=_INCOMPLETE)
        self._on_reply: OnReply = _ignore
        self._on_lost: OnLost = _ignore
        self._ended = False

    def send(self, commands: Iterable[Command]) -> None:
        """Write commands. Nothing happens once the connection is over."""
        self.write(pack(commands))

    def write(self, packed: bytes) -> None:
        """Write what `pack` made. Nothing happens once the connection is over."""
        if not self._ended:
            self._transport.write(packed)

    def close(self) -> None:
        """Let go of it; nothing is called back any more."""
        self._on_reply = self._on_lost = _ignore
        self._end(LineLost("closed"))

    async def greet(self, address: Address, on_reply: OnReply, on_lost: OnLost) -> None:
        """Log in, and hand on what comes from then on. Raises LineLost."""
        question = Question(_greeting(address))
        self._on_reply, self._on_lost = question.take, question.fail
        self.write(question.packed)
        replies = await question.answered
        # The last one gives the connection a name, which not every user may.
        for reply in replies[:-1]:
            if isinstance(reply, Refusal):
                raise LineLost(str(reply))
        self._on_reply, self._on_lost = on_reply, on_lost
        if self._ended:
            raise LineLost("ended while it was opened")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not _INCOMPLETE:
                self._on_reply(reply)
        except Exception as error:
            # Nonsense came, or whoever listens will not go on: the next connection may do better.
            self._end(error)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or LineLost("closed by the server"))

    def _end(self, error: Exception) -> None:
        if not self._ended:
            self._ended = True
            self._transport.abort()
            self._on_lost(error)


async def ask(address: Address, command: Command) -> Any:
    """The reply to one command over a connection of its own; what the server refuses is a `Refusal`.

    Raises LineLost.
    """
    question = Question([command])
    connection = await connect(address, question.take, question.fail)
    try:
        connection.write(question.packed)
        [reply] = await question.answered
    finally:
        connection.close()
    return reply


async def connect(address: Address, on_reply: OnReply, on_lost: OnLost) -> Connection:
    """A connection that is logged in. Raises LineLost.

    `on_reply` gets every reply, refusals as `Refusal`; if it raises, the connection is over. `on_lost` is
    called once when it is over, unless `close` was called.
    """
    try:
        connection = await _opened(address)
        try:
            await connection.greet(address, on_reply, on_lost)
        except BaseException:
            connection.close()
            raise
    except (OSError, hiredis.HiredisError) as error:
        raise LineLost(str(error)) from error
    return connection


async def _opened(address: Address) -> Connection:
    loop = asyncio.get_running_loop()
    if address.path is not None:
        _, connection = await loop.create_unix_connection(Connection, address.path)
    else:
        _, connection = await loop.create_connection(Connection, address.host, address.port, ssl=address.tls)
    return connection


def pack(commands: Iterable[Command]) -> bytes:
    """Commands as they are written to a server."""
    packed = [hiredis.pack_command(tuple(command)) for command in commands]  # type: ignore[arg-type]  # stub: one word
    return b"".join(packed)


def _greeting(address: Address) -> list[Command]:
    commands: list[Command] = []
    if address.user or address.password:
        commands.append(("AUTH", *([address.user] if address.user else []), address.password or ""))
    if address.db:
        commands.append(("SELECT", address.db))
    return [*commands, ("CLIENT", "SETNAME", _NAME)]


def _ignore(_: object) -> None:
    pass
