"""The HTTP long-polling transport, as an ASGI application on the same sessions."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

from realtime.engine import packets
from realtime.engine.elsewhere import Elsewhere, Foreign, Receive, Scope, Send
from realtime.engine.handshake import (
    TOO_LARGE,
    Refused,
    Request,
    bad_method,
    bad_request,
    forbidden,
    too_large,
    unknown_session,
    unknown_transport,
    unsupported_revision,
)
from realtime.engine.packets import REASON, payload_of
from realtime.engine.sessions import Session

if TYPE_CHECKING:
    from realtime.engine.server import Engine

Headers = list[tuple[bytes, bytes]]

_TEXT: Final = (b"content-type", b"text/plain; charset=UTF-8")
_JSON: Final = (b"content-type", b"application/json")
_OK: Final = b"ok"


class Poll:
    """A request that waits for something to be sent. It is the session's until its answer is out."""

    __slots__ = ("_answer",)

    def __init__(self) -> None:
        self._answer: asyncio.Future[list[bytes]] = asyncio.get_running_loop().create_future()

    @property
    def answered(self) -> bool:
        """Whether nothing more can be given to it."""
        return self._answer.done()

    def answer(self, frames: list[bytes]) -> None:
        """Ends the wait, which must not be over."""
        self._answer.set_result(frames)

    async def wait(self, receive: Receive) -> list[bytes]:
        """The frames to answer with.

        Raises:
            ConnectionError: the client went away instead of waiting.
        """
        watch = asyncio.create_task(self._watch(receive))
        try:
            return await self._answer
        except asyncio.CancelledError:
            if self._answer.cancelled() and watch.done():
                raise ConnectionAbortedError from None
            raise
        finally:
            watch.cancel()

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._answer.cancel()


class _Body:
    """A request's `receive`, and whether all of its body has come."""

    __slots__ = ("_receive", "_whole")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._whole = False

    async def __call__(self) -> Any:
        message = await self._receive()
        self._whole = self._whole or message["type"] != "http.request" or not message.get("more_body")
        return message

    async def finish(self, most: int) -> None:
        """Lets the rest come, within a bound: who ends a connection before that takes its last answer with it."""
        while not self._whole and most > 0:
            most -= len((await self()).get("body", b""))


async def serve(
    engine: "Engine", scope: Scope, receive: Receive, send: Send, elsewhere: Elsewhere | None = None
) -> None:
    """Answers one HTTP request, or has it answered elsewhere if its session is there."""
    request = _request(scope)
    cors = _cors(engine, request)
    body_of = _Body(receive)
    try:
        if not engine.may_come(request):
            cors = []
            raise forbidden("Not an accepted origin")
        if request.method == "OPTIONS":
            await respond(send, 204, b"", cors)
            return
        try:
            status, body = await _answer(engine, request, body_of)
        except Foreign as foreign:
            if elsewhere is None:
                raise
            await elsewhere.forward(foreign.sid, request, body_of, send)
        else:
            await respond(send, status, body, [*cors, _TEXT])
    except Refused as refused:
        if request.method == "POST" and refused.status != TOO_LARGE:
            await body_of.finish(engine.max_payload)
        await respond(send, refused.status, refused.body, [*cors, _JSON, *refused.headers])
    except ConnectionAbortedError:
        return


def session_of(engine: "Engine", parameters: dict[str, str], transport: str) -> Session | None:
    """The session that a request on a transport is for, None if it asks for a new one.

    Raises:
        Refused: what the protocol does not know, and sessions that are over.
    """
    if parameters.get("transport") != transport or transport not in engine.transports:
        raise unknown_transport()
    if parameters.get("EIO") != packets.REVISION:
        raise unsupported_revision()
    sid = parameters.get("sid")
    if sid is None:
        return None
    session = engine.sockets.get(sid)
    if session is None or session.closed:
        raise Foreign(sid) if engine.is_foreign(sid) else unknown_session()
    if session.overdue(engine.now()):
        session.close(REASON.PING_TIMEOUT)
        raise unknown_session()
    return session


