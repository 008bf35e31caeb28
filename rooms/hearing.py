"""Subscriptions to the shard channels of a cluster, wherever its slots are by now.

There is a subscriber for each master that serves a slot of which something is wanted. A slot is *settled* once all that
is wanted of it is in force at its master; only then is anything of it passed on. When it has gone elsewhere, the
server says so, or a view of the cluster does: it is subscribed to anew, and told as lost when it is settled again.
"""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from contextlib import suppress
from functools import partial
from typing import Any

from rooms import resp
from rooms.broker import BrokerUnavailable
from rooms.calls import refuses
from rooms.dialects import SHARDED
from rooms.redis_url import Address
from rooms.slots import slot_of
from rooms.subscriber import Patience, Subscriber, Watch
from rooms.topology import Topology, redirection_of
from rooms.transport import OnLost, OnMessage


class _Slot:
    """What is wanted of a slot, and by whom it is heard. `turn` counts whom it was given to."""

    __slots__ = ("missed", "names", "number", "post", "settled", "turn")

    def __init__(self, number: int) -> None:
        self.number = number
        self.names: set[bytes] = set()
        self.post: _Post | None = None
        self.turn = 0
        # Something of it may have been published unheard since it was wanted.
        self.missed = False
        self.settled = asyncio.Event()

    def give_to(self, post: "_Post | None") -> None:
        if self.settled.is_set():
            self.settled.clear()
            self.missed = True
        self.post = post
        self.turn += 1


class _Post:
    """Hears at one master."""

    __slots__ = ("subscriber",)

    subscriber: Subscriber


