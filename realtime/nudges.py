"""What nodes tell each other of the people in rooms, through the broker: what is kept there, and a signal beside it."""

import asyncio
from collections.abc import Awaitable, Iterable
from itertools import islice, starmap
from typing import Final

import msgspec

from privacy.presence import Entry
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable
from rooms.names import channel as channel_of

NODES: Final = "nodes"
"""The audience of a room's channel between nodes; no principal maps to it."""
ENTERED: Final = "presence.entered"
LEFT: Final = "presence.left"
AT_ONCE: Final = 500
"""Rooms, or members, that the broker is asked about in one round trip."""


class Nudge(msgspec.Struct, frozen=True):
    """What nodes tell each other: a member's entry as it is now, or, without one, that the member left."""

    member: str
    entry: Entry | None = None


class Nudges:
    """Those of this node. What is kept of a member lasts `life` seconds."""

    def __init__(self, broker: Broker, life: float, tasks: Tasks) -> None:
        self._broker = broker
        self._life = life
        self._tasks = tasks
        self._waiting: dict[tuple[str, str], Nudge] = {}
        self._busy = False

    @property
    def idle(self) -> bool:
        """Whether all of them are out."""
        return not self._busy

    def publish(self, room: str, nudge: Nudge) -> None:
        """Tells the broker and the other nodes; of what waits about one member, the last."""
        key = (room, nudge.member)
        self._waiting.pop(key, None)
        self._waiting[key] = nudge
        if not self._busy:
            self._busy = True
            self._tasks.spawn(self._publish_all())

    async def _publish_all(self) -> None:
        try:
            while self._waiting:
                keys = list(islice(self._waiting, AT_ONCE))
                nudges = [(room, self._waiting.pop((room, member))) for room, member in keys]
                await _all_of(starmap(self._keep, nudges))
                await _all_of(starmap(self._tell, nudges))
        finally:
            self._busy = False

    async def _keep(self, room: str, nudge: Nudge) -> None:
        if nudge.entry is None:
            await self._broker.leave(room, nudge.member)
        else:
            await self._broker.enter(room, nudge.member, msgspec.json.encode(nudge.entry), self._life)

    async def _tell(self, room: str, nudge: Nudge) -> None:
        name = LEFT if nudge.entry is None else ENTERED
        await self._broker.signal(channel_of(room, NODES), name, msgspec.json.encode(nudge))


async def _all_of(calls: Iterable[Awaitable[None]]) -> None:
    """Asks the broker for all of it in one round trip."""
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        # Without a broker nobody is told: the next beat enters whoever is missing again.
        if isinstance(outcome, BaseException) and not isinstance(outcome, BrokerUnavailable):
            raise outcome
