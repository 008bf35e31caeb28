"""The broker inside one process: the embedded mode's, and the model that the others are held against.

Several brokers over one `Hub` are what several processes over one server are.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from hashlib import sha1
from itertools import islice
from typing import Final

from rooms.broker import (
    Appended,
    OnEvent,
    OnFrame,
    OnLost,
    OnSignal,
    OnTold,
    Outcome,
    Retention,
    Spending,
    Spent,
)
from rooms.positions import Frame, Position

BUCKETS: Final = 100_000
"""Buckets of tokens at most."""
SWEPT: Final = 1_000
"""Kept values at least, before those whose time is over are looked for."""


class _Channel:
    """What is known of one channel; `tail` holds the frames up to `seq`, without a hole."""

    def __init__(self, gen: int, epoch: str, seq: int, length: int) -> None:
        self.length = length
        self.used = 0.0
        self.restart(gen, epoch, seq)

    def restart(self, gen: int, epoch: str, seq: int) -> None:
        self.gen, self.epoch, self.seq = gen, epoch, seq
        self.tail: deque[Frame] = deque(maxlen=self.length)

    def behind(self, gen: int, epoch: str, seq: int) -> bool:
        return gen > self.gen or (gen == self.gen and epoch == self.epoch and seq > self.seq)

    def take(self, frame: Frame) -> Outcome:
        """Decide on one frame, and keep it if it was appended."""
        if frame.gen < self.gen or (frame.gen == self.gen and frame.epoch != self.epoch):
            return Outcome.STALE
        if frame.gen > self.gen:
            if frame.seq > 1:
                return Outcome.GAP
            self.restart(frame.gen, frame.epoch, -1)
        elif frame.seq <= self.seq:
            return Outcome.DUPLICATE
        elif frame.seq > max(self.seq, 0) + 1:
            return Outcome.GAP
        self.seq = frame.seq
        if frame.seq:
            self.tail.append(frame)
        return Outcome.APPENDED

    def append(self, frames: Sequence[Frame]) -> tuple[Appended, list[Frame]]:
        """The answer for all of them, and those to publish."""
        outcome = Outcome.STALE
        new: list[Frame] = []
        for frame in frames:
            taken = self.take(frame)
            if taken is Outcome.GAP:
                return Appended(taken, max(self.seq, 0) if frame.gen == self.gen else 0), new
            if taken is Outcome.APPENDED:
                new.append(frame)
            if outcome is not Outcome.APPENDED:
                outcome = taken
        return Appended(outcome, None if outcome is Outcome.STALE else self.seq), new

    def after(self, since: Position) -> tuple[Frame, ...] | None:
        missed = self.seq - since.seq
        if since.epoch != self.epoch or not 0 <= missed <= len(self.tail):
            return None
        return tuple(islice(self.tail, len(self.tail) - missed, None))


class Hub:
    """What brokers of one process share. `clock` counts seconds and never goes back."""

    def __init__(self, retention: Retention | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.retention = retention or Retention()
        self.clock = clock
        self.brokers: list[MemoryBroker] = []
        self.present: dict[str, dict[str, tuple[float, bytes]]] = {}
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._sweep_at = SWEPT
        self._spent: dict[str, tuple[float, float]] = {}
        self._channels: dict[str, _Channel] = {}

    def known(self, name: str) -> _Channel | None:
        """The channel, with what has become too old taken out of it."""
        channel = self._channels.get(name)
        if channel is None:
            return None
        idle = self.clock() - channel.used
        if idle >= self.retention.known_seconds:
            del self._channels[name]
            return None
        if idle >= self.retention.frames_seconds:
            channel.tail.clear()
        return channel

    def append(self, name: str, frames: Sequence[Frame]) -> Appended:
        if not frames:
            raise ValueError("nothing to append")
        channel = self.known(name)
        if channel is None:
            return Appended(Outcome.COLD, None)
        answer, new = channel.append(frames)
        if new:
            channel.used = self.clock()
        for frame in new:
            for broker in self.brokers:
                broker.hear_frame(name, frame)
        return answer

    def seed(self, name: str, gen: int, epoch: str, seq: int) -> None:
        channel = self.known(name)
        if channel is None:
            channel = self._channels[name] = _Channel(gen, epoch, seq, self.retention.frames)
        elif channel.behind(gen, epoch, seq):
            channel.restart(gen, epoch, seq)
        else:
            return
        channel.used = self.clock()

    def spend(self, asked: Spending) -> Spent:
        """Takes out of a bucket; see `Broker.spend`."""
        now = self.clock()
        tokens, at = self._spent.pop(asked.key, (asked.burst, now))
        tokens = min(asked.burst, min(asked.burst, tokens + (now - at) * asked.rate) - asked.owed)
        enough = tokens + 1e-6 >= asked.cost
        left = tokens - asked.cost if enough else tokens
        # In the order of use, so that the one forgotten is full again if any is.
        self._spent[asked.key] = (left, now)
        if len(self._spent) > BUCKETS:
            del self._spent[next(iter(self._spent))]
        return Spent(0.0 if enough else (asked.cost - tokens) / asked.rate, left)

    def living(self, room: str) -> dict[str, tuple[float, bytes]]:
        """The room's presence entries, the expired ones removed."""
        now = self.clock()
        living = {member: kept for member, kept in self.present.get(room, {}).items() if kept[0] > now}
        if living:
            self.present[room] = living
        else:
            self.present.pop(room, None)
        return living

    def keep(self, key: str, value: bytes, ttl: float) -> None:
        self._kept[key] = (self.clock() + ttl, value)
        if len(self._kept) >= self._sweep_at:
            now = self.clock()
            self._kept = {known: kept for known, kept in self._kept.items() if kept[0] > now}
            self._sweep_at = max(SWEPT, 2 * len(self._kept))

    def kept(self, key: str) -> bytes | None:
        until, value = self._kept.get(key, (0.0, b""))
        return value if until > self.clock() else None

    def take(self, key: str) -> bytes | None:
        value = self.kept(key)
        self._kept.pop(key, None)
        return value


