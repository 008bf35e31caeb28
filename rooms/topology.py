"""Which master of a Redis Cluster serves which slot, as far as is known.

What is known comes from the servers' own view (CLUSTER SLOTS) and from what they say when asked for a slot that is not
theirs. It may be wrong at any time: whoever finds that out says so, and it is asked for again.
"""

import asyncio
import random
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from rooms.broker import BrokerUnavailable
from rooms.redis_url import Address
from rooms.resp import Command
from rooms.subscriber import Patience

# Servers asked at once for their view: one of them may be frozen, and a dead one's neighbour knows more.
_ASKED = 3
# Shortest pauses to reconnect between two looks.
_PAUSES = 4

AskAt = Callable[[Address, Sequence[Command]], Awaitable[list[Any]]]
"""Asks the server at an address. Raises BrokerUnavailable."""


class View(NamedTuple):
    """A server's account: the first slots of ranges, with the last slot and the master of each; all servers."""

    firsts: tuple[int, ...]
    ranges: tuple[tuple[int, Address], ...]
    servers: frozenset[Address]

    def master(self, slot: int) -> Address | None:
        index = bisect_right(self.firsts, slot) - 1
        if index < 0:
            return None
        last, address = self.ranges[index]
        return address if slot <= last else None


class Redirection(NamedTuple):
    """Where a refusal (MOVED, ASK) says that a slot is."""

    slot: int
    address: Address


class Topology:
    """The view in force, with corrections; `views` counts. `on_change` is called after each change of it, and after
    each new view."""

    def __init__(self, seeds: Sequence[Address], ask: AskAt, patience: Patience, on_change: Callable[[], None]) -> None:
        self._seeds = tuple(seeds)
        self._ask = ask
        self._patience = patience
        self._on_change = on_change
        self.views = 0
        self._view: View | None = None
        self._corrections: dict[int, Address] = {}
        self._doubted = False
        self._refreshing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look for the first time, and from then on regularly. Raises BrokerUnavailable."""
        try:
            async with asyncio.timeout(self._patience.timeout):
                await self._look()
        except TimeoutError:
            raise BrokerUnavailable("no server says what the cluster looks like") from None
        self._watching = asyncio.create_task(self._watch())

    async def close(self) -> None:
        for task in (self._watching, self._refreshing):
            if task is not None:
                task.cancel()
                await asyncio.wait({task})

    def master(self, slot: int) -> Address | None:
        """Who serves a slot; None if nobody is known to."""
        return self._corrections.get(slot) or (self._view.master(slot) if self._view else None)

    def masters(self) -> Collection[Address]:
        """All who serve a slot, as far as is known."""
        known = {address for _, address in self._view.ranges} if self._view else set()
        return known.union(self._corrections.values())

    def servers(self) -> Collection[Address]:
        """All who are worth asking."""
        known = self._view.servers if self._view else frozenset()
        return known.union(self._corrections.values())

    def correct(self, redirection: Redirection) -> None:
        """A server said that a slot is another's: so it is, until the next view."""
        if self.master(redirection.slot) != redirection.address:
            self._corrections[redirection.slot] = redirection.address
            self._on_change()
        self.doubt()

    def doubt(self) -> None:
        """Something is not as it was: look again soon, but not all the time."""
        self._doubted = True
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh())

    async def _refresh(self) -> None:
        while self._doubted:
            self._doubted = False
            with suppress(BrokerUnavailable, TimeoutError):
                async with asyncio.timeout(self._patience.timeout):
                    await self._look()
            await asyncio.sleep(_PAUSES * self._patience.backoff)

    async def _watch(self) -> None:
        while True:
            # Not all nodes at the same time.
            await asyncio.sleep(self._patience.topology * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            self.doubt()

    async def _look(self) -> None:
        """Take over the view of whoever answers first. Raises BrokerUnavailable."""
        known = list({*self.servers(), *self._seeds})
        asked = [asyncio.create_task(self._view_of(one)) for one in random.sample(known, min(_ASKED, len(known)))]
        try:
            self._view = await _first(asked)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
        self._corrections.clear()
        self.views += 1
        self._on_change()

    async def _view_of(self, address: Address) -> View:
        [reply] = await self._ask(address, [("CLUSTER", "SLOTS")])
        if not isinstance(reply, list) or not reply:
            raise BrokerUnavailable(f"{address.host}:{address.port} has no view of the cluster: {reply}")
        return view_of(reply, address)


async def _first(views: Collection[asyncio.Task[View]]) -> View:
    trouble = ""
    for view in asyncio.as_completed(views):
        try:
            return await view
        except BrokerUnavailable as error:
            trouble = str(error)
    raise BrokerUnavailable(trouble)


def view_of(reply: list[Any], asked: Address) -> View:
    """The reply of a server to CLUSTER SLOTS. It may leave out its own host."""
    ranges = sorted((first, last, _address(master, asked)) for first, last, master, *_ in reply)
    servers = frozenset(_address(place, asked) for _, _, *places in reply for place in places)
    return View(
        firsts=tuple(first for first, _, _ in ranges),
        ranges=tuple((last, address) for _, last, address in ranges),
        servers=servers,
    )


def _address(place: Sequence[Any], asked: Address) -> Address:
    host, port = place[0], place[1]
    return replace(asked, host=host.decode() if host and host != b"?" else asked.host, port=port)


def redirection_of(refusal: str, asked: Address) -> Redirection:
    """Where a refusal like `MOVED 3999 127.0.0.1:6381` sends. It may leave out the host of who was asked."""
    _, slot, place = refusal.split(" ")[:3]
    host, _, port = place.rpartition(":")
    return Redirection(int(slot), replace(asked, host=host if host not in ("", "?") else asked.host, port=int(port)))
