"""Which relay carries which parts of the outbox: those that are present divide them among each other.

Every relay is present at the broker for a while and again and again, and works out by itself who has what: each part
is the relay's that ranks highest for it (rendezvous hashing), so that one which comes or goes moves only its own
share. While two see different relays a part may be carried twice or not yet: appends find what is there already, and
the part waits until they agree.
"""

import asyncio
from collections.abc import Collection
from hashlib import blake2b

import structlog

from backend.services.records import OUTBOX_PARTS
from rooms.broker import Broker, BrokerUnavailable

_log = structlog.get_logger(__name__)
_ROOM = "relays:outbox"


def share(me: str, relays: Collection[str], parts: int = OUTBOX_PARTS) -> frozenset[int]:
    """The parts of one relay among all of them."""
    return frozenset(part for part in range(parts) if max(relays, key=lambda relay: _rank(relay, part)) == me)


class Sharing:
    """This relay's parts, `mine`; none before the first look.

    `presence` is how many seconds a relay that died is taken for alive.
    """

    def __init__(self, broker: Broker, me: str, presence: float) -> None:
        self.mine: frozenset[int] = frozenset()
        self._broker = broker
        self._me = me
        self._presence = presence
        self._relays: frozenset[str] = frozenset()

    async def run(self) -> None:
        """Until cancelled; the others then have this one's parts at once."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(self._presence / 3)
        finally:
            await self._leave()

    async def look(self) -> None:
        """Is seen, and sees who else is there."""
        try:
            await self._broker.enter(_ROOM, self._me, b"", self._presence)
            relays = frozenset(await self._broker.here(_ROOM)) | {self._me}
        except BrokerUnavailable:
            _log.debug("the broker is away; nothing can be carried anyhow")
            return
        if relays != self._relays:
            self._relays = relays
            self.mine = share(self._me, relays)
            _log.info("the outbox is shared anew", relays=len(relays), parts=len(self.mine))

    async def _leave(self) -> None:
        try:
            await self._broker.leave(_ROOM, self._me)
        except BrokerUnavailable:
            _log.debug("the broker is away; the others will notice")


def _rank(relay: str, part: int) -> bytes:
    return blake2b(f"{relay}/{part}".encode(), digest_size=8).digest()