def _ignore(*_: object) -> None:
    pass


def _digest(here: Mapping[str, bytes]) -> bytes:
    present = sorted(b"%b %b" % (member.encode(), meta) for member, meta in here.items())
    return sha1(b"\n".join(present), usedforsecurity=False).hexdigest()[:16].encode()


class MemoryBroker:
    """A `Broker` over a hub of its own or a shared one."""

    def __init__(self, hub: Hub | None = None) -> None:
        self._hub = hub or Hub()
        self._subscribed: set[str] = set()
        self._on_frame: OnFrame = _ignore
        self._on_signal: OnSignal = _ignore
        self._on_told: OnTold = _ignore
        self._on_wake: list[OnEvent] = []

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._hub.brokers.append(self)

    async def close(self) -> None:
        self._subscribed.clear()
        self._on_told = _ignore
        self._on_wake.clear()
        if self in self._hub.brokers:
            self._hub.brokers.remove(self)

    async def append(self, channel: str, frames: Sequence[Frame]) -> Appended:
        return self._hub.append(channel, frames)

    async def append_many(self, batch: Mapping[str, Sequence[Frame]]) -> Mapping[str, Appended]:
        return {channel: self._hub.append(channel, frames) for channel, frames in batch.items()}

    def shard_of(self, channel: str) -> None:
        """All are in one place."""

    async def seed(self, channel: str, gen: int, epoch: str, seq: int) -> None:
        self._hub.seed(channel, gen, epoch, seq)

    async def replay(self, channel: str, since: Position) -> tuple[Frame, ...] | None:
        known = self._hub.known(channel)
        return known.after(since) if known else None

    async def subscribe(self, channels: Collection[str]) -> None:
        self._subscribed.update(channels)

    async def unsubscribe(self, channels: Collection[str]) -> None:
        self._subscribed.difference_update(channels)

    def listen(self, on_frame: OnFrame, on_signal: OnSignal, on_lost: OnLost) -> None:
        self._on_frame, self._on_signal = on_frame, on_signal

    async def signal(self, channel: str, name: str, body: bytes) -> None:
        for broker in self._hub.brokers:
            broker.hear_signal(channel, name, body)

    async def enter(self, room: str, member_id: str, meta: bytes, ttl: float) -> None:
        self._hub.present.setdefault(room, {})[member_id] = (self._hub.clock() + ttl, meta)

    async def leave(self, room: str, member_id: str) -> None:
        self._hub.present.get(room, {}).pop(member_id, None)

    async def touch(self, members: Mapping[str, Collection[str]], ttl: float) -> Mapping[str, frozenset[str]]:
        until = self._hub.clock() + ttl
        gone = {}
        for room, ids in members.items():
            living = self._hub.living(room)
            living.update((member, (until, living[member][1])) for member in ids if member in living)
            if missing := frozenset(ids) - living.keys():
                gone[room] = missing
        return gone

    async def here(self, room: str) -> Mapping[str, bytes]:
        return {member: meta for member, (_, meta) in self._hub.living(room).items()}

    async def everyone(self, rooms: Collection[str]) -> Mapping[str, Mapping[str, bytes]]:
        return {room: await self.here(room) for room in rooms}

    async def census(self, rooms: Collection[str]) -> Mapping[str, bytes]:
        return {room: _digest(here) for room, here in (await self.everyone(rooms)).items()}

    async def keep(self, values: Mapping[str, bytes], ttl: float) -> None:
        for key, value in values.items():
            self._hub.keep(key, value, ttl)

    async def kept(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return {key: value for key in keys if (value := self._hub.kept(key)) is not None}

    async def take(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return {key: value for key in keys if (value := self._hub.take(key)) is not None}

    async def spend(self, asked: Sequence[Spending]) -> Sequence[Spent]:
        return [self._hub.spend(one) for one in asked]

    async def tell_all(self, body: bytes) -> None:
        for broker in self._hub.brokers:
            broker.hear_told(body)

    def on_told(self, callback: OnTold) -> None:
        self._on_told = callback

    async def wake(self) -> None:
        for broker in self._hub.brokers:
            broker.hear_wake()

    def on_wake(self, callback: OnEvent) -> None:
        self._on_wake.append(callback)

    def hear_frame(self, channel: str, frame: Frame) -> None:
        """A frame was appended somewhere; the callback has a turn of its own, as over a network."""
        if channel in self._subscribed:
            self._loop.call_soon(self._pass_frame, channel, frame)

    def hear_signal(self, channel: str, name: str, body: bytes) -> None:
        """A signal was sent somewhere."""
        if channel in self._subscribed:
            self._loop.call_soon(self._pass_signal, channel, name, body)

    def hear_wake(self) -> None:
        """Somebody called `wake`."""
        self._loop.call_soon(self._pass_wake)

    def hear_told(self, body: bytes) -> None:
        """Something was told to all."""
        self._loop.call_soon(self._pass_told, body)

    def _pass_told(self, body: bytes) -> None:
        self._on_told(body)

    def _pass_frame(self, channel: str, frame: Frame) -> None:
        if channel in self._subscribed:
            self._on_frame(channel, frame)

    def _pass_signal(self, channel: str, name: str, body: bytes) -> None:
        if channel in self._subscribed:
            self._on_signal(channel, name, body)

    def _pass_wake(self) -> None:
        for callback in self._on_wake:
            callback()
