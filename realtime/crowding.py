"""How many sessions one person has, over all nodes: a cap, so that nobody takes a node's room for all others. [S2]

Most people have one session at a node, and of those nobody need be told. A node keeps in the broker how many a person
has who has several there, so the cap holds give or take one for each other node.
"""

from typing import Final

from backend.domain.refusals import Refusal
from realtime.sessions import Sessions
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable

SEVERAL: Final = 2
"""Sessions of a person at a node, from which on other nodes are told."""


class Crowd:
    """Counts the people of a node. `node_id` is the node's own; what it tells lasts `ttl` seconds."""

    def __init__(self, broker: Broker, sessions: Sessions, node_id: str, most: int, ttl: float) -> None:
        self._broker = broker
        self._sessions = sessions
        self._node_id = node_id
        self._most = most
        self._ttl = ttl
        self._told: set[str] = set()
        self._changed: dict[str, None] = {}
        self._telling = False
        self._tasks = Tasks()

    async def admit(self, user_id: str) -> None:
        """Lets a session in that is registered already.

        Raises:
            Refusal: `session.too_many`.
        """
        here = len(self._sessions.of(user_id))
        elsewhere = await self._elsewhere(user_id) if SEVERAL <= here <= self._most else 0
        if here + elsewhere > self._most:
            raise Refusal("session.too_many", "You are connected too often; close another window first.")
        self.changed(user_id)

    def changed(self, user_id: str) -> None:
        """A session of somebody's came or went: others are told of it soon."""
        if user_id not in self._told and len(self._sessions.of(user_id)) < SEVERAL:
            return
        self._changed[user_id] = None
        if not self._telling:
            self._telling = True
            self._tasks.spawn(self._tell())

    async def beat(self) -> None:
        """Keeps what was told, and tells again what was forgotten."""
        mine = {_place(user_id): (self._node_id,) for user_id in self._told}
        for user_id in [user_id for user_id in self._told if not self._sessions.of(user_id)]:
            self.changed(user_id)
        for place in await self._broker.touch(mine, self._ttl):
            self.changed(place.partition(":")[2])

    async def close(self) -> None:
        """Tells nothing any more."""
        await self._tasks.close()

    async def _elsewhere(self, user_id: str) -> int:
        try:
            counts = await self._broker.here(_place(user_id))
        except BrokerUnavailable:
            return 0
        return sum(int(count) for node, count in counts.items() if node != self._node_id)

    async def _tell(self) -> None:
        try:
            while self._changed:
                await self._tell_of(next(iter(self._changed)))
        finally:
            self._telling = False

    async def _tell_of(self, user_id: str) -> None:
        count = len(self._sessions.of(user_id))
        try:
            if count >= SEVERAL:
                self._told.add(user_id)
                await self._broker.enter(_place(user_id), self._node_id, b"%d" % count, self._ttl)
            else:
                await self._broker.leave(_place(user_id), self._node_id)
                self._told.discard(user_id)
        except BrokerUnavailable:
            # The next beat tells those who are missing; what is there for too long expires.
            if count < SEVERAL:
                self._told.discard(user_id)
        if count == len(self._sessions.of(user_id)):
            del self._changed[user_id]


def _place(user_id: str) -> str:
    return f"sessions:{user_id}"
