"""Who comes back: their session, wherever it is kept, and what of it their client had received [D3] [D9].

It is looked for in this order: on this node, whose connection to the client may not have noticed its end; on the node
that has it; and, if that one is dead, in what it had written down.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from backend.services.standing import Ended, Holder, holder_of
from realtime.fanout import Fanout
from realtime.presence import Presence
from realtime.recovery.handover import Ask, Handover
from realtime.recovery.keeping import Keeper
from realtime.recovery.marks import Marks
from realtime.recovery.offsets import Offset, beginning_of, new_pid, offset_of, sid_of
from realtime.recovery.parking import Left, Parked, Parking, Places, parked_at
from realtime.recovery.records import GONE, Record, node_key, record_in, session_key, steps_in, steps_key
from realtime.recovery.trails import NEVER, UNKNOWN, Mark, Trails, received_at_least, seen_in
from realtime.sessions import Session, Sessions
from realtime.timers import Timers
from rooms.broker import Broker, BrokerUnavailable
from rooms.positions import Position

log = structlog.get_logger(__name__)
SECOND: Final = 1_000_000_000
SLACK: Final = 5.0
"""Seconds by which timers and the heartbeats' wheel may be late."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A client about to be connected. `places` tells how far a session is that it comes back to; None: a new one."""

    pid: str
    session: Session
    places: Places | None = None
    watches: bool = False
    parked: Parked | None = None

    @property
    def sid(self) -> str:
        return self.session.sid


