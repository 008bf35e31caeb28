"""The broker over a Redis server.

What decides is done by the scripts in `lua/`, one call for each append. Everything that belongs to a room has the room
as its hash tag, so that it shares a slot. A message says by its first byte whether it is a frame or a signal.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from hashlib import sha1
from pathlib import Path
from typing import Any, NamedTuple

from rooms import resp, wire
from rooms.broker import Appended, BrokerUnavailable, OnEvent, OnFrame, OnSignal, OnTold, Outcome, Retention
from rooms.commands import Commands
from rooms.positions import Frame, Position
from rooms.redis_url import parse
from rooms.subscriber import Patience, Subscriber

_LUA = Path(__file__).parent / "lua"
_OUTCOMES = {outcome.value.encode(): outcome for outcome in Outcome}


class _Script:
    """A script, called by its digest."""

    def __init__(self, name: str) -> None:
        self.text = (_LUA / f"{name}.lua").read_bytes()
        self.sha = sha1(self.text, usedforsecurity=False).hexdigest()


class _Call(NamedTuple):
    script: _Script
    keys: Sequence[str]
    args: Sequence[str | bytes | int]

    def words(self, *, whole: bool) -> Sequence[str | bytes | int]:
        """The command; `whole`: with the text, for a server that does not know the digest."""
        head = ("EVAL", self.script.text) if whole else ("EVALSHA", self.script.sha)
        return (*head, len(self.keys), *self.keys, *self.args)


_APPEND, _SEED, _REPLAY = _Script("append"), _Script("seed"), _Script("replay")
_ENTER, _TOUCH, _HERE = _Script("enter"), _Script("touch"), _Script("here")


class _Keys:
    """Where things are kept, below a prefix."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.told = f"{prefix}:told"
        self.wake = f"{prefix}:wake"

    def of_channel(self, channel: str) -> tuple[str, str]:
        """`(state, log)` of a channel."""
        room, _, audience = channel.partition("/")
        return f"{self.prefix}:at:{{{room}}}/{audience}", f"{self.prefix}:log:{{{room}}}/{audience}"

    def published(self, channel: str) -> str:
        room, _, audience = channel.partition("/")
        return f"{self.prefix}:ch:{{{room}}}/{audience}"

    def present(self, room: str) -> str:
        return f"{self.prefix}:here:{{{room}}}"

    def kept(self, key: str) -> str:
        return f"{self.prefix}:kept:{key}"


def _ignore(*_: object) -> None:
    pass


