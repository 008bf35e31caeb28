"""Who is in which room, what they have in focus and whether they type: told to those who may know it.

Each node tells the others of its own members' comings and goings over a channel of the room that nobody can join, and
keeps them in the broker, where they expire if the node dies [D6]. What local members are told is the difference
between what privacy lets their audience see before and after; nothing here is stored, and facts never wait for it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import msgspec
import structlog

from backend.services.joining import company_room
from privacy.audiences import AGENCY
from privacy.presence import Entry, Scope, presence_view, whereabouts
from privacy.wire import time_text
from realtime import wire
from realtime.comings import Told, View, changes, moves
from realtime.nudges import AT_ONCE, ENTERED, NODES, Nudge, Nudges
from realtime.sessions import Session
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks
from realtime.timers import Timers
from rooms.broker import Broker, BrokerUnavailable
from rooms.names import channel as channel_of
from rooms.names import room_kind, split_channel
from rooms.presence import Coalescer, Roster

log = structlog.get_logger(__name__)
LISTING = "company"
"""The kind of room whose members see who is in which of the rooms that it lists."""
INTERVAL = 0.1
"""At most one signal in so many seconds per source, and one telling per room."""
SOON = 0.01
AGAIN_SECONDS = 0.5

Tell = Callable[[str, bytes], None]
Decode = msgspec.json.Decoder(Entry)


@dataclass(slots=True)
class _Room:
    """A room with local members: everybody in it, this node's own, and what each local channel was told last.

    A list's room has those who are in one of the rooms that it lists; `watching` are the sessions that see them, with
    their audience. `census` is the broker's digest of what the roster was last compared with.
    """

    roster: Roster
    mine: dict[str, Entry] = field(default_factory=dict)
    watching: dict[str, str] = field(default_factory=dict)
    told: dict[str, View] = field(default_factory=dict)
    census: bytes = b""
    told_at: float = 0.0
    dirty: bool = False


class Presence:
    """Presence of this node's members, and of everybody to them."""

    def __init__(
        self,
        broker: Broker,
        subscriptions: Subscriptions,
        timers: Timers,
        scope: Callable[[str], Awaitable[Scope]],
        tell: Tell,
        hears: Callable[[str], bool],
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        *,
        grace: float,
        ttl: float,
    ) -> None:
        self._broker = broker
        self._subscriptions = subscriptions
        self._timers = timers
        self._scope = scope
        self._tell = tell
        self._hears = hears
        self._now = now
        self._new_id = new_id
        self._grace = grace
        # A dead node's members are missed by the beat after their entries' end, a third of the time later.
        self._life = ttl * 2 / 3
        self._clock = asyncio.get_running_loop().time
        self._rooms: dict[str, _Room] = {}
        self._due_timed = False
        self._coalescer: Coalescer[tuple[str, str], Nudge] = Coalescer(INTERVAL)
        self._tasks = Tasks()
        self._nudges = Nudges(broker, self._life, self._tasks)

    async def enter(self, session: Session, room: str, channel: str) -> list[dict[str, Any]]:
        """A session is in a room now; whom it sees there, itself among them."""
        who = session.principal
        audience = split_channel(channel)[1]
        state = self._rooms.get(room) or await self._open(room)
        if not session.open:
            self._drop_if_empty(room)
            return []
        if all(entry.audience != audience for entry in state.mine.values()):
            state.told.pop(channel, None)
        if session.sid not in state.mine:
            entry = Entry(audience=audience, user_id=who.user_id, name=who.name, hotel_id=who.hotel_id)
            self._set(room, session.sid, entry)
        await self._enlist(session, room)
        scope = await self._scope(room)
        view = presence_view(_entries(state), audience, scope)
        state.told.setdefault(channel, view)
        return [view[key] for key in sorted(view)]

    async def watch(self, session: Session, room: str, channel: str) -> list[dict[str, Any]]:
        """A session sees from now on who is in which of a list's rooms; who is where now."""
        audience = split_channel(channel)[1]
        state = self._rooms.get(room) or await self._open(room)
        if not session.open:
            self._drop_if_empty(room)
            return []
        if not state.watching:
            state.told.pop(channel, None)
        state.watching[session.sid] = audience
        view = whereabouts(_entries(state), audience)
        state.told.setdefault(channel, view)
        return [{**view[at][key], "room": at} for at in sorted(view) for key in sorted(view[at])]

    def leave(self, session: Session, room: str) -> None:
        """A session left a room: others are told at once."""
        self._unwatch(session, room)
        self._forget(room, session.sid)
        if company := company_room(session.principal):
            self._forget(company, _listed(session, room))

    def break_off(self, session: Session, room: str) -> None:
        """A session's connection broke: it does nothing any more, and is there until it has to `leave` [D9]."""
        self._unwatch(session, room)
        entry = self._mine(room).get(session.sid)
        if entry is not None:
            self._set(room, session.sid, msgspec.structs.replace(entry, focus=None, typing=False))

    def hand_over(self, session: Session, room: str) -> None:
        """Another node has the session from now on: it is one of that node's, and nobody notices."""
        self._hand_over(room, session.sid)
        if company := company_room(session.principal):
            self._hand_over(company, _listed(session, room))

    def dismiss(self, session: Session, room: str) -> None:
        """A session that came from another node did not come to this room: it is there no more."""
        if session.sid in self._mine(room):
            self.leave(session, room)
            return
        self._publish(room, Nudge(session.sid))
        if company := company_room(session.principal):
            self._publish(company, Nudge(_listed(session, room)))

    def watches(self, session: Session) -> bool:
        """Whether a session sees who is in which of its list's rooms."""
        company = company_room(session.principal)
        state = self._rooms.get(company) if company else None
        return state is not None and session.sid in state.watching

    def update(self, session: Session, room: str, changes: Mapping[str, Any]) -> None:
        """Sets a member's `focus` or `typing`. Too many of them at once become one."""
        entry = self._mine(room).get(session.sid)
        if entry is not None:
            self._set(room, session.sid, msgspec.structs.replace(entry, **changes))

    def on_signal(self, channel: str, name: str, body: bytes) -> None:
        """Another node's member entered, changed or left; or our own word that comes back."""
        room = split_channel(channel)[0]
        state = self._rooms.get(room)
        if state is None:
            return
        nudge = msgspec.json.decode(body, type=Nudge)
        if nudge.member in state.mine:
            return
        if nudge.entry is None:
            changed = state.roster.leave(nudge.member)
        else:
            changed = state.roster.enter(nudge.member, msgspec.json.encode(nudge.entry))
        if changed:
            self._tell_soon(room)

    async def beat(self) -> None:
        """Keeps this node's members present, and compares with the broker what changed there since the last beat.

        Two questions for each room, asked for many in one go; who is there is read of rooms that changed alone.
        """
        for rooms in _batches([room for room, state in self._rooms.items() if state.mine]):
            mine = {room: tuple(self._mine(room)) for room in rooms}
            for room, lost in (await self._broker.touch(mine, self._life)).items():
                for member in lost & self._mine(room).keys():
                    self._publish(room, Nudge(member, self._mine(room)[member]))
        for rooms in _batches(self._rooms):
            await self._compare(rooms)

    async def close(self) -> None:
        """Stops telling anybody anything."""
        await self._tasks.close()

    async def _compare(self, rooms: Sequence[str]) -> None:
        # Asked for before what it is a digest of: what changes in between is read by the next beat again.
        census = await self._broker.census(rooms)
        changed = [room for room in rooms if room in self._rooms and self._rooms[room].census != census[room]]
        everyone = await self._broker.everyone(changed) if changed else {}
        for room in rooms:
            state = self._rooms.get(room)
            if state is None:
                continue
            if room in everyone:
                state.census = census[room]
                diff = state.roster.sync({**everyone[room], **_encoded(state.mine)}, self._clock())
            else:
                diff = state.roster.expire(self._clock())
            if diff:
                self._tell_soon(room)

    async def _open(self, room: str) -> _Room:
        await self._subscriptions.want([channel_of(room, NODES)])
        try:
            here = await self._broker.here(room)
        except BrokerUnavailable:
            here = {}
        state = self._rooms.setdefault(room, _Room(Roster(self._grace)))
        state.roster.sync({**here, **_encoded(state.mine)}, self._clock())
        return state

    async def _enlist(self, session: Session, room: str) -> None:
        """Shows to those who watch the agency's list that a session is in a room."""
        company = company_room(session.principal)
        if company is None:
            return
        if company not in self._rooms:
            await self._open(company)
        if session.sid in self._mine(room):
            who = session.principal
            entry = Entry(audience=AGENCY, user_id=who.user_id, name=who.name, at=room)
            self._set(company, _listed(session, room), entry)
        self._drop_if_empty(company)

    def _unwatch(self, session: Session, room: str) -> None:
        state = self._rooms.get(room)
        if state is not None and session.sid in state.watching:
            del state.watching[session.sid]
            self._drop_if_empty(room)

    def _mine(self, room: str) -> dict[str, Entry]:
        state = self._rooms.get(room)
        return state.mine if state else {}

    def _set(self, room: str, member: str, entry: Entry) -> None:
        """A member of this node is as `entry` says."""
        state = self._rooms[room]
        if state.mine.get(member) == entry:
            return
        state.mine[member] = entry
        state.roster.enter(member, msgspec.json.encode(entry))
        self._tell_soon(room)
        nudge = Nudge(member, entry)
        if self._coalescer.offer((room, member), ENTERED, nudge, self._clock()):
            self._publish(room, nudge)
        else:
            self._due_soon()

    def _forget(self, room: str, member: str) -> None:
        """A member of this node is gone. The room goes with its last one."""
        state = self._rooms.get(room)
        if state is None or state.mine.pop(member, None) is None:
            return
        self._coalescer.forget((room, member))
        state.roster.leave(member)
        self._publish(room, Nudge(member))
        self._tell_soon(room)
        self._drop_if_empty(room)

    def _hand_over(self, room: str, member: str) -> None:
        state = self._rooms.get(room)
        if state is not None and state.mine.pop(member, None) is not None:
            self._coalescer.forget((room, member))
            self._drop_if_empty(room)

    def _drop_if_empty(self, room: str) -> None:
        state = self._rooms.get(room)
        if state is not None and not (state.mine or state.watching):
            del self._rooms[room]
            self._tasks.spawn(self._subscriptions.drop([channel_of(room, NODES)]))

    def _due_soon(self) -> None:
        due = self._coalescer.next_due()
        if due is not None and not self._due_timed:
            self._due_timed = True
            self._timers.after(due - self._clock(), self._send_due)

    def _send_due(self) -> None:
        self._due_timed = False
        for (room, _), _, nudge in self._coalescer.due(self._clock()):
            self._publish(room, nudge)
        self._due_soon()

    def _publish(self, room: str, nudge: Nudge) -> None:
        self._nudges.publish(room, nudge)

    def _tell_soon(self, room: str) -> None:
        """Tells the local members of a room what changed, in a moment, and all that changed by then at once."""
        state = self._rooms[room]
        if not state.dirty:
            state.dirty = True
            wait = max(SOON, state.told_at + INTERVAL - self._clock())
            self._timers.after(wait, partial(self._tell_now, room))

    def _tell_now(self, room: str) -> None:
        self._tasks.spawn(self._tell_changes(room))

    def _tell_again(self, room: str) -> None:
        if room in self._rooms:
            self._tell_soon(room)

    async def _tell_changes(self, room: str) -> None:
        if room in self._rooms:
            self._rooms[room].dirty = False
            self._rooms[room].told_at = self._clock()
        listing = room_kind(room) == LISTING
        try:
            scope = Scope() if listing else await self._scope(room)
        except Exception as failure:  # a database that is away comes back
            log.warning("presence will be told later", failure=type(failure).__name__)
            self._timers.after(AGAIN_SECONDS, partial(self._tell_again, room))
            return
        state = self._rooms.get(room)
        if state is None:
            return
        entries = _entries(state)
        watching = set(state.watching.values()) if listing else {entry.audience for entry in state.mine.values()}
        # Whoever hears nothing more is not told that either: the moment of it would be that of somebody's coming.
        for audience in watching - scope.frozen:
            channel = channel_of(room, audience)
            if not self._hears(channel):
                self._timers.after(AGAIN_SECONDS, partial(self._tell_again, room))
                continue
            before = state.told.get(channel, {})
            after = whereabouts(entries, audience) if listing else presence_view(entries, audience, scope)
            state.told[channel] = after
            self._tell_all(channel, moves(before, after) if listing else changes(before, after))

    def _tell_all(self, channel: str, told: Iterable[Told]) -> None:
        room = split_channel(channel)[0]
        for name, by, data in told:
            self._tell(channel, wire.event(name, self._signal(name, room, by, data)))

    def _signal(self, name: str, room: str, by: Mapping[str, Any] | None, data: Mapping[str, Any]) -> bytes:
        """A signal's body: a frame without a position."""
        return wire.encode(
            {
                "v": 1,
                "id": self._new_id(),
                "name": name,
                "room": room,
                "at": time_text(self._now()),
                "by": by,
                "data": data,
            }
        )


def _entries(state: _Room) -> list[Entry]:
    """Everybody shown; of one person's several, the one with something in focus last, so that it counts."""
    shown = (Decode.decode(meta) for meta in state.roster.shown().values())
    return sorted(shown, key=lambda entry: (entry.focus is not None, entry.typing))


def _batches(rooms: Iterable[str]) -> Iterator[list[str]]:
    listed = list(rooms)
    return (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))


def _encoded(mine: Mapping[str, Entry]) -> dict[str, bytes]:
    return {member: msgspec.json.encode(entry) for member, entry in mine.items()}


def _listed(session: Session, room: str) -> str:
    """As which member of its company's list a session is in a room."""
    return f"{session.sid}/{room}"
