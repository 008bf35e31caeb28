"""Parts of a node without sockets: transports that write down what was sent, and a table of frames as its truth."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from backend.domain.principals import Principal
from backend.domain.refusals import Forbidden
from backend.services.joining import RoomState
from backend.services.records import ChannelPosition
from realtime.engine.frames import opened
from realtime.engine.handshake import Request
from realtime.engine.server import Engine
from realtime.engine.sessions import Session as Link
from realtime.fanout import Fanout
from realtime.gathered import Gathered
from realtime.recovery.marks import Marks
from realtime.recovery.trails import Trails
from realtime.sessions import Session
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks
from rooms.memory import Hub, MemoryBroker
from rooms.positions import Cursor, Frame


def ignore(*_: object) -> None:
    """Does nothing."""


class Wire:
    """What a session's client was sent. A client who does not read has all of it wait in the session's backlog."""

    def __init__(self, *, reading: bool = True) -> None:
        self._reading = reading
        self._written: list[bytes] = []

    def write(self, data: bytes) -> None:
        """The transport's, which the outbox writes to."""
        self._written.append(data)

    def carry(self, link: Link) -> Link:
        """Becomes the transport of an engine's session."""
        if self._reading:
            link.transport = self
        self._link = link
        return link

    @property
    def texts(self) -> list[str]:
        """The Socket.IO packets sent so far."""
        self._link.flush()
        reader = b"".join(self._written)
        found: list[str] = []
        while reader:
            size = frame_size(reader)
            found.append(opened(reader[:size])[1][1:].decode())
            reader = reader[size:]
        return found

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Names and bodies of the events sent."""
        return [tuple(orjson.loads(text[1:])[:2]) for text in self.texts if text.startswith("2")]

    def seqs(self) -> list[int]:
        """The seqs of the facts sent, in order."""
        return [body["seq"] for name, body in self.events if name == "fact"]


def frame_size(data: bytes) -> int:
    """The length of the server's frame that some bytes begin with."""
    if data[1] < 126:
        return 2 + data[1]
    width = 2 if data[1] == 126 else 8
    return 2 + width + int.from_bytes(data[2 : 2 + width], "big")


def link(wire: Wire, engine: Engine | None = None) -> Link:
    """A session of an engine's that a wire carries."""
    return wire.carry((engine or Engine()).open(Request("GET", "/socket.io/", b"", {}, "http", lambda: None)))


def session(name: str, wire: Wire) -> Session:
    """An open session of somebody's."""
    return Session(name, Principal(user_id=name, role="agent", name=name), link(wire), datetime.max.replace(tzinfo=UTC))


def send(links: Iterable[Link], frame: bytes) -> None:
    """Sends one frame to many, who are of different engines here."""
    for one in links:
        one.send(frame)


class Table:
    """The truth: every channel's frames, and who may be where."""

    def __init__(self) -> None:
        self.channels: dict[str, list[Frame]] = {}
        self.places: dict[str, ChannelPosition] = {}
        self.banned: set[str] = set()
        self.revoked: set[str] = set()
        self.reads = 0
        self.away = False

    def commit(self, channel: str, count: int = 1) -> list[Frame]:
        """Numbers `count` facts; the frames that a relay would append."""
        place = self._place(channel)
        made = [_frame(channel, place, place.seq + 1 + n) for n in range(count)]
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

    async def moved(self, within: timedelta, limit: int) -> tuple[tuple[str, Cursor], ...]:
        return tuple((channel, Cursor(place.gen, place.seq)) for channel, place in self.places.items())[:limit]

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


def _frame(channel: str, place: ChannelPosition, seq: int) -> Frame:
    body = orjson.dumps({"room": channel.partition("/")[0], "epoch": place.epoch, "seq": seq})
    return Frame(place.gen, place.epoch, seq, "fact", body)


class Cell:
    """A node's fan-out on a broker of a hub, over a table."""

    def __init__(self, table: Table, hub: Hub) -> None:
        self.table = table
        self.broker = MemoryBroker(hub)
        self.closed: list[tuple[str, str, str]] = []
        self.confirmed = 0
        self.trails = Trails()
        self.marks = Marks(self.trails)
        self.changed: Callable[[Session], None] = ignore
        self.fanout = Fanout(
            self.broker,
            table,  # type: ignore[arg-type]  # the part of the port that a fan-out uses
            Gathered(table.position, Tasks()),
            Subscriptions(self.broker),
            table.read_state,
            lambda session, room, code: self.closed.append((session.sid, room, code)),
            self.confirm,
            send,
            self.trails,
            self.marks,
            self._changed,
            replay_limit=50,
        )
        self.broker.listen(self.fanout.on_frame, ignore, self.fanout.on_lost)

    async def confirm(self, sessions: Iterable[Session]) -> None:
        """Ends those of the people whose rights the table has not any more."""
        await asyncio.sleep(0)
        for session in list(sessions):
            if session.principal.user_id in self.table.revoked:
                self.fanout.leave(session, list(self.fanout.channels()))
        self.confirmed += 1

    def _changed(self, who: Session) -> None:
        self.changed(who)

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
