"""What a session is told when it begins: the rooms it is in and, of those it comes back to, what it missed.

Every room is authorised anew [P6]. Where it cannot be told what was missed, the room starts anew from a snapshot [D3].
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backend.domain.refusals import Refusal
from backend.services import joining
from backend.services.joining import RoomState
from backend.services.records import ChannelPosition
from privacy.wire import time_text
from realtime import wire
from realtime.fanout import RESET
from realtime.handlers.rooms import audit, present_in
from realtime.live import Live
from realtime.recovery.parking import Places
from realtime.replay import missed
from realtime.sessions import Session
from rooms.names import room_kind
from rooms.positions import Frame


@dataclass(frozen=True, slots=True)
class Entry:
    """A room that a session is held in: where it stands for it, and what follows: the missed frames, or all there is.

    `present` is who is there, for those who were told before.
    """

    channel: str
    place: ChannelPosition
    frames: tuple[Frame, ...] = ()
    state: RoomState | None = None
    present: Sequence[dict[str, Any]] | None = None

    @property
    def room(self) -> str:
        return self.channel.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Greeting:
    """`closed` are rooms that the session was in, with the reasons why it is not any more."""

    entries: tuple[Entry, ...]
    closed: tuple[tuple[str, str], ...] = ()


async def enter(live: Live, session: Session) -> Greeting:
    """Holds a new session in its automatic rooms."""
    for room in joining.automatic_rooms(session.principal):
        session.enter(await joining.authorise(live.deps, session.principal, room))
    await live.fanout.hold(session, session.channels)
    places = await live.positions(session.channels)
    return Greeting(tuple(Entry(channel, places[channel]) for channel in session.channels))


async def reenter(live: Live, session: Session, places: Places, watches: bool, limit: int) -> Greeting:
    """Holds a session in the rooms that it was in, as far as it still may be; reads what it missed.

    Frames of more than `limit` bytes together are not replayed: no slow reader could take them.
    """
    closed = await _authorise(live, session, places)
    await live.fanout.hold(session, session.channels)
    truths = await live.positions(session.channels)
    entries: list[Entry] = []
    for channel in session.channels:
        room = channel.partition("/")[0]
        try:
            entry = await _entry(live, session, channel, truths[channel], places)
            if (size := sum(len(frame.body) for frame in entry.frames)) > limit:
                entry = await _anew(live, session, channel)
            else:
                limit -= size
            entries.append(replace(entry, present=await _present(live, session, channel, watches)))
        except Refusal as refusal:
            closed[room] = refusal.code
            session.leave(room)
            live.fanout.leave(session, (channel,))
    for room in closed:
        live.presence.dismiss(session, room)
    return Greeting(tuple(entries), tuple(closed.items()))


def greet(live: Live, session: Session, greeting: Greeting) -> None:
    """Tells a session what it is in, and what it missed; then lets its rooms' frames through."""
    session.link.send(wire.event("session.ready", wire.encode(_ready(session, greeting)), live.trails.ready()))
    for room, code in greeting.closed:
        session.link.send(wire.event("room.closed", wire.encode({"room": room, "code": code})))
    for entry in greeting.entries:
        if entry.state is not None:
            _tell_anew(live, session, entry.channel, entry.state)
        else:
            _replay(live, session, entry)


async def _authorise(live: Live, session: Session, places: Places) -> dict[str, str]:
    """Enters a session into all rooms that it may be in; the others, with the reasons."""
    closed: dict[str, str] = {}
    before = [channel.partition("/")[0] for channel in places]
    for room in dict.fromkeys((*joining.automatic_rooms(session.principal), *before)):
        try:
            session.enter(await joining.authorise(live.deps, session.principal, room))
        except Refusal as refusal:
            closed[room] = refusal.code
            audit(live, session, room, refusal.code)
    return closed


async def _entry(live: Live, session: Session, channel: str, truth: ChannelPosition, places: Places) -> Entry:
    room = channel.partition("/")[0]
    if not any(known.startswith(f"{room}/") for known in places):
        return Entry(channel, truth)
    since = places.get(channel)
    if since is None or since.epoch != truth.epoch:
        return await _anew(live, session, channel)
    upto = max(truth.seq, live.fanout.passed(channel))
    frames = await missed(live.broker, live.deps.db, channel, since, upto, live.replay_limit)
    if frames is None:
        return await _anew(live, session, channel)
    return Entry(channel, ChannelPosition(truth.gen, truth.epoch, since.seq), frames)


async def _anew(live: Live, session: Session, channel: str) -> Entry:
    """The room as it is now. Raises Refusal if it is not theirs any more."""
    room = channel.partition("/")[0]
    state = await joining.room_state(live.deps, session.principal, room)
    if state.channel != channel:
        raise Refusal(wire.FORBIDDEN_ROOM, "You may not join that room.")
    return Entry(channel, state.position, state=state)


async def _present(live: Live, session: Session, channel: str, watches: bool) -> Sequence[dict[str, Any]] | None:
    room = channel.partition("/")[0]
    if room_kind(room) == "quotation":
        audit(live, session, room, "ok")
    elif not (watches and room == joining.company_room(session.principal)):
        return None
    return await present_in(live, session, room, channel)


def _ready(session: Session, greeting: Greeting) -> Mapping[str, Any]:
    who = session.principal
    return {
        "user": {"id": who.user_id, "name": who.name, "role": who.role},
        "rooms": list(_rooms(greeting.entries)),
        "expires_at": time_text(session.expires_at),
        "recovered": session.resumed,
    }


def _rooms(entries: Iterable[Entry]) -> Iterable[dict[str, Any]]:
    for entry in entries:
        told = wire.positioned(entry.room, entry.place.epoch, entry.place.seq)
        yield told if entry.present is None else {**told, "presence": entry.present}


def _tell_anew(live: Live, session: Session, channel: str, state: RoomState) -> None:
    place = state.position
    positioned = wire.positioned(channel.partition("/")[0], place.epoch, place.seq)
    told = wire.encode({**positioned, "snapshot": state.snapshot})
    session.link.send(wire.event(RESET, told, live.trails.told(channel, place.epoch, place.seq)))
    live.fanout.release(session, channel, place, again=True)


def _replay(live: Live, session: Session, entry: Entry) -> None:
    place = entry.place
    for frame in entry.frames:
        offset = live.trails.told(entry.channel, frame.epoch, frame.seq)
        session.link.send(wire.event(frame.name, frame.body, offset))
    reached = ChannelPosition(place.gen, place.epoch, place.seq + len(entry.frames))
    live.fanout.release(session, entry.channel, reached, since=place.seq, first=not session.resumed)
