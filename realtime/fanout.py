"""From the broker to the local members of each channel: the same bytes to everyone, in order, each once [D1].

Per channel it keeps the last frame that was passed on. A frame that is not the next starts a repair from the table,
during which nothing of the channel is passed on. A newer generation holds all members until their rights have been
read again [P6]. The table is the truth: what the broker loses is found by comparing with it every few seconds.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import Final

from backend.domain.principals import Principal
from backend.domain.refusals import Refusal
from backend.services.joining import RoomState
from backend.services.ports import Snapshots
from backend.services.records import ChannelPosition
from realtime import metrics, wire
from realtime.comparing import Comparison, batches, furthest_behind
from realtime.engine.sessions import Session as Link
from realtime.gathered import Gathered
from realtime.lagging import Sampler
from realtime.recovery.marks import Marks
from realtime.recovery.trails import Trails
from realtime.replay import missed
from realtime.sessions import Session
from realtime.streams import Stream
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks, patiently
from rooms.broker import Broker
from rooms.membership import Membership
from rooms.positions import Cursor, Frame, Position, Verdict

RESET = "room.reset"
_LINK_OF: Final = attrgetter("link")

ReadState = Callable[[Principal, str], Awaitable[RoomState]]


class Fanout:
    """The local members of all channels, and what they get."""

    def __init__(
        self,
        broker: Broker,
        db: Snapshots,
        positions: Gathered[str, ChannelPosition],
        subscriptions: Subscriptions,
        read_state: ReadState,
        expel: Callable[[Session, str, str], None],
        confirm: Callable[[Iterable[Session]], Awaitable[None]],
        send: Callable[[Iterable[Link], bytes], None],
        trails: Trails,
        marks: Marks,
        changed: Callable[[Session], None],
        *,
        replay_limit: int,
    ) -> None:
        self._broker = broker
        self._db = db
        self._positions = positions
        self._subscriptions = subscriptions
        self._read_state = read_state
        self._expel = expel
        self._confirm = confirm
        self._send = send
        self._trails = trails
        self._marks = marks
        self._changed = changed
        self._replay_limit = replay_limit
        self._members: Membership[Session] = Membership()
        self._streams: dict[str, Stream] = {}
        self._lag = Sampler()
        self._comparison = Comparison(db)
        self._lagging: dict[str, Cursor] = {}
        self._tasks = Tasks()

    async def hold(self, session: Session, channels: Collection[str]) -> None:
        """Makes a session a member of channels, held: returns when all that is published is kept for it."""
        for channel in channels:
            if self._members.has(channel, session):
                self._marks.hold(session, channel, self._told(session, channel))
        new = [channel for channel in channels if self._members.join(channel, session)]
        self._streams.update((channel, Stream()) for channel in new)
        opening = self._tasks.spawn(self._open(new, self._subscriptions.want(new))) if new else None
        for channel in new:
            self._streams[channel].opening = opening
        metrics.CHANNELS.set(len(self._streams))
        waited = {stream.opening for channel in channels if (stream := self._streams.get(channel)) and stream.opening}
        if waited:
            await asyncio.wait(waited)

    def release(
        self,
        session: Session,
        channel: str,
        position: ChannelPosition,
        *,
        since: int | None = None,
        again: bool = False,
        first: bool = False,
    ) -> None:
        """Lets a held member go on from the position that it was told, right after that was queued.

        What it was sent up to there began after the seq `since`. `again`: it had been told other things of the channel
        before; `first`: the position was the first that it was told of anything.
        """
        stream = self._streams.get(channel)
        if stream is None or not self._members.has(channel, session):
            return
        passed, held = stream.cursor, self._members.held(channel, session)
        place = Cursor(position.gen, position.seq)
        kept = self._members.release(channel, session, place, passed)
        if kept is None:
            self._reread_soon(channel, (session,))
            return
        for frame in kept:
            offset = self._trails.told(channel, frame.epoch, frame.seq)
            session.link.send(wire.event(frame.name, frame.body, offset))
        began = position.seq if since is None else since
        # Of one who is told nothing but where the channel stands, the trail says all.
        plain = passed if first and not kept else None
        self._marks.release(session, channel, position, began, kept=bool(kept), again=again or not held, plain=plain)
        self._changed(session)

    def leave(self, session: Session, channels: Collection[str]) -> None:
        """Ends memberships. Channels without members are no longer heard."""
        empty = [channel for channel in channels if self._members.leave(channel, session)]
        self._marks.leave(session, channels)
        for channel in empty:
            del self._streams[channel]
            self._lagging.pop(channel, None)
            self._trails.end(channel)
        if session.open:
            self._changed(session)
        if empty:
            self._tasks.spawn(self._subscriptions.drop(empty))
        metrics.CHANNELS.set(len(self._streams))

    def passed(self, channel: str) -> int:
        """The seq of the last frame passed on; -1 where nobody is a member (any more)."""
        stream = self._streams.get(channel)
        return stream.cursor.seq if stream is not None else -1

    def sent(self, session: Session, channel: str) -> Position | None:
        """Up to where a member was sent a channel; None if it is about to be told where it is."""
        told, stream = self._told(session, channel), self._streams.get(channel)
        if told is None or stream is None or told.gen != stream.cursor.gen:
            return None
        return Position(stream.epoch, told.seq)

    def signal(self, channel: str, packet: bytes) -> None:
        """Sends a signal to the channel's members who may hear something now; those who lag do without."""
        if not self.hears(channel):
            return
        for session in self._members.released(channel):
            if not session.link.signal(packet):
                metrics.SIGNALS_DROPPED.inc()

    def hears(self, channel: str) -> bool:
        """Whether a channel's members would be sent a signal now; not those of one that is being settled."""
        stream = self._streams.get(channel)
        return stream is None or not stream.settling

    def channels(self) -> Collection[str]:
        """All channels with local members."""
        return self._streams.keys()

    def on_frame(self, channel: str, frame: Frame) -> None:
        """A frame from the broker."""
        stream = self._streams.get(channel)
        if stream is None:
            return
        if stream.settling:
            stream.keep(frame)
            return
        match stream.cursor.judge(frame.gen, frame.seq):
            case Verdict.DELIVER:
                self._pass(channel, stream, frame)
            case Verdict.RESET:
                self._reset(channel, stream, frame)
            case Verdict.GAP:
                self._settle_soon([channel], "gap")
            case Verdict.IGNORE:
                pass

    def on_lost(self, channels: Collection[str]) -> None:
        """The broker lost these and has them back. Nothing of them is passed on before rights and positions were read
        again [P6]."""
        self._settle_soon([channel for channel in channels if channel in self._streams], "broker lost")

    async def compare(self) -> None:
        """Compares channels with the table. What is still behind at the next comparison is brought up: the node was
        deaf."""
        deaf = [channel for channel, place in self._lagging.items() if self._is_behind(channel, place)]
        if deaf:
            self._settle_soon(deaf, "comparison")
        places = await self._comparison.places(self._streams.keys())
        self._lagging = {
            channel: place
            for channel, place in places.items()
            if (stream := self._streams.get(channel)) is not None and stream.cursor < place
        }
        metrics.BEHIND.set(len(self._lagging))
        metrics.ROOMS.set(len({_room(channel) for channel in self._streams}))

    def lagging(self, most: int) -> list[tuple[str, int]]:
        """Which channels are furthest behind the last comparison, and by how many frames."""
        return furthest_behind(self._lagging, self._reached, most)

    async def close(self) -> None:
        """Stops all repairs."""
        await self._tasks.close()

    async def _open(self, channels: list[str], heard: Awaitable[None]) -> None:
        """Finds out where channels stand that will be `heard`."""
        await heard
        await self._settle(channels)
        for channel in channels:
            if stream := self._streams.get(channel):
                stream.opening = None

    def _settle_soon(self, channels: Iterable[str], cause: str) -> None:
        fresh = []
        for channel in channels:
            stream = self._streams[channel]
            if stream.settling:
                stream.again = True
            else:
                stream.settling = True
                fresh.append(channel)
        metrics.REPAIRS.labels(cause).inc(len(fresh))
        for batch in batches(fresh):
            self._tasks.spawn(self._settle(batch))

    async def _settle(self, channels: Collection[str]) -> None:
        """Brings channels marked as settling to where the table is, then lets their frames through."""
        unsettled = [channel for channel in channels if channel in self._streams]
        while unsettled:
            for channel in unsettled:
                self._streams[channel].again = False
            truth = await patiently(partial(self._positions, unsettled))
            missing = {channel: await self._missing(channel, truth[channel]) for channel in unsettled}
            await self._confirm_members(unsettled)
            for channel in unsettled:
                self._advance(channel, truth[channel], missing[channel])
            unsettled = [channel for channel in unsettled if not self._settled(channel)]

    def _settled(self, channel: str) -> bool:
        """Lets the channel's frames through again, those first that waited; False if it has to be settled once more."""
        stream = self._streams.get(channel)
        if stream is None:
            return True
        if stream.again:
            return False
        stream.settling = False
        waited, stream.backlog = stream.backlog, None
        for frame in waited or ():
            self.on_frame(channel, frame)
        return True

    async def _missing(self, channel: str, truth: ChannelPosition) -> tuple[Frame, ...] | None:
        """The frames up to the table's position; None if they cannot all be had."""
        stream = self._streams.get(channel)
        if stream is None or not stream.epoch or truth.gen != stream.cursor.gen or truth.seq <= stream.cursor.seq:
            return ()
        since = Position(stream.epoch, stream.cursor.seq)
        return await patiently(partial(missed, self._broker, self._db, channel, since, truth.seq, self._replay_limit))

    async def _confirm_members(self, channels: Iterable[str]) -> None:
        """What was read, or heard on a new connection, may be later than a change of rights that was not heard [P6].

        Whoever is at a channel that only opens is confirmed by what they came with.
        """
        known = (channel for channel in channels if (stream := self._streams.get(channel)) and stream.epoch)
        members = {session for channel in known for session in self._members.members(channel)}
        if members:
            await patiently(partial(self._confirm, members))

    def _advance(self, channel: str, truth: ChannelPosition, missing: Sequence[Frame] | None) -> None:
        """Passes on what is missing up to the table's position, or has the members' view read again."""
        stream = self._streams.get(channel)
        if stream is None:
            return
        if not stream.epoch:
            stream.move(truth.gen, truth.epoch, truth.seq)
        elif missing is None or truth.gen > stream.cursor.gen:
            self._reset(channel, stream, _reset_at(truth))
        else:
            for frame in missing:
                if stream.cursor.judge(frame.gen, frame.seq) is Verdict.DELIVER:
                    self._pass(channel, stream, frame)

    def _pass(self, channel: str, stream: Stream, frame: Frame) -> None:
        """Sends the next frame of a channel to its members."""
        stream.cursor = Cursor(frame.gen, frame.seq)
        offset = self._trails.passed(channel, frame.epoch, frame.seq)
        members = self._members.deliver(channel, frame)
        metrics.FANOUT.observe(len(members))
        if not members:
            return
        self._send(map(_LINK_OF, members), wire.event(frame.name, frame.body, offset))
        self._lag.see(frame.body)

    def _reset(self, channel: str, stream: Stream, frame: Frame) -> None:
        """A newer generation: what the members may see changed, so all are held and read again."""
        stream.move(frame.gen, frame.epoch, frame.seq)
        self._trails.end(channel)
        metrics.RESETS.inc()
        caught = self._members.reset(channel, frame)
        self._reread_soon(channel, caught)

    def _reread_soon(self, channel: str, held: Iterable[Session]) -> None:
        holds = {session: self._members.hold_of(channel, session) for session in held}
        if holds:
            self._tasks.spawn(self._reread(channel, holds))

    async def _reread(self, channel: str, holds: Mapping[Session, object]) -> None:
        """Reads the rights and the view of held members again; tells them a reset, or that the room is closed.

        Who joins meanwhile is held by that and learns of it from the ack, which they must not be let go ahead of.
        """
        room = _room(channel)
        of_principal: dict[Principal, list[Session]] = {}
        for session in holds:
            of_principal.setdefault(session.principal, []).append(session)
        for principal, theirs in of_principal.items():
            try:
                state = await patiently(partial(self._read_state, principal, room))
                await patiently(partial(self._confirm, theirs))
                code = "" if state.channel == channel else wire.FORBIDDEN_ROOM
            except Refusal as refusal:
                code = refusal.code
            waiting = [one for one in theirs if self._members.hold_of(channel, one) is holds[one]]
            if code:
                self._close_room(room, channel, waiting, code)
            else:
                self._tell_reset(room, state, waiting)

    def _tell_reset(self, room: str, state: RoomState, sessions: Iterable[Session]) -> None:
        place = wire.positioned(room, state.position.epoch, state.position.seq)
        offset = self._trails.told(state.channel, state.position.epoch, state.position.seq)
        told = wire.event(RESET, wire.encode({**place, "snapshot": state.snapshot}), offset)
        for session in sessions:
            session.link.send(told)
            self.release(session, state.channel, state.position, again=True)

    def _close_room(self, room: str, channel: str, sessions: Iterable[Session], code: str) -> None:
        for session in sessions:
            self.leave(session, (channel,))
            self._expel(session, room, code)

    def _told(self, session: Session, channel: str) -> Cursor | None:
        """Up to where a member knows a channel, if it is not held."""
        stream = self._streams.get(channel)
        if stream is None or not self._members.has(channel, session) or self._members.held(channel, session):
            return None
        return max(self._members.ahead(channel, session) or stream.cursor, stream.cursor)

    def _reached(self, channel: str) -> Cursor | None:
        stream = self._streams.get(channel)
        return stream.cursor if stream is not None else None

    def _is_behind(self, channel: str, place: Cursor) -> bool:
        stream = self._streams.get(channel)
        return stream is not None and not stream.settling and stream.cursor < place


def _room(channel: str) -> str:
    return channel.partition("/")[0]


def _reset_at(truth: ChannelPosition) -> Frame:
    return Frame(truth.gen, truth.epoch, truth.seq, RESET, b"{}")
