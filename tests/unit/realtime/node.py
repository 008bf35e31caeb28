"""Parts of a node without sockets: links that write down what was sent, and a table of frames as its truth."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from backend.domain.principals import Principal
from backend.domain.refusals import Forbidden
from backend.services.joining import RoomState
from backend.services.records import ChannelPosition
from realtime.fanout import Fanout
from realtime.link import Budget, Link
from realtime.sessions import Session
from realtime.subscriptions import Subscriptions
from rooms.memory import Hub, MemoryBroker
from rooms.positions import Frame


def ignore(*_: object) -> None:
    """Does nothing."""


class Wire:
    """What a link's client was sent; `read` takes it all, as an engine does."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._untaken: list[Any] = []
        self.reading = True

    def put(self, text: str, taken: Any) -> None:
        self.texts.append(text)
        self._untaken.append(taken)
        if self.reading:
            self.read()

    def read(self) -> None:
        untaken, self._untaken = self._untaken, []
        for taken in untaken:
            taken()

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Names and bodies of the events sent."""
        return [tuple(orjson.loads(text[1:])) for text in self.texts if text.startswith("2")]

    def seqs(self) -> list[int]:
        """The seqs of the facts sent, in order."""
        return [body["seq"] for name, body in self.events if name == "fact"]


def session(name: str, wire: Wire, limit: int = 1 << 20) -> Session:
    """An open session of somebody's."""
    link = Link(wire.put, limit, Budget(1 << 30), ignore)
    return Session(name, Principal(user_id=name, role="agent", name=name), link, datetime.max.replace(tzinfo=UTC))


class Table:
    """The truth: every channel's frames, and who may be where."""

    def __init__(self) -> None:
        self.channels: dict[str, list[Frame]] = {}
        self.places: dict[str, ChannelPosition] = {}
        self.banned: set[str] = set()
        self.reads = 0
        self.away = False

    def commit(self, channel: str, count: int = 1) -> list[Frame]:
        """Numbers `count` facts; the frames that a relay would append."""
        place = self._place(channel)
        made = [_frame(place, place.seq + 1 + n) for n in range(count)]
        self.channels.setdefault(channel, []).extend(made)
        self.places[channel] = ChannelPosition(place.gen, place.epoch, place.seq + count)
        return made

    def reset(self, channel: str) -> Frame:
        """Changes what the audience may see: a new generation."""
        gen = self._place(channel).gen + 1
        self.places[channel] = ChannelPosition(gen, f"epoch-{gen}", 0)
        return Frame(gen, f"epoch-{gen}", 0, "room.reset", b"{}")

    async def position(self, channels: Collection[str]) -> Mapping[str, ChannelPosition]:
        self.reads += 1
        await asyncio.sleep(0)
        if self.away:
            raise OSError
        return {channel: self._place(channel) for channel in channels}

    async def frames(self, channel: str, epoch: str, after: int, limit: int) -> tuple[Frame, ...]:
        kept = self.channels.get(channel, ())
        return tuple(frame for frame in kept if frame.epoch == epoch and frame.seq > after)[:limit]

    async def read_state(self, principal: Principal, room: str) -> RoomState:
        channel = f"{room}/agency"
        place = self._place(channel)
        await asyncio.sleep(0)
        if principal.user_id in self.banned:
            raise Forbidden("room.forbidden", "You may not join that room.")
        return RoomState(channel, place, {"seen": place.seq})

    def _place(self, channel: str) -> ChannelPosition:
        return self.places.setdefault(channel, ChannelPosition(1, "epoch-1", 0))


def _frame(place: ChannelPosition, seq: int) -> Frame:
    return Frame(place.gen, place.epoch, seq, "fact", b'{"epoch":"%s","seq":%d}' % (place.epoch.encode(), seq))


class Cell:
    """A node's fan-out on a broker of a hub, over a table."""

    def __init__(self, table: Table, hub: Hub) -> None:
        self.table = table
        self.broker = MemoryBroker(hub)
        self.closed: list[tuple[str, str, str]] = []
        self.fanout = Fanout(
            self.broker,
            table,  # type: ignore[arg-type]  # the part of the port that a fan-out uses
            Subscriptions(self.broker),
            table.read_state,
            lambda session, room, code: self.closed.append((session.sid, room, code)),
            replay_limit=50,
        )
        self.broker.listen(self.fanout.on_frame, ignore, self.fanout.on_lost)

    async def join(self, who: Session, channel: str) -> int:
        """Joins a channel from where the table stands; that seq."""
        await self.fanout.hold(who, (channel,))
        place = (await self.table.position((channel,)))[channel]
        self.fanout.release(who, channel, place)
        return place.seq

    async def relay(self, channel: str, *frames: Frame) -> None:
        """Appends frames as a relay does, seeding a cold broker."""
        first = frames[0]
        await self.broker.seed(channel, first.gen, first.epoch, first.seq - 1)
        await self.broker.append(channel, frames)
