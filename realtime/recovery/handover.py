"""One node asks another for a session whose client came to it, by the broker [D9].

Nothing here has to arrive: whoever gets no answer goes by what the other node wrote down.
"""

import asyncio
import contextlib
from collections.abc import Callable
from itertools import count
from typing import Final

import msgspec

from realtime.recovery.parking import Places
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable
from rooms.names import channel as channel_of
from rooms.positions import Position

PATIENCE: Final = 1.5
"""Seconds in which another node has to answer."""
SILENT: Final = 5.0
"""Seconds that a node which did not answer is not asked again."""
ASKED: Final = "session.asked"
GIVEN: Final = "session.given"
_NODES: Final = "nodes"


class Ask(msgspec.Struct, frozen=True):
    """Who asks, under which number, for which session of whose; `offset` is the last event that its client got."""

    node: str
    number: int
    sid: str
    user: str
    pid: str
    offset: str


class Given(msgspec.Struct, frozen=True):
    """The answer; without `rooms` there is no such session."""

    number: int
    rooms: dict[str, Position | None] | None = None
    watches: bool = False


class Handover:
    """Asks other nodes, and answers them by `give`, which lets go of the session."""

    def __init__(self, broker: Broker, node: str, give: Callable[[Ask], tuple[Places, bool] | None]) -> None:
        self.channel = _channel(node)
        self._broker = broker
        self._node = node
        self._give = give
        self._numbers = count(1)
        self._waiting: dict[int, asyncio.Future[Given]] = {}
        self._silent: dict[str, float] = {}
        self._tasks = Tasks()

    async def ask(self, owner: str, *, sid: str, user: str, pid: str, offset: str) -> Given | None:
        """What the owner of a session gives; None if it says nothing."""
        loop = asyncio.get_running_loop()
        if self._silent.get(owner, 0.0) > loop.time():
            return None
        number = next(self._numbers)
        answered: asyncio.Future[Given] = loop.create_future()
        self._waiting[number] = answered
        try:
            async with asyncio.timeout(PATIENCE):
                await self._say(owner, ASKED, Ask(self._node, number, sid, user, pid, offset))
                return await answered
        except (TimeoutError, BrokerUnavailable):
            self._silent = {node: until for node, until in self._silent.items() if until > loop.time()}
            self._silent[owner] = loop.time() + SILENT
            return None
        finally:
            del self._waiting[number]

    def on_signal(self, name: str, body: bytes) -> None:
        """Somebody asks, or answers."""
        if name == ASKED:
            self._tasks.spawn(self._answer(msgspec.json.decode(body, type=Ask)))
            return
        given = msgspec.json.decode(body, type=Given)
        waiting = self._waiting.get(given.number)
        if waiting is not None and not waiting.done():
            waiting.set_result(given)

    async def close(self) -> None:
        """Answers nobody any more."""
        await self._tasks.close()

    async def _answer(self, ask: Ask) -> None:
        found = self._give(ask)
        given = Given(ask.number, dict(found[0]), found[1]) if found else Given(ask.number)
        with contextlib.suppress(BrokerUnavailable):
            await self._say(ask.node, GIVEN, given)

    async def _say(self, node: str, name: str, said: Ask | Given) -> None:
        await self._broker.signal(_channel(node), name, msgspec.json.encode(said))


def _channel(node: str) -> str:
    return channel_of(f"node:{node}", _NODES)
