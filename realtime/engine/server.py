"""The engine: all sessions of a node, with the interface that python-socketio expects (python-engineio's server).

Handlers are called in the turn of the loop in which the bytes came; what a coroutine function does is a task's.
"""

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from inspect import signature
from typing import Any, Final, NamedTuple

from realtime.engine import packets, polling
from realtime.engine.elsewhere import NAME_BYTES, SECRET_BYTES, Elsewhere, Receive, Scope, Send, engine_of
from realtime.engine.environ import Environ
from realtime.engine.frames import GOING_AWAY
from realtime.engine.handshake import Origins, Request, forbidden, full, may_come_from, stopping
from realtime.engine.heartbeat import Wheel
from realtime.engine.outbox import Outbox
from realtime.engine.packets import REASON, payload_of
from realtime.engine.parting import Parting
from realtime.engine.sessions import Session
from realtime.engine.websocket import LINGER, WebSocket

TRANSPORTS: Final = ("polling", "websocket")
SESSION_BYTES: Final = 262_144
NODE_BYTES: Final = 67_108_864
PARTING_SECONDS: Final = 1.0
"""Time that disconnect handlers have at the shutdown."""

Handler = Callable[..., Any]


class Engine:
    """Sessions over long-polling and WebSocket.

    `name` is its own among all nodes; `elsewhere`, if given, carries requests for sessions of other nodes to them.
    `on_slow` is told of a session that has no room for a frame, `on_relief` of one for which nothing waits any more.

    Args:
        ping_interval: seconds between an answered ping and the next.
        ping_timeout: seconds in which a ping has to be answered.
        max_http_buffer_size: bytes of one message, or of one request's body, from a client.
        allow_upgrades: whether a session may change from long-polling to a WebSocket.
        transports: the transports served; both if None.
        cors_allowed_origins: see `Origins`.
        cors_credentials: whether browsers on those origins may send cookies.
        session_bytes: bytes that may wait for one slow reader.
        node_bytes: bytes that may wait for all slow readers together.
        max_sessions: sessions there may be; more are refused with 503. None is no limit.
        admit: raises Refused for a request that may not open a session.
    """

    async_mode = "asgi"
    reason = REASON

    def __init__(
        self,
        *,
        ping_interval: float = 25.0,
        ping_timeout: float = 20.0,
        max_http_buffer_size: int = 1_000_000,
        allow_upgrades: bool = True,
        transports: list[str] | tuple[str, ...] | None = None,
        cors_allowed_origins: Origins = None,
        cors_credentials: bool = True,
        session_bytes: int = SESSION_BYTES,
        node_bytes: int = NODE_BYTES,
        max_sessions: int | None = None,
        admit: Callable[[Request], None] | None = None,
        async_handlers: bool = False,
    ) -> None:
        if async_handlers:
            raise ValueError("messages of one session are handled in order")
        self.ping_interval = ping_interval
        self.ping_timeout = ping_timeout
        self.max_payload = max_http_buffer_size
        self.transports = tuple(transports or TRANSPORTS)
        if not set(self.transports) <= set(TRANSPORTS):
            raise ValueError("unknown transport")
        self.may_upgrade = allow_upgrades and len(self.transports) > 1
        self.max_sessions = max_sessions
        self.closing = False
        self._admit = admit
        self.origins = cors_allowed_origins
        self._asks_environ = callable(cors_allowed_origins) and len(signature(cors_allowed_origins).parameters) > 1
        self.credentials = cors_credentials
        self.name = secrets.token_urlsafe(NAME_BYTES)
        self.elsewhere: Elsewhere | None = None
        self.outbox = Outbox(session_bytes, node_bytes)
        self.parting = Parting()
        self.sockets: dict[str, Session] = {}
        self.on_slow: Callable[[Session], None] = _end_slow
        self.on_relief: Callable[[Session], None] = _ignore
        self._handlers: dict[str, Handler] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._endings: set[asyncio.Task[Any]] = set()
        self._user_sessions: dict[str, dict[str, Any]] = {}
        self._started: _Running | None = None

    def now(self) -> float:
        """The loop's time."""
        return self._running.loop.time()

    @property
    def wheel(self) -> Wheel[Session]:
        """When each session's ping, or the answer to it, is due."""
        return self._running.beats

    @property
    def lingering(self) -> Wheel[WebSocket]:
        """When each connection that should have gone is cut."""
        return self._running.lingering

    def on(self, event: str, handler: Handler | None = None) -> Any:
        """Registers the handler of `connect`, `message` or `disconnect`; without one, a decorator."""
        if event not in ("connect", "message", "disconnect"):
            raise ValueError("invalid event")
        if handler is None:
            return lambda function: self.on(event, function) or function
        self._handlers[event] = handler
        return None

    async def handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves an HTTP request (ASGI). WebSockets come in by `websockets_of`, not here."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            await polling.serve(self, scope, receive, send, self.elsewhere)

    def admit_websocket(self, request: Request) -> Session | None:
        """The session that a WebSocket is to take over, None if it asks for a new one. Raises Refused."""
        if not self.may_come(request):
            raise forbidden("Not an accepted origin")
        session = polling.session_of(self, request.parameters(), "websocket")
        if session is None:
            self.admit(request)
        elif not self.may_upgrade:
            raise forbidden("Upgrades are not allowed")
        return session

    def admit(self, request: Request) -> None:
        """Raises Refused if the request may not open a session: there is no room, or `closing` is set."""
        if self.closing:
            raise stopping()
        self.require_room()
        if self._admit is not None:
            self._admit(request)

    def require_room(self) -> None:
        """Raises Refused if there can be no more sessions."""
        taken = len(self.sockets) + (self.elsewhere.files if self.elsewhere is not None else 0)
        if self.max_sessions is not None and taken >= self.max_sessions:
            raise full()

    def is_foreign(self, sid: str) -> bool:
        """Whether a session may be another node's."""
        return self.elsewhere is not None and engine_of(sid) not in (None, self.name)

    def release(self, sid: str) -> None:
        """Has a session's poll answered: the node that carries it stops, and its client polls by another."""
        session = self.sockets.get(sid)
        if session is not None:
            session.answer_poll()

    def may_come(self, request: Request) -> bool:
        """Whether the request's origin is served."""
        origins = self.origins
        if callable(origins) and self._asks_environ:
            environ = Environ(request)
            return may_come_from(request, lambda origin: origins(origin, environ))
        return may_come_from(request, origins)

    def open(self, request: Request) -> Session:
        """A new session."""
        sid = self.generate_id()
        session = self.sockets[sid] = Session(self, sid, request)
        session.rest(self.now())
        return session

    def greeting(self, session: Session, *, upgrades: bool) -> bytes:
        """The session's first packet."""
        return packets.open_packet(session.sid, upgrades, self.ping_interval, self.ping_timeout, self.max_payload)

    def connected(self, session: Session) -> None:
        """The session was answered: whoever uses the engine hears of it."""
        if session.request is not None:
            self._call("connect", session.sid, Environ(session.request))

    def message(self, session: Session, data: str | bytes) -> None:
        """A message of the client's."""
        self._call("message", session.sid, data)

    def ended(self, session: Session, reason: str) -> None:
        """The session is over; it is forgotten once the handler is done."""
        task = self._call("disconnect", session.sid, reason)
        if task is None:
            self._forget(session.sid)
        else:
            self._endings.add(task)
            task.add_done_callback(lambda _: self._forget(session.sid))
            task.add_done_callback(self._endings.discard)

    def too_slow(self, session: Session) -> None:
        """A frame did not fit any more."""
        self.on_slow(session)

    def generate_id(self) -> str:
        return self.name + secrets.token_urlsafe(SECRET_BYTES)

    async def send(self, sid: str, data: str | bytes) -> None:
        """Queues a message; a session that is over gets nothing."""
        session = self.sockets.get(sid)
        if session is not None:
            session.send(packets.message(data))

    async def send_packet(self, sid: str, pkt: Any) -> None:
        """Queues a python-engineio packet that is a message."""
        await self.send(sid, pkt.data)

    async def get_session(self, sid: str) -> dict[str, Any]:
        """What the application keeps for a session. Raises KeyError if it is over."""
        self._get_socket(sid)
        return self._user_sessions.setdefault(sid, {})

    async def save_session(self, sid: str, session: dict[str, Any]) -> None:
        """Keeps something for a session. Raises KeyError if it is over."""
        self._get_socket(sid)
        self._user_sessions[sid] = session

    async def disconnect(self, sid: str | None = None) -> None:
        """Ends a session, or all of them."""
        sessions = list(self.sockets.values()) if sid is None else [self.sockets.get(sid)]
        for session in sessions:
            if session is not None:
                session.close(REASON.SERVER_DISCONNECT)

    def transport(self, sid: str) -> str:
        """`polling` or `websocket`. Raises KeyError if the session is over."""
        return "websocket" if self._get_socket(sid).upgraded else "polling"

    async def shutdown(self) -> None:
        """Ends all sessions so that their clients come back elsewhere, and what still runs for them."""
        for session in list(self.sockets.values()):
            session.close(REASON.SERVER_DISCONNECT, GOING_AWAY)
        if self._endings:
            await asyncio.wait(self._endings, timeout=PARTING_SECONDS)
        if self._started is not None:
            self._started.beats.close()
            self._started.lingering.close()
        while tasks := tuple(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def start_background_task(self, target: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any) -> Any:
        """Runs a coroutine function as a task that lives until it is done."""
        return self._keep(self._running.loop.create_task(target(*args, **kwargs)))

    async def sleep(self, seconds: float = 0) -> None:
        await asyncio.sleep(seconds)

    def create_event(self) -> asyncio.Event:
        return asyncio.Event()

    def _get_socket(self, sid: str) -> Session:
        return self.sockets[sid]

    def _ok(self, packets: list[bytes] | None = None, headers: Any = None, jsonp_index: Any = None) -> dict[str, Any]:
        """A poll's answer. The name and the shape are those that python-socketio's admin instrumentation wraps."""
        return {"status": "200 OK", "headers": headers or [], "response": payload_of(packets or ())}

    def _call(self, event: str, *args: Any) -> asyncio.Task[Any] | None:
        handler = self._handlers.get(event)
        work = handler(*args) if handler else None
        return self._keep(self._running.loop.create_task(work)) if work is not None else None

    def _forget(self, sid: str) -> None:
        self.sockets.pop(sid, None)
        self._user_sessions.pop(sid, None)

    def _keep(self, task: asyncio.Task[Any]) -> asyncio.Task[Any]:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @property
    def _running(self) -> "_Running":
        """The loop, which is there only once something is served, and what runs on it."""
        if self._started is None:
            loop = asyncio.get_running_loop()
            shortest = min(self.ping_interval, self.ping_timeout)
            self._started = _Running(loop, Wheel(loop, shortest, Session.beat), Wheel(loop, LINGER, WebSocket.cut))
        return self._started


class _Running(NamedTuple):
    loop: asyncio.AbstractEventLoop
    beats: Wheel[Session]
    lingering: Wheel[WebSocket]


def _ignore(_: Session) -> None:
    pass


def _end_slow(session: Session) -> None:
    session.discard()
    session.close(REASON.SERVER_DISCONNECT)