class Returning:
    """Lets sessions go and come back. `break_off(sid)` ends a connection whose client is elsewhere already,
    `stands(holder, rights)` says whether somebody has their rights and their login still."""

    def __init__(
        self,
        broker: Broker,
        timers: Timers,
        trails: Trails,
        marks: Marks,
        sessions: Sessions,
        fanout: Fanout,
        presence: Presence,
        break_off: Callable[[str], None],
        stands: Callable[[Holder, int], Awaitable[bool]],
        now: Callable[[], datetime],
        *,
        grace: float,
        heartbeat: tuple[float, float],
    ) -> None:
        interval, patience = heartbeat
        self._window = round((interval + 2 * patience + SLACK) * SECOND)
        self._memory = self._window + round((grace + SLACK) * SECOND)
        self._broker = broker
        self._trails = trails
        self._marks = marks
        self._sessions = sessions
        self._fanout = fanout
        self._presence = presence
        self._break_off = break_off
        self._stands = stands
        self._now = now
        self._parking = Parking(timers, grace, self._over)
        self.keeper = Keeper(broker, trails, self._record, self._left, grace=grace)
        self.handover = Handover(broker, trails.node, self._give)

    async def claim(self, session: Session, auth: Mapping[str, Any]) -> Coming:
        """What a person comes to: the session that they were in, if it is there and they heard of it, or a new one."""
        pid, offset, began = auth.get("pid"), offset_of(auth.get("offset")), beginning_of(auth.get("pid"))
        if isinstance(pid, str) and offset is not None and began is not None:
            found = await self._find(pid, began, offset, session)
            if found is not None:
                return found
        fresh = new_pid(self._trails.node, self._trails.stamp())
        session.sid = sid_of(fresh)
        return Coming(fresh, session)

    def put_back(self, coming: Coming) -> None:
        """Somebody who came back is gone before they were told anything."""
        if coming.parked is not None:
            self._parking.park(coming.parked)
        elif coming.places is not None:
            self._parking.park(parked_at(coming.session, coming.places, coming.watches))

    def park(self, session: Session) -> None:
        """A connection broke. To be called while the session is a member of its channels."""
        horizon = self._trails.stamp() - self._window
        marks, fanout = session.marks or {}, self._fanout
        rooms = {
            channel: Left(fanout.sent(session, channel), marks.get(channel), self._trails.of(channel))
            for channel in session.channels
        }
        self._parking.park(Parked(session, horizon, rooms, self._presence.watches(session)))

    def gone(self, session: Session) -> None:
        """A session is over for good."""
        self.keeper.gone(session.sid)

    def end(self, ended: Ended) -> None:
        """Somebody's rights changed, or a login ended: nobody comes back to what they had by these [P6]."""
        for parked in self._parking:
            principal = parked.session.principal
            if principal.user_id == ended.user_id and ended.concerns(principal):
                self._let_go(parked)

    async def beat(self) -> None:
        """Every second: forgets what nobody can ask for any more, and tells the others how far this node is."""
        now = self._trails.stamp()
        self._marks.forget(now - self._window)
        self._trails.forget(now - self._memory)
        await self.keeper.beat()

    def write_all(self) -> None:
        """The broker was lost and is back; it may have forgotten."""
        for session in self._sessions:
            self.keeper.changed(session)

    async def close(self) -> None:
        """What is parked here may be claimed elsewhere from now on."""
        await self.keeper.end()
        await self.handover.close()
        await self.keeper.close()

    async def _find(self, pid: str, began: Offset, offset: Offset, session: Session) -> Coming | None:
        session.sid = sid = sid_of(pid)
        user = session.principal.user_id
        here = self._here(sid, user)
        if here is not None:
            before = here.session.principal
            if not await self._is_theirs(session, holder_of(before), before.rights):
                self._let_go(here)
                return None
            if not here.session.resumed and max(_stamp(offset, self._trails.node), here.horizon) < began.stamp:
                return None
            if self._parking.take(sid) is not here:
                return None
            session.resumed = True
            return Coming(pid, session, here.places(offset, self._trails.node), here.watches, here)
        if self._sessions.get(sid) is not None:
            return None
        try:
            found = await self._elsewhere(pid, began, offset, session)
        except BrokerUnavailable as away:
            log.warning("a session is not looked for elsewhere", reason=str(away))
            return None
        if found is None:
            return None
        session.resumed = True
        return Coming(pid, session, *found)

    def _here(self, sid: str, user: str) -> Parked | None:
        """The session if this node has it, without its connection."""
        there = self._sessions.get(sid)
        if there is not None and there.principal.user_id == user:
            self._break_off(sid)
        parked = self._parking.of(sid)
        return parked if parked is not None and parked.session.principal.user_id == user else None

    async def _elsewhere(self, pid: str, began: Offset, offset: Offset, session: Session) -> tuple[Places, bool] | None:
        sid, user = session.sid, session.principal.user_id
        record = _record(await self._broker.kept([session_key(sid)]), sid)
        if record is None or record.user != user or record.node == self._trails.node:
            return None
        if not record.resumed and _stamp(offset, record.node) < began.stamp:
            return None
        if not await self._is_theirs(session, (user, record.login), record.rights):
            return None
        alive = (await self._broker.kept([node_key(record.node)])).get(node_key(record.node))
        if alive is None:
            return None
        if alive != GONE:
            given = await self.handover.ask(record.node, sid=sid, user=user, pid=pid, offset=str(offset))
            if given is not None:
                return (given.rooms, given.watches) if given.rooms is not None else None
        record = _record(await self._broker.take([session_key(sid)]), sid)
        return (await self._written(record, offset), record.watches) if record is not None else None

    async def _written(self, record: Record, offset: Offset) -> Places:
        """How far a session of a dead node is, at least."""
        keys = {channel: steps_key(record.node, channel) for channel in record.rooms}
        kept = await self._broker.kept(list(keys.values()))
        found: dict[str, Position | None] = {}
        for channel, mark in record.rooms.items():
            steps = steps_in(kept[keys[channel]]) if keys[channel] in kept else None
            seen = seen_in(offset, record.node, channel, {mark.epoch, steps.epoch if steps else ""})
            found[channel] = received_at_least(mark, steps, seen)
        return found

    def _give(self, ask: Ask) -> tuple[Places, bool] | None:
        """Lets go of a session for another node."""
        parked, offset, began = self._here(ask.sid, ask.user), offset_of(ask.offset), beginning_of(ask.pid)
        if parked is None or offset is None or began is None:
            return None
        if not parked.session.resumed and max(_stamp(offset, self._trails.node), parked.horizon) < began.stamp:
            return None
        self._parking.take(ask.sid)
        for channel in parked.rooms:
            self._presence.hand_over(parked.session, channel.partition("/")[0])
        return parked.places(offset, self._trails.node), parked.watches

    async def _is_theirs(self, session: Session, holder: Holder, rights: int) -> bool:
        """Whether somebody may go on with a session that was begun with these rights and by that login [P6]."""
        who = session.principal
        return (holder, rights) == (holder_of(who), who.rights) or await self._stands(holder, rights)

    def _let_go(self, parked: Parked) -> None:
        if self._parking.take(parked.session.sid) is parked:
            self._over(parked)

    def _over(self, parked: Parked) -> None:
        """It is too late to come back: now others see that they left."""
        self.keeper.gone(parked.session.sid)
        for channel in parked.rooms:
            self._presence.leave(parked.session, channel.partition("/")[0])

    def _record(self, session: Session) -> Record:
        marks = session.marks or {}
        rooms = {channel: marks.get(channel) or self._mark(session, channel) for channel in session.channels}
        who, watches = session.principal, self._presence.watches(session)
        return Record(who.user_id, self._trails.node, session.resumed, watches, rooms, who.rights, who.login)

    def _mark(self, session: Session, channel: str) -> Mark:
        """For others: how far a session was that has gone along with a channel for so long that no mark is left."""
        sent = self._fanout.sent(session, channel)
        if sent is None:
            return Mark(UNKNOWN, 0, NEVER, again=True)
        trail, horizon = self._trails.of(channel), self._trails.stamp() - self._window
        if trail is None or trail.epoch != sent.epoch:
            return Mark(sent.epoch, sent.seq, horizon)
        seq = trail.at(horizon)
        return Mark(sent.epoch, seq, horizon) if seq is not None else Mark(sent.epoch, trail.before, trail.since, True)

    def _left(self, session: Session) -> float:
        return (session.expires_at - self._now()).total_seconds()


def _record(kept: Mapping[str, bytes], sid: str) -> Record | None:
    written = kept.get(session_key(sid))
    return record_in(written) if written is not None else None


def _stamp(offset: Offset, node: str) -> int:
    """When the offset's event was written, by that node's clock; before all, if it was another that wrote it."""
    return offset.stamp if offset.node == node else 0