class RedisBroker:
    """A `Broker` over the server at `url` (as `rooms.redis_url` reads it; or ValueError), below a key prefix."""

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "rooms",
        retention: Retention | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._keys = _Keys(prefix)
        self._retention = retention or Retention()
        self._patience = patience or Patience()
        address = parse(url)
        self._commands = Commands(address, self._patience.timeout)
        self._subscriber = Subscriber(partial(resp.connect, address), self._hear, self._lost, self._patience)
        self._channels: dict[bytes, str] = {}
        self._on_frame: OnFrame = _ignore
        self._on_signal: OnSignal = _ignore
        self._on_lost: OnEvent = _ignore
        self._on_told: OnTold | None = None
        self._on_wake: OnEvent | None = None

    async def start(self) -> None:
        await self._subscriber.start()
        heard = ((self._keys.told, self._on_told), (self._keys.wake, self._on_wake))
        if names := [name.encode() for name, callback in heard if callback is not None]:
            await self._subscriber.add(names)

    async def close(self) -> None:
        await self._subscriber.close()
        await self._commands.close()

    async def append(self, channel: str, frames: Sequence[Frame]) -> Appended:
        return (await self.append_many({channel: frames}))[channel]

    async def append_many(self, batch: Mapping[str, Sequence[Frame]]) -> Mapping[str, Appended]:
        answers = await self._run([self._append(channel, frames) for channel, frames in batch.items()])
        return {channel: _appended(*answer) for channel, answer in zip(batch, answers, strict=True)}

    async def seed(self, channel: str, gen: int, epoch: str, seq: int) -> None:
        known = _milliseconds(self._retention.known_seconds)
        await self._run([_Call(_SEED, self._keys.of_channel(channel), (gen, epoch, seq, known))])

    async def replay(self, channel: str, since: Position) -> tuple[Frame, ...] | None:
        call = _Call(_REPLAY, self._keys.of_channel(channel), (since.epoch, since.seq))
        [messages] = await self._run([call])
        return None if messages is None else tuple(map(wire.decode_frame, messages))

    async def subscribe(self, channels: Collection[str]) -> None:
        names = {self._keys.published(channel).encode(): channel for channel in channels}
        self._channels.update(names)
        await self._subscriber.add(names)

    async def unsubscribe(self, channels: Collection[str]) -> None:
        names = [self._keys.published(channel).encode() for channel in channels]
        for name in names:
            self._channels.pop(name, None)
        await self._subscriber.remove(names)

    def listen(self, on_frame: OnFrame, on_signal: OnSignal, on_lost: OnEvent) -> None:
        self._on_frame, self._on_signal, self._on_lost = on_frame, on_signal, on_lost

    async def signal(self, channel: str, name: str, body: bytes) -> None:
        await self._command("PUBLISH", self._keys.published(channel), wire.encode_signal(name, body))

    async def enter(self, room: str, member_id: str, meta: bytes, ttl: float) -> None:
        args = (_milliseconds(ttl), member_id, meta)
        await self._run([_Call(_ENTER, [self._keys.present(room)], args)])

    async def leave(self, room: str, member_id: str) -> None:
        await self._command("HDEL", self._keys.present(room), member_id)

    async def touch(self, members: Mapping[str, Collection[str]], ttl: float) -> Mapping[str, frozenset[str]]:
        kept = _milliseconds(ttl)
        calls = [_Call(_TOUCH, [self._keys.present(room)], (kept, *ids)) for room, ids in members.items()]
        answers = zip(members, await self._run(calls), strict=True)
        return {room: frozenset(member.decode() for member in gone) for room, gone in answers if gone}

    async def here(self, room: str) -> Mapping[str, bytes]:
        [flat] = await self._run([_Call(_HERE, [self._keys.present(room)], ())])
        return {member.decode(): meta for member, meta in zip(flat[::2], flat[1::2], strict=True)}

    async def keep(self, values: Mapping[str, bytes], ttl: float) -> None:
        lasting = _milliseconds(ttl)
        _good(await self._ask([("SET", self._keys.kept(key), value, "PX", lasting) for key, value in values.items()]))

    async def kept(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return await self._values("GET", keys)

    async def take(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return await self._values("GETDEL", keys)

    async def tell_all(self, body: bytes) -> None:
        # The answer comes once the server has queued it for every subscriber; what it queues later comes after it.
        await self._command("PUBLISH", self._keys.told, body)

    def on_told(self, callback: OnTold) -> None:
        self._on_told = callback

    async def wake(self) -> None:
        await self._command("PUBLISH", self._keys.wake, b"")

    def on_wake(self, callback: OnEvent) -> None:
        self._on_wake = callback

    def _append(self, channel: str, frames: Sequence[Frame]) -> _Call:
        if not frames:
            raise ValueError("nothing to append")
        kept = self._retention
        args: list[str | bytes | int] = [self._keys.published(channel), kept.frames]
        args += [_milliseconds(kept.frames_seconds), _milliseconds(kept.known_seconds)]
        for frame in frames:
            args += [frame.gen, frame.seq, frame.epoch, wire.encode_frame(frame)]
        return _Call(_APPEND, self._keys.of_channel(channel), args)

    async def _run(self, calls: Sequence[_Call]) -> Sequence[Any]:
        """The answers of scripts, called in one round trip; each call must bear repeating."""
        answers = await self._ask([call.words(whole=False) for call in calls])
        unknown = [index for index, answer in enumerate(answers) if _is_unknown_script(answer)]
        again = await self._ask([calls[index].words(whole=True) for index in unknown])
        for index, answer in zip(unknown, again, strict=True):
            answers[index] = answer
        return _good(answers)

    async def _ask(self, commands: Sequence[resp.Command]) -> list[Any]:
        return await self._commands.ask(commands) if commands else []

    async def _values(self, command: str, keys: Collection[str]) -> Mapping[str, bytes]:
        answers = _good(await self._ask([(command, self._keys.kept(key)) for key in keys]))
        return {key: value for key, value in zip(keys, answers, strict=True) if value is not None}

    async def _command(self, *words: str | bytes) -> None:
        _good(await self._commands.ask([words]))

    def _hear(self, name: bytes, message: bytes) -> None:
        channel = self._channels.get(name)
        if channel is not None:
            self._call(self._pass_on, channel, message)
        elif self._on_wake is not None and name == self._keys.wake.encode():
            self._call(self._on_wake)
        elif self._on_told is not None and name == self._keys.told.encode():
            self._call(self._on_told, message)

    def _pass_on(self, channel: str, message: bytes) -> None:
        if message.startswith(wire.FRAME):
            self._on_frame(channel, wire.decode_frame(message))
        else:
            self._on_signal(channel, *wire.decode_signal(message))

    def _lost(self) -> None:
        self._call(self._on_lost)

    @staticmethod
    def _call(callback: Callable[..., None], *args: object) -> None:
        try:
            callback(*args)
        except Exception as error:
            # Somebody else's mistake must not make this connection deaf.
            context = {"message": "a broker's callback failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)


def _is_unknown_script(answer: object) -> bool:
    return isinstance(answer, resp.Refusal) and str(answer).startswith("NOSCRIPT")


def _good(answers: list[Any]) -> list[Any]:
    for answer in answers:
        if isinstance(answer, resp.Refusal):
            raise BrokerUnavailable(str(answer)) from answer
    return answers


def _appended(outcome: bytes, seq: int) -> Appended:
    return Appended(_OUTCOMES[outcome], None if seq < 0 else seq)


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
