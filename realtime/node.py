"""One live node: its parts put together, and what the Socket.IO server asks of them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any, Final, Self, TypeVar

import structlog

from backend.adapters.logs import report
from backend.config import Settings
from backend.domain.principals import Principal
from backend.domain.refusals import Refusal
from backend.services import inbox, joining
from backend.services.auth import Auth
from backend.services.commands import COMMANDS, execute
from backend.services.deps import Deps
from backend.services.limits import Limiter, SharedLimiter, ahead_of
from backend.services.standing import standings
from privacy.presence import Scope, scope_of
from realtime import metrics, reentry, wire
from realtime.authority import REVOKED, Authority
from realtime.crowding import Crowd
from realtime.dispatch import Dispatcher, internal
from realtime.engine.sessions import Session as Link
from realtime.fanout import Fanout
from realtime.front import Answer, LiveServer
from realtime.gathered import Gathered
from realtime.handlers import inbox as inboxes
from realtime.handlers import presence, rooms, sessions
from realtime.live import Live
from realtime.presence import Presence
from realtime.recovery.keeping import BEAT
from realtime.recovery.marks import Marks
from realtime.recovery.trails import Trails
from realtime.reentry import Greeting
from realtime.returning import Coming, Returning
from realtime.sessions import Session, Sessions
from realtime.subscriptions import Subscriptions
from realtime.tasks import Tasks
from realtime.timers import Timers
from realtime.tokens import Tokens
from rooms.broker import Broker

log = structlog.get_logger(__name__)
T = TypeVar("T")
SLOW = "reader.slow"
REPLAYS_AT_ONCE: Final = 32
HANDLERS = {
    "room.join": rooms.join,
    "room.leave": rooms.leave,
    "presence.update": presence.update,
    "inbox.ack": inboxes.ack,
    "session.refresh": sessions.refresh,
}


class Node:
    """Sessions, rooms and commands of this process, for as long as it is entered.

    Make it inside the running loop and before the broker starts: it listens to it. `stopping` says that it is for no
    new clients any more.
    """

    def __init__(self, deps: Deps, broker: Broker, auth: Auth, settings: Settings) -> None:
        loop = asyncio.get_running_loop()
        timers = Timers(loop)
        self._tasks = Tasks()
        self._subscriptions = subscriptions = Subscriptions(broker)
        positions = Gathered(deps.db.position, self._tasks)
        read_state = partial(joining.room_state, deps)
        trails = Trails()
        marks = Marks(trails)
        registry = Sessions(loop, deps.now, settings.expiry_warning, self.end)
        authority = Authority(registry, Gathered(partial(standings, deps), self._tasks), self.end)
        self.server = LiveServer(self, settings)
        fanout = Fanout(
            broker,
            deps.db,
            positions,
            subscriptions,
            read_state,
            self._expel,
            authority.confirm,
            self.server.eio.outbox.broadcast,
            trails,
            marks,
            self._changed,
            replay_limit=settings.replay_limit,
        )
        people = Presence(
            broker,
            subscriptions,
            timers,
            self._scope,
            fanout.signal,
            fanout.hears,
            deps.now,
            deps.new_id,
            grace=settings.grace,
            ttl=settings.presence_ttl,
        )
        self._returning = Returning(
            broker,
            timers,
            trails,
            marks,
            registry,
            fanout,
            people,
            self.server.break_off,
            authority.stands,
            deps.now,
            grace=settings.grace,
            heartbeat=(settings.ping_interval, settings.ping_timeout),
        )
        self.live = Live(
            deps=deps,
            broker=broker,
            tokens=Tokens(deps, auth, self._tasks),
            sessions=registry,
            authority=authority,
            fanout=fanout,
            presence=people,
            trails=trails,
            marks=marks,
            keeper=self._returning.keeper,
            positions=positions,
            waiting=Gathered(partial(inbox.waiting, deps), self._tasks),
            replaying=asyncio.Semaphore(REPLAYS_AT_ONCE),
            replay_limit=settings.replay_limit,
            inbox_page=settings.inbox_page,
            inbox_most=settings.inbox_most,
            session_rooms=settings.session_rooms,
            spawn=self._tasks.spawn,
        )
        self._dispatcher = Dispatcher(
            self._execute,
            frozenset(COMMANDS),
            {name: partial(handler, self.live) for name, handler in HANDLERS.items()},
            SharedLimiter(
                "command",
                Limiter(settings.command_rate, settings.command_burst, loop.time),
                broker.spend,
                ahead=ahead_of(settings.command_burst),
            ),
        )
        self._crowd = Crowd(broker, registry, deps.new_id(), settings.user_sessions, settings.presence_ttl)
        self._settings = settings
        self._timers = timers
        self._coming: dict[str, tuple[Coming, Greeting | None]] = {}
        self.stopping = self._draining = False
        broker.on_told(self._on_told)
        broker.listen(fanout.on_frame, self._on_signal, self._on_lost)

    async def __aenter__(self) -> Self:
        """Begins to compare and to beat."""
        await self._subscriptions.want([self._returning.handover.channel])
        self._tasks.spawn(self._every(BEAT, self._returning.beat, at_once=True))
        self._tasks.spawn(self._every(self._settings.compare_interval, self.live.fanout.compare))
        self._tasks.spawn(self._every(self._settings.compare_interval, self._sweep))
        self._tasks.spawn(self._every(self._settings.presence_ttl / 3, self.live.presence.beat))
        self._tasks.spawn(self._every(self._settings.presence_ttl / 3, self._crowd.beat))
        metrics.BUFFERED.set_function(lambda: float(self.server.eio.outbox.pending))
        return self

    async def drain(self, within: float) -> None:
        """Takes no new sessions, tells those there are, and closes them one after the other over `within` seconds."""
        self.stopping = self._draining = self.server.eio.closing = True
        leaving = list(self.live.sessions)
        notice = wire.event("server.draining", wire.encode({"within": within}))
        for session in leaving:
            session.link.send(notice)
        pause = within / max(1, len(leaving))
        for session in leaving:
            if session.open:
                await asyncio.sleep(pause)
                self.server.go_away(session.sid)

    async def __aexit__(self, *_: object) -> None:
        """Stops everything of its own; who is still connected comes back elsewhere."""
        self._timers.close()
        self.live.sessions.close()
        await self._tasks.close()
        await self.live.fanout.close()
        await self.live.presence.close()
        await self._crowd.close()
        await self._returning.close()
        await self._subscriptions.close()
        await self.server.shutdown()

    def end(self, sid: str, code: str) -> None:
        """Ends a session for good; its client learns the code."""
        self.server.end(sid, code)

    async def admit(self, link: Link, auth: Any) -> Coming:
        """Who comes, and to which session. Raises Refusal."""
        return await _told(self._admit(link, auth))

    def turned_away(self, coming: Coming) -> None:
        self._returning.put_back(coming)

    async def connect(self, coming: Coming) -> None:
        """Opens a session in its rooms. Raises Refusal."""
        await _told(self._connect(coming))

    def connected(self, sid: str) -> None:
        """Tells a session what it is in and what it missed, then lets its rooms' frames through."""
        session = self.live.sessions.get(sid)
        if session is None:
            return
        _, greeting = self._coming.pop(sid)
        if greeting is not None:
            reentry.greet(self.live, session, greeting)
        self.live.sessions.watch(session)
        self._tasks.spawn(inboxes.send_page(self.live, session))

    async def command(self, sid: str, arguments: list[Any]) -> Answer:
        session = self.live.sessions.get(sid)
        if session is None:
            return Answer(wire.refused(Refusal("auth.required", "The session is over.")))
        return await self._dispatcher.answer(session, arguments)

    def disconnected(self, sid: str, goodbye: bool) -> None:
        session = self.live.sessions.remove(sid)
        coming = self._coming.pop(sid, None)
        if session is None:
            return
        self._crowd.changed(session.principal.user_id)
        if coming is not None:
            self._returning.put_back(coming[0])
            goodbye = coming[0].places is None
        elif goodbye:
            self._returning.gone(session)
        else:
            self._returning.park(session)
        self.live.fanout.leave(session, session.channels)
        for room in session.rooms:
            if goodbye:
                self.live.presence.leave(session, room)
            else:
                self.live.presence.break_off(session, room)

    def slow(self, sid: str) -> None:
        metrics.SLOW_READERS.inc()
        self.server.drop(sid, SLOW)

    async def _admit(self, link: Link, auth: Any) -> Coming:
        if self._draining:
            raise Refusal("server.draining", "This server is stopping; connect again.", retry_after=1.0)
        token = auth.get("token") if isinstance(auth, dict) else None
        if not isinstance(token, str):
            raise Refusal("auth.required", "Log in first.")
        verified = await self.live.tokens.session(token)
        return await self._returning.claim(Session("", verified.principal, link, verified.expires_at), auth)

    async def _connect(self, coming: Coming) -> None:
        session, places = coming.session, coming.places
        self.live.sessions.add(session)
        self._coming[session.sid] = coming, None
        try:
            async with nullcontext() if places is None else self.live.replaying:
                if places is None:
                    greeting = await reentry.enter(self.live, session)
                else:
                    limit = self._settings.slow_reader_bytes // 2
                    greeting = await reentry.reenter(self.live, session, places, coming.watches, limit)
                await self.live.authority.require(session)
                await self._crowd.admit(session.principal.user_id)
        except BaseException:
            self.disconnected(session.sid, goodbye=True)
            raise
        if session.open:
            self._coming[session.sid] = coming, greeting

    def _changed(self, session: Session) -> None:
        """A session is in other rooms, or elsewhere in one."""
        self.live.keeper.changed(session)

    def _on_told(self, body: bytes) -> None:
        self._returning.end(self.live.authority.on_told(body))

    def _on_signal(self, channel: str, name: str, body: bytes) -> None:
        if channel == self._returning.handover.channel:
            self._returning.handover.on_signal(name, body)
        else:
            self.live.presence.on_signal(channel, name, body)

    def _on_lost(self, channels: Collection[str]) -> None:
        self.live.fanout.on_lost(channels)
        if self._returning.handover.channel in channels:
            self._returning.write_all()

    async def _execute(self, principal: Principal, name: str, payload: Mapping[str, Any]) -> bytes:
        try:
            return await execute(self.live.deps, principal, name, payload)
        except Refusal as refusal:
            if refusal.code == REVOKED:
                self._tasks.spawn(self.live.authority.confirm(self.live.sessions.of(principal.user_id)))
            raise

    async def _sweep(self) -> None:
        await self.live.authority.sweep(self._settings.compare_interval)

    def _expel(self, session: Session, room: str, code: str) -> None:
        """A session lost its right to a room."""
        session.leave(room)
        self.live.presence.leave(session, room)
        session.link.send(wire.event("room.closed", wire.encode({"room": room, "code": code})))

    async def _scope(self, room: str) -> Scope:
        quotation = await self.live.deps.db.quotation(room.partition(":")[2])
        return scope_of(quotation) if quotation else Scope()

    async def _every(self, seconds: float, work: Callable[[], Awaitable[None]], *, at_once: bool = False) -> None:
        """Does something again and again, whatever becomes of it."""
        wait = 0.0 if at_once else seconds
        while True:
            await asyncio.sleep(wait)
            wait = seconds
            try:
                await work()
            except Exception as failure:  # a database or broker that is away comes back
                log.warning("will be done again", work=work.__name__, failure=type(failure).__name__)


async def _told(answer: Awaitable[T]) -> T:
    """The answer to somebody who wants to connect. Raises Refusal, whatever went wrong: they have to be answered."""
    try:
        return await answer
    except Refusal as refusal:
        metrics.REFUSALS.labels(refusal.code).inc()
        raise
    except Exception as failure:
        report("connect failed", failure)
        raise internal() from None
