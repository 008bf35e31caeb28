"""Which nodes there are and where each is reached, told through the broker; who is dead is forgotten there."""

import asyncio
import contextlib
from collections.abc import Collection
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from realtime.gathered import Gathered
from realtime.tasks import Tasks
from rooms.broker import Broker, BrokerUnavailable

ROOM: Final = "nodes"
"""The broker's room in which nodes are present, each with its address."""
CONNECT_SECONDS: Final = 2.0
"""Time in which a node has to take a connection of another; they are near each other."""
APART: Final = 0.05
"""Seconds between two looks at the room: ids that somebody made up must not become the broker's load."""


class Address(NamedTuple):
    """Where a node listens for the others."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class _Known(NamedTuple):
    address: Address
    seen: float


def address_of(text: str) -> Address:
    """Reads `host:port`, or `[host]:port`. Raises ValueError."""
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.port is None or parts.netloc != text or "@" in text:
        raise ValueError("an address is host:port")
    return Address(parts.hostname, parts.port)


class Peers:
    """The nodes, as this one, whose sessions' ids begin with `names`, knows them.

    Args:
        ttl: seconds after which a node that no longer says so is not there.
    """

    def __init__(self, broker: Broker, names: Collection[str], ttl: float) -> None:
        self._broker = broker
        self._names = names
        self._ttl = ttl
        self._tasks = Tasks()
        self._reading = Gathered(self._read, self._tasks)
        self._known: dict[str, _Known] = {}
        self._next_look = 0.0

    async def enter(self, address: Address) -> None:
        """Tells the others where this node is reached, for the next `ttl` seconds. Raises BrokerUnavailable."""
        for name in self._names:
            await self._broker.enter(ROOM, name, str(address).encode(), self._ttl)

    async def look(self) -> None:
        """Takes note of who is there. Raises BrokerUnavailable.

        Who is there no more is known as long again: a broker that forgot everything learns it anew with the next beats.
        """
        here = await self._broker.here(ROOM)
        now = asyncio.get_running_loop().time()
        lately = {name: known for name, known in self._known.items() if known.seen > now - self._ttl}
        seen = {name: _Known(address_of(meta.decode()), now) for name, meta in here.items()}
        self._known = lately | seen

    async def leave(self) -> None:
        """Tells the others that this node is gone. Raises BrokerUnavailable."""
        await self._tasks.close()
        for name in self._names:
            await self._broker.leave(ROOM, name)

    async def find(self, name: str) -> Address | None:
        """Where a node is reached; None if there is no such node. Without a broker, as was known last."""
        known = self._known.get(name)
        return known.address if known is not None else (await self._reading((name,)))[name]

    async def _read(self, names: Collection[str]) -> dict[str, Address | None]:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._next_look - loop.time()))
        self._next_look = loop.time() + APART
        with contextlib.suppress(BrokerUnavailable):
            await self.look()
        return {name: known.address if (known := self._known.get(name)) else None for name in names}