class Hearing:
    """Keeps names subscribed at the masters of their slots."""

    def __init__(self, topology: Topology, on_message: OnMessage, on_lost: OnLost, patience: Patience) -> None:
        self._topology = topology
        self._on_message = on_message
        self._on_lost = on_lost
        self._patience = patience
        self._slots: dict[int, _Slot] = {}
        self._of_name: dict[bytes, _Slot] = {}
        self._posts: dict[Address, _Post] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def add(self, names: Collection[bytes]) -> None:
        """Subscribe; returns when it is in force. On BrokerUnavailable the names stay wanted."""
        slots = self._want(names)
        by_post = self._by_post(names)
        # All that is wanted of a slot is subscribed to when it is given to somebody.
        self._give(slot for slot in slots if slot.post is None)
        try:
            async with asyncio.timeout(self._patience.timeout):
                await asyncio.gather(*(self._subscribe(post, some) for post, some in by_post.items()))
                for slot in slots:
                    await slot.settled.wait()
        except (BrokerUnavailable, TimeoutError) as error:
            for slot in slots:
                slot.missed = True
            raise BrokerUnavailable(str(error) or "not subscribed in time") from None

    def remove(self, names: Collection[bytes]) -> None:
        """Unsubscribe; a message that is on its way may still come."""
        for post, some in self._by_post(names).items():
            post.subscriber.remove(some)
        for name in names:
            slot = self._of_name.pop(name, None)
            if slot is None:
                continue
            slot.names.discard(name)
            if not slot.names:
                self._slots.pop(slot.number, None)

    def wants(self, name: bytes) -> bool:
        """Whether a name is to be heard."""
        return name in self._of_name

    def look_again(self) -> None:
        """The topology changed: hear each slot where it is now."""
        self._give(self._slots.values())
        wanted = {slot.post for slot in self._slots.values()}
        for address in [address for address, post in self._posts.items() if post not in wanted]:
            self._spawn(self._posts.pop(address).subscriber.close())

    async def close(self) -> None:
        """Hang up. Whoever waits for a subscription is told that there is no broker."""
        self._closed = True
        await asyncio.gather(*(post.subscriber.close() for post in self._posts.values()))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _want(self, names: Iterable[bytes]) -> list[_Slot]:
        slots = {}
        for name in names:
            number = slot_of(name)
            slot = self._slots.get(number)
            if slot is None:
                slot = self._slots[number] = _Slot(number)
            slot.names.add(name)
            self._of_name[name] = slots[number] = slot
        return list(slots.values())

    def _by_post(self, names: Iterable[bytes]) -> dict[_Post, list[bytes]]:
        found: dict[_Post, list[bytes]] = {}
        for name in names:
            slot = self._of_name.get(name)
            if slot is not None and slot.post is not None:
                found.setdefault(slot.post, []).append(name)
        return found

    def _give(self, slots: Iterable[_Slot]) -> None:
        """Lets the master of each slot be heard, where it is not the one that is heard already."""
        moved: dict[_Post, list[tuple[_Slot, int]]] = {}
        for slot in slots:
            address = self._topology.master(slot.number)
            post = self._post(address) if address else slot.post
            if post is None or post is slot.post:
                continue
            if slot.post is not None:
                slot.post.subscriber.remove(slot.names)
            slot.give_to(post)
            moved.setdefault(post, []).append((slot, slot.turn))
        for post, given in moved.items():
            self._spawn(self._settle(post, given))

    def _post(self, address: Address) -> _Post:
        post = self._posts.get(address)
        if post is None:
            post = self._posts[address] = _Post()
            post.subscriber = Subscriber(
                partial(resp.connect, address),
                partial(self._hear, post),
                partial(self._lost, post),
                self._patience,
                dialect=SHARDED,
                watch=Watch(self._topology.doubt, partial(self._dropped, post), partial(self._refused, post, address)),
            )
            post.subscriber.begin()
        return post

    async def _subscribe(self, post: _Post, names: Collection[bytes]) -> None:
        # Whoever has one of them by now was given the slot with all that is wanted of it.
        still = [name for name in names if (slot := self._of_name.get(name)) is not None and slot.post is post]
        if not still:
            return
        try:
            await post.subscriber.add(still)
        except BrokerUnavailable:
            if self._closed:
                raise
            # The slots are elsewhere by now: there they will be settled.

    async def _settle(self, post: _Post, given: Collection[tuple[_Slot, int]]) -> None:
        """Subscribes to all that is wanted of slots, unless they are given to somebody else meanwhile."""
        subscribed = False
        while (given := _unmoved(given)) and not subscribed:
            with suppress(BrokerUnavailable):
                await post.subscriber.add({name for slot, _ in given for name in slot.names})
                subscribed = True
        missed = [name for slot, _ in given if slot.missed for name in slot.names]
        for slot, _ in given:
            slot.missed = False
            slot.settled.set()
        if missed:
            self._on_lost(missed)

    def _hear(self, post: _Post, name: bytes, message: bytes) -> None:
        slot = self._of_name.get(name)
        if slot is not None and slot.post is post and slot.settled.is_set():
            self._on_message(name, message)

    def _lost(self, post: _Post) -> None:
        settled = [slot for slot in self._slots.values() if slot.post is post and slot.settled.is_set()]
        names = [name for slot in settled for name in slot.names]
        if names:
            self._on_lost(names)

    def _dropped(self, post: _Post, name: bytes) -> None:
        """The server has this slot no more."""
        self._take_away(post, self._of_name[name])
        self._topology.doubt()

    def _refused(self, post: _Post, address: Address, error: Exception) -> bool:
        """A slot that was asked for may be elsewhere: the others of the line are as they were."""
        if not refuses(error, "MOVED"):
            return False
        redirection = redirection_of(str(error), address)
        post.subscriber.left(redirection.slot)
        slot = self._slots.get(redirection.slot)
        if slot is not None and slot.post is post:
            self._take_away(post, slot)
        self._topology.correct(redirection)
        return True

    def _take_away(self, post: _Post, slot: _Slot) -> None:
        post.subscriber.forget(slot.names)
        slot.give_to(None)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _unmoved(given: Collection[tuple[_Slot, int]]) -> list[tuple[_Slot, int]]:
    """Those that were not given to somebody else meanwhile: to subscribe to them now would be for ever."""
    return [(slot, turn) for slot, turn in given if slot.turn == turn]
