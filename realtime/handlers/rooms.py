"""Joining and leaving rooms. No frame of a channel precedes the ack of its join [D1]."""

from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

import msgspec

from backend.domain.refusals import Refusal
from backend.services import joining
from backend.services.records import AuditRow, ChannelPosition
from realtime import wire
from realtime.dispatch import Done
from realtime.handlers.payloads import Join, Leave, Since, parse
from realtime.live import Live
from realtime.replay import missed
from realtime.sessions import Session
from rooms.names import room_kind
from rooms.positions import Frame, Position


class Entered(msgspec.Struct, frozen=True):
    """What a join found: a position with the missed frames up to it, or with a snapshot that fits it."""

    gen: int
    position: Position
    recovered: bool
    frames: tuple[Frame, ...] = ()
    snapshot: dict[str, Any] | None = None


async def join(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """`room.join`: authorise, subscribe and hold, read, ack, release."""
    asked = parse(payload, Join)
    try:
        done = await _join(live, session, asked)
    except Refusal as refusal:
        audit(live, session, asked.room, refusal.code)
        raise
    audit(live, session, asked.room, "ok")
    return done


async def leave(live: Live, session: Session, payload: Mapping[str, Any]) -> Done:
    """`room.leave`; leaving a room that one is not in is no error."""
    room = parse(payload, Leave).room
    channel = session.leave(room)
    if channel is not None:
        live.fanout.leave(session, (channel,))
        live.presence.leave(session, room)
        await live.keeper.written(session)
    return Done(b"{}")


async def _join(live: Live, session: Session, asked: Join) -> Done:
    if session.channel_of(asked.room) is None and len(session.channels) >= live.session_rooms:
        raise Refusal("room.too_many", "Leave a room before joining another.")
    channel = await joining.authorise(live.deps, session.principal, asked.room)
    session.enter(channel)
    try:
        await live.fanout.hold(session, (channel,))
        async with live.replaying if asked.since else nullcontext():
            entered = await _read(live, session, channel, asked)
            at = ChannelPosition(entered.gen, entered.position.epoch, entered.position.seq)
            live.marks.expect(session, channel, at, again=_moved_on(asked.since, entered.position))
            await live.keeper.written(session)
            await live.authority.require(session)
            present = await present_in(live, session, asked.room, channel)
    except BaseException:
        session.leave(asked.room)
        live.fanout.leave(session, (channel,))
        live.presence.leave(session, asked.room)
        raise
    if not session.open:
        live.fanout.leave(session, (channel,))
    again = _moved_on(asked.since, entered.position)
    release = partial(live.fanout.release, session, channel, at, again=again)
    return Done(_answer(asked.room, entered, present), release)


async def _read(live: Live, session: Session, channel: str, asked: Join) -> Entered:
    """What the held member missed since it was here, or all that it may see."""
    replayed = await _replay(live, channel, asked.since) if asked.since else None
    if replayed is not None:
        return replayed
    state = await joining.room_state(live.deps, session.principal, asked.room)
    if state.channel != channel:
        raise Refusal(wire.FORBIDDEN_ROOM, "You may not join that room.")
    place = state.position
    return Entered(place.gen, Position(place.epoch, place.seq), recovered=False, snapshot=state.snapshot)


def _moved_on(since: Since | None, position: Position) -> bool:
    """Whether the ack tells who has been there before anything new: should it get lost, they are elsewhere."""
    return since is not None and (since.epoch, since.seq) != (position.epoch, position.seq)


async def _replay(live: Live, channel: str, since: Since) -> Entered | None:
    """The missed frames; None if the epoch is over or they cannot all be had [D3].

    The epoch is asked for after the channel is held: whoever lost their rights before has another one, and whoever
    loses them later is told on release [P6].
    """
    truth = (await live.positions((channel,)))[channel]
    if truth.epoch != since.epoch:
        return None
    upto = max(truth.seq, live.fanout.passed(channel))
    start = Position(since.epoch, since.seq)
    frames = await missed(live.broker, live.deps.db, channel, start, upto, live.replay_limit)
    if frames is None:
        return None
    return Entered(truth.gen, frames[-1].position if frames else start, recovered=True, frames=frames)


async def present_in(live: Live, session: Session, room: str, channel: str) -> list[dict[str, Any]]:
    """Shows that a session is in a room; whom it sees there."""
    match room_kind(room):
        case "quotation":
            return await live.presence.enter(session, room, channel)
        case "company":
            return await live.presence.watch(session, room, channel)
        case _:
            return []


def _answer(room: str, entered: Entered, present: list[dict[str, Any]]) -> bytes:
    head = wire.encode(wire.positioned(room, entered.position.epoch, entered.position.seq))[:-1]
    events = b",".join(frame.body for frame in entered.frames)
    tail = wire.encode({"recovered": entered.recovered, "snapshot": entered.snapshot, "presence": present})[1:]
    return head + b',"events":[' + events + b"]," + tail


def audit(live: Live, session: Session, room: str, outcome: str) -> None:
    """Writes down that somebody entered a room, or was refused it [S1]."""
    live.deps.db.record(
        AuditRow(
            id=live.deps.new_id(),
            at=live.deps.now(),
            user_id=session.principal.user_id,
            company_id=session.principal.company_id,
            action="room.join",
            subject=room[:64],
            outcome=outcome,
        )
    )
