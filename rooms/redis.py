"""The broker over Redis: one server, the master that sentinels watch, or a cluster.

What decides is done by the scripts in `lua/`, one call for each append. A message says by its first byte whether it is
a frame or a signal. What is kept or sent is sealed for its place (`rooms.sealing`), if there are keys.
"""

import asyncio
import os
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from rooms import resp, wire
from rooms.broker import (
    Appended,
    BrokerUnavailable,
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
from rooms.calls import Call, Script, scripted
from rooms.cluster import Cluster
from rooms.keys import Keys
from rooms.positions import Frame, Position
from rooms.redis_url import Cluster as ClusterPlace
from rooms.redis_url import place
from rooms.sealing import Unreadable, sealer
from rooms.single import Single
from rooms.subscriber import Patience
from rooms.transport import Transport

_OUTCOMES = {outcome.value.encode(): outcome for outcome in Outcome}
_APPEND, _SEED, _REPLAY = Script("append"), Script("seed"), Script("replay")
_ENTER, _TOUCH, _HERE, _CENSUS = Script("enter"), Script("touch"), Script("here"), Script("census")
_SPEND = Script("spend")
_ID_BYTES = 8
# Ids of what was told lately, of which more copies may come.
_REMEMBERED = 1_000


def _ignore(*_: object) -> None:
    pass


class RedisBroker:
    """A `Broker` over what `url` names (as `rooms.redis_url` reads it; or ValueError), below a key prefix."""

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "rooms",
        retention: Retention | None = None,
        patience: Patience | None = None,
        keys: Sequence[bytes] = (),
    ) -> None:
        self._keys = Keys(prefix)
        self._sealer = sealer(keys)
        self._retention = retention or Retention()
        self._on_frame: OnFrame = _ignore
        self._on_signal: OnSignal = _ignore
        self._on_lost: OnLost = _ignore
        self._on_told: OnTold | None = None
        self._on_wake: list[OnEvent] = []
        self._told_names = {self._keys.told.encode()}
        self._told: dict[bytes, None] = {}
        self._transport = self._over(url, patience or Patience())

    def _over(self, url: str, patience: Patience) -> Transport:
        named = place(url)
        if isinstance(named, ClusterPlace) and named.aioredis:
            from rooms.aioredis import AioredisCluster  # an extra, which few install

            return AioredisCluster(named, self._hear, self._lost, patience)
        if isinstance(named, ClusterPlace):
            return Cluster(named, self._hear, self._lost, patience)
        return Single(named, self._hear, self._lost, patience)

    async def start(self) -> None:
        await self._transport.start()
        heard = ((self._keys.told, self._on_told), (self._keys.wake, self._on_wake))
        if names := [name.encode() for name, callback in heard if callback]:
            await self._transport.hear(names)

    async def close(self) -> None:
        await self._transport.close()

    async def append(self, channel: str, frames: Sequence[Frame]) -> Appended:
        return (await self.append_many({channel: frames}))[channel]

    async def append_many(self, batch: Mapping[str, Sequence[Frame]]) -> Mapping[str, Appended]:
        answers = await self._run([self._append(channel, frames) for channel, frames in batch.items()])
        return {channel: _appended(*answer) for channel, answer in zip(batch, answers, strict=True)}

    def shard_of(self, channel: str) -> Hashable:
        return self._transport.server_of(self._keys.published(channel).encode())

    async def seed(self, channel: str, gen: int, epoch: str, seq: int) -> None:
        known = _milliseconds(self._retention.known_seconds)
        await self._run([scripted(_SEED, self._keys.of_channel(channel), (gen, epoch, seq, known))])

    async def replay(self, channel: str, since: Position) -> tuple[Frame, ...] | None:
        call = scripted(_REPLAY, self._keys.of_channel(channel), (since.epoch, since.seq))
        [messages] = await self._run([call])
        if messages is None:
            return None
        try:
            return tuple(wire.decode_frame(self._sealer.unseal(channel, message)) for message in messages)
        except ValueError:
            # Of a time before the keys.
            return None

    async def subscribe(self, channels: Collection[str]) -> None:
        names = [self._keys.published(channel).encode() for channel in channels]
        told = self._told_beside(channels)
        self._told_names |= told
        await self._transport.hear({*names, *told})

    async def unsubscribe(self, channels: Collection[str]) -> None:
        names = [self._keys.published(channel).encode() for channel in channels]
        await self._transport.hear_no_more(names)

    def listen(self, on_frame: OnFrame, on_signal: OnSignal, on_lost: OnLost) -> None:
        self._on_frame, self._on_signal, self._on_lost = on_frame, on_signal, on_lost

    async def signal(self, channel: str, name: str, body: bytes) -> None:
        message = self._sealer.seal(channel, wire.encode_signal(name, body))
        await self._publish(self._keys.published(channel), message)

    async def enter(self, room: str, member_id: str, meta: bytes, ttl: float) -> None:
        args = (_milliseconds(ttl), member_id, self._sealer.seal(room, meta))
        await self._run([scripted(_ENTER, [self._keys.present(room)], args)])

    async def leave(self, room: str, member_id: str) -> None:
        key = self._keys.present(room)
        await self._run([Call(key, ("HDEL", key, member_id))])

    async def touch(self, members: Mapping[str, Collection[str]], ttl: float) -> Mapping[str, frozenset[str]]:
        kept = _milliseconds(ttl)
        calls = [scripted(_TOUCH, [self._keys.present(room)], (kept, *ids)) for room, ids in members.items()]
        answers = zip(members, await self._run(calls), strict=True)
        return {room: frozenset(member.decode() for member in gone) for room, gone in answers if gone}

    async def here(self, room: str) -> Mapping[str, bytes]:
        return (await self.everyone((room,)))[room]

    async def everyone(self, rooms: Collection[str]) -> Mapping[str, Mapping[str, bytes]]:
        answers = await self._run([scripted(_HERE, [self._keys.present(room)], ()) for room in rooms])
        return {room: self._present(room, flat) for room, flat in zip(rooms, answers, strict=True)}

    async def census(self, rooms: Collection[str]) -> Mapping[str, bytes]:
        answers = await self._run([scripted(_CENSUS, [self._keys.present(room)], ()) for room in rooms])
        return dict(zip(rooms, answers, strict=True))

    async def keep(self, values: Mapping[str, bytes], ttl: float) -> None:
        lasting = _milliseconds(ttl)
        named = [(self._keys.kept(key), self._sealer.seal(key, value)) for key, value in values.items()]
        await self._run([Call(key, ("SET", key, value, "PX", lasting)) for key, value in named])

    async def kept(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return await self._values("GET", keys)

    async def take(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return await self._values("GETDEL", keys)

    async def spend(self, asked: Sequence[Spending]) -> Sequence[Spent]:
        calls = [scripted(_SPEND, [self._keys.spent(key)], tuple(map(repr, amounts))) for key, *amounts in asked]
        return [Spent(wait / 1_000_000, left / 1_000_000) for wait, left in await self._run(calls)]

    async def tell_all(self, body: bytes) -> None:
        # The answer comes once a server has queued it for every subscriber; what it queues later comes after it.
        message = os.urandom(_ID_BYTES) + self._sealer.seal(self._keys.told, body)
        names = [self._keys.told] if self._transport.ordered else self._keys.told_everywhere()
        await self._run([Call(name, (self._transport.publish, name, message)) for name in names])

    def on_told(self, callback: OnTold) -> None:
        self._on_told = callback

    async def wake(self) -> None:
        await self._publish(self._keys.wake, b"")

    def on_wake(self, callback: OnEvent) -> None:
        self._on_wake.append(callback)

    def _told_beside(self, channels: Collection[str]) -> set[bytes]:
        """What is heard with channels so that nothing of them comes ahead of what was told to all before."""
        if self._on_told is None or self._transport.ordered:
            return set()
        return {self._keys.told_beside(channel).encode() for channel in channels}

    def _append(self, channel: str, frames: Sequence[Frame]) -> Call:
        if not frames:
            raise ValueError("nothing to append")
        kept = self._retention
        args: list[str | bytes | int] = [self._transport.publish, self._keys.published(channel), kept.frames]
        args += [_milliseconds(kept.frames_seconds), _milliseconds(kept.known_seconds)]
        for frame in frames:
            message = self._sealer.seal(channel, wire.encode_frame(frame))
            args += [frame.gen, frame.seq, frame.epoch, message]
        return scripted(_APPEND, self._keys.of_channel(channel), args)

    async def _publish(self, name: str, message: bytes) -> None:
        await self._run([Call(name, (self._transport.publish, name, message))])

    async def _values(self, command: str, keys: Collection[str]) -> Mapping[str, bytes]:
        answers = await self._run([Call(name, (command, name)) for name in map(self._keys.kept, keys)])
        return self._unsealed((key, key, value) for key, value in zip(keys, answers, strict=True) if value is not None)

    def _present(self, room: str, flat: Sequence[bytes]) -> dict[str, bytes]:
        return self._unsealed((room, member.decode(), meta) for member, meta in zip(flat[::2], flat[1::2], strict=True))

    def _unsealed(self, values: Iterable[tuple[str, str, bytes]]) -> dict[str, bytes]:
        """Values by name, of `(place, name, sealed)`; what cannot be read is not there."""
        found = {}
        for at, name, value in values:
            with suppress(Unreadable):
                found[name] = self._sealer.unseal(at, value)
        return found

    async def _run(self, calls: Sequence[Call]) -> list[Any]:
        answers = await self._transport.run(calls) if calls else []
        for answer in answers:
            if isinstance(answer, resp.Refusal):
                raise BrokerUnavailable(str(answer)) from answer
        return answers

    def _hear(self, name: bytes, message: bytes) -> None:
        channel = self._keys.channel_of(name)
        if channel is not None:
            if self._transport.hears(name):
                self._call(self._pass_on, channel, message)
        elif name == self._keys.wake.encode():
            for callback in self._on_wake:
                self._call(callback)
        elif self._on_told is not None and name in self._told_names and self._is_news(message[:_ID_BYTES]):
            self._call(self._pass_told, self._on_told, message[_ID_BYTES:])

    def _is_news(self, told: bytes) -> bool:
        if told in self._told:
            return False
        self._told[told] = None
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        return True

    def _pass_told(self, on_told: OnTold, message: bytes) -> None:
        on_told(self._sealer.unseal(self._keys.told, message))

    def _pass_on(self, channel: str, sealed: bytes) -> None:
        message = self._sealer.unseal(channel, sealed)
        if message.startswith(wire.FRAME):
            self._on_frame(channel, wire.decode_frame(message))
        else:
            self._on_signal(channel, *wire.decode_signal(message))

    def _lost(self, names: Collection[bytes]) -> None:
        channels = [channel for name in names if (channel := self._keys.channel_of(name)) is not None]
        if channels:
            self._call(self._on_lost, channels)

    @staticmethod
    def _call(callback: Callable[..., None], *args: object) -> None:
        try:
            callback(*args)
        except Exception as error:
            # Somebody else's mistake must not make this connection deaf.
            context = {"message": "a broker's callback failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


def _appended(outcome: bytes, seq: int) -> Appended:
    return Appended(_OUTCOMES[outcome], None if seq < 0 else seq)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
