"""A cache that all processes share, in what the broker keeps: sealed there if it has keys. [P3]

What is forgotten is never looked for, since a broker lists no keys: a value says of which generation of its kind and
of its group it is, and forgetting begins a new one.
"""

import asyncio
import secrets
from collections.abc import Awaitable
from hashlib import sha256
from typing import Final

from backend.adapters.caching.memory import ASKED
from backend.services.caching import LIFE, Compute, Kind, group_of
from rooms.broker import Broker, BrokerUnavailable, Spending

_LEASE: Final = 10.0
"""Seconds after which another process computes what one began to and did not bring."""
_LOOK: Final = 0.02
_LARGEST: Final = 1 << 20
"""Bytes of a value that is kept."""
_MARK: Final = 8
_NEVER: Final = bytes(_MARK)


class SharedCache:
    """One of all processes computes, the others wait for its value; while the broker is away each computes itself."""

    def __init__(self, broker: Broker, lease: float = _LEASE) -> None:
        self._broker = broker
        self._lease = lease
        self._asking: dict[str, asyncio.Task[bytes]] = {}

    async def get(self, kind: Kind, key: str, compute: Compute) -> bytes:
        name = _name(kind, key)
        running = self._asking.get(name)
        if running is None:
            running = self._asking[name] = asyncio.ensure_future(self._ask(kind, key, compute))
            running.add_done_callback(lambda done: self._asked(name, done))
        else:
            ASKED.labels(kind, "waited").inc()
        # Whoever asked first may go away; the others still want it.
        return await asyncio.shield(running)

    async def forget(self, kind: Kind, group: str = "") -> None:
        """While the broker is away, what it has kept is as old as it may be. Whoever cannot accept that asks again."""
        for name in [one for one in self._asking if one.startswith(_begins(kind, group))]:
            del self._asking[name]
        await self._broker.keep({_generation(kind, group): secrets.token_bytes(_MARK)}, LIFE[kind].total_seconds())

    def _asked(self, name: str, task: "asyncio.Task[bytes]") -> None:
        if self._asking.get(name) is task:
            del self._asking[name]
        if not task.cancelled():
            task.exception()  # those who wait for it have it, and perhaps nobody does

    async def _ask(self, kind: Kind, key: str, compute: Compute) -> bytes:
        try:
            while True:
                marks, value = await self._read(kind, key)
                if value is not None:
                    ASKED.labels(kind, "hit").inc()
                    return value
                if await self._mine(kind, key):
                    break
                await asyncio.sleep(_LOOK)
        except BrokerUnavailable:
            ASKED.labels(kind, "alone").inc()
            return await compute()
        ASKED.labels(kind, "computed").inc()
        try:
            value = await compute()
            await _if_it_is_there(self._keep(kind, key, marks, value))
        finally:
            await _if_it_is_there(self._spend(kind, key, cost=0.0, owed=-1.0))
        return value

    async def _read(self, kind: Kind, key: str) -> tuple[bytes, bytes | None]:
        """The generations that are now, and the value if it is of these."""
        generations = (_generation(kind, ""), _generation(kind, group_of(key)))
        name = _name(kind, key)
        kept = await self._broker.kept([*generations, name])
        marks = b"".join(kept.get(generation, _NEVER) for generation in generations)
        value = kept.get(name)
        return marks, value[len(marks) :] if value is not None and value.startswith(marks) else None

    async def _keep(self, kind: Kind, key: str, marks: bytes, value: bytes) -> None:
        """Under the generations from before it was computed: what was forgotten meanwhile stays so."""
        if len(value) <= _LARGEST:
            await self._broker.keep({_name(kind, key): marks + value}, LIFE[kind].total_seconds())

    async def _mine(self, kind: Kind, key: str) -> bool:
        return await self._spend(kind, key, cost=1.0, owed=0.0)

    async def _spend(self, kind: Kind, key: str, *, cost: float, owed: float) -> bool:
        """A bucket with one token, which whoever computes has and gives back, or which comes back by itself."""
        lease = Spending(f"lease {_name(kind, key)}", rate=1 / self._lease, burst=1.0, cost=cost, owed=owed)
        (spent,) = await self._broker.spend([lease])
        return spent.wait == 0


async def _if_it_is_there(asked: Awaitable[object]) -> None:
    """A value is worth its answer whether it could be kept or not."""
    try:
        await asked
    except BrokerUnavailable:
        return


def _begins(kind: Kind, group: str) -> str:
    return f"cache {kind} {_hidden(group)}" if group else f"cache {kind} "


def _name(kind: Kind, key: str) -> str:
    return f"{_begins(kind, group_of(key))} {_hidden(key)}"


def _generation(kind: Kind, group: str) -> str:
    return f"generation {kind} {_hidden(group)}"


def _hidden(text: str) -> str:
    """A key may name what readers of a broker need not know, and is of any length."""
    return sha256(text.encode()).hexdigest()[:32]