async def _answer(engine: "Engine", request: Request, receive: Receive) -> tuple[int, bytes]:
    parameters = request.parameters()
    if request.method == "GET" and (parting := engine.parting.take(parameters.get("sid"))):
        return 200, payload_of(parting)
    session = session_of(engine, parameters, "polling")
    if session is None:
        if request.method != "GET":
            raise bad_method()
        engine.admit(request)
        session = engine.open(request)
        greeting = engine.greeting(session, upgrades=engine.may_upgrade)
        engine.connected(session)
        return 200, greeting
    if session.upgraded:
        raise bad_request()
    if request.method == "GET":
        return 200, await _poll(engine, session, receive)
    if request.method == "POST":
        return 200, await _post(engine, session, request, receive)
    raise bad_method()


async def _poll(engine: "Engine", session: Session, receive: Receive) -> bytes:
    if session.poll is not None:
        session.close(REASON.TRANSPORT_ERROR)
        raise bad_request()
    poll = session.poll = Poll()
    try:
        session.flush()
        if session.waiting or session.probe is not None:
            session.answer_poll()
        frames = await poll.wait(receive)
    except ConnectionAbortedError:
        session.lost(REASON.TRANSPORT_CLOSE)
        raise
    finally:
        session.poll = None
    response: bytes = engine._ok(packets=frames)["response"]
    return response


async def _post(engine: "Engine", session: Session, request: Request, receive: Receive) -> bytes:
    if session.posting:
        session.close(REASON.TRANSPORT_ERROR)
        raise bad_request()
    session.posting = True
    try:
        _receive(session, await _posted(engine, session, request, receive))
        if session.resumed is not None:
            await session.resumed.wait()
    finally:
        session.posting = False
    return _OK


async def _posted(engine: "Engine", session: Session, request: Request, receive: Receive) -> list[str | bytes]:
    try:
        return packets.packets_in(await _body(request, receive, engine.max_payload))
    except packets.BadPayload:
        session.close(REASON.TRANSPORT_ERROR)
        raise bad_request() from None
    except Refused:
        session.close(REASON.TRANSPORT_ERROR)
        raise
    except ConnectionAbortedError:
        session.lost(REASON.TRANSPORT_CLOSE)
        raise


def _receive(session: Session, received: list[str | bytes]) -> None:
    for packet in received:
        if session.upgraded:
            raise bad_request()
        session.receive(packet)
        if session.closed:
            if packet != packets.CLOSE:
                raise bad_request()
            break


async def _body(request: Request, receive: Receive, limit: int) -> bytes:
    declared = request.headers.get(b"content-length", b"0")
    if declared.isdigit() and int(declared[:20]) > limit:
        raise too_large()
    body = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ConnectionAbortedError
        body += event.get("body", b"")
        if len(body) > limit:
            raise too_large()
        if not event.get("more_body"):
            return bytes(body)


def _request(scope: Scope) -> Request:
    client = scope.get("client")
    return Request(
        scope["method"],
        scope["path"],
        scope.get("query_string", b""),
        dict(scope["headers"]),
        scope.get("scheme", "http"),
        lambda: (client[0], client[1]) if client else None,
    )


def _cors(engine: "Engine", request: Request) -> Headers:
    """What a browser on another origin has to be told (Fetch standard, CORS protocol)."""
    origin = request.headers.get(b"origin")
    headers: Headers = [(b"cache-control", b"no-store")]
    if origin is None or engine.origins in ([], ()):
        return headers
    headers += [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
    if engine.credentials:
        headers.append((b"access-control-allow-credentials", b"true"))
    if request.method == "OPTIONS":
        asked = request.headers.get(b"access-control-request-headers", b"")
        headers.append((b"access-control-allow-methods", b"OPTIONS, GET, POST"))
        if asked:
            headers.append((b"access-control-allow-headers", asked))
    return headers


async def respond(send: Send, status: int, body: bytes, headers: Headers) -> None:
    """Sends a whole answer."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})
