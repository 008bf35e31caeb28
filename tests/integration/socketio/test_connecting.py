"""Connect handlers: what they get, how they refuse and fail, what they may do before the client is told."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionRefusedError as Refused

from realtime.server import SocketServer
from tests.integration.socketio.served import make, served
from tests.support.wait import until


async def test_auth_and_environ() -> None:
    """Handlers with an `auth` and without, with one given and not."""
    server = make()
    seen: list[Any] = []

    async def new(sid: str, environ: Any, auth: Any) -> None:
        seen.append(("new", auth, environ["QUERY_STRING"], environ["REMOTE_ADDR"], server.get_environ(sid, "/new")))

    async def old(sid: str, environ: Any) -> None:
        seen.append(("old", environ["HTTP_USER_AGENT"]))

    server.on("connect", new, namespace="/new")
    server.on("connect", old, namespace="/old")
    server.on("connect", lambda sid, environ: seen.append("plain"), namespace="/plain")
    async with served(server) as live, live.raw('0/new,{"a":1}', "0/new2,", "0/old,", "0/plain,") as raw:
        await raw.connected("/new")
        assert await raw.next() == '4/new2,{"message":"Invalid namespace"}'
        await raw.connected("/old")
        await raw.connected("/plain")
        kind, auth, query, address, environ = seen[0]
        assert (kind, auth, query, address) == ("new", {"a": 1}, "EIO=4&transport=websocket", "127.0.0.1")
        assert environ["PATH_INFO"] == "/socket.io/"
        assert seen[1][0] == "old"
        assert seen[2] == "plain"
        assert server.get_environ("nobody", "/new") is None


def _raising(failure: BaseException) -> Callable[..., Any]:
    async def connect(sid: str, environ: Any, auth: Any) -> None:
        raise failure

    return connect


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        (lambda *_: False, {"message": "Connection rejected by server"}),
        (_raising(Refused()), {"message": "Connection rejected by server"}),
        (_raising(Refused("not you")), {"message": "not you"}),
        (_raising(Refused("not you", 1)), {"message": "not you", "data": 1}),
        (_raising(Refused("not you", 1, {"a": 2})), {"message": "not you", "data": [1, {"a": 2}]}),
        (_raising(ConnectionRefusedError()), {"message": "Connection refused by server"}),
        (_raising(RuntimeError("planted secret")), {"message": "Internal server error"}),
        (_raising(TypeError("planted secret")), {"message": "Internal server error"}),
        (_raising(KeyError("planted secret")), {"message": "Internal server error"}),
    ],
)
@pytest.mark.parametrize("auth", [None, {"a": 1}])
async def test_refusals(handler: Callable[..., Any], told: Any, auth: Any) -> None:
    """[S2] The client is answered whatever goes wrong, without a word of it; it is nobody then, and may ask again."""
    server = make()
    gone: list[str] = []
    server.on("connect", handler, namespace="/x")
    server.on("disconnect", lambda sid, reason: gone.append(sid), namespace="/x")
    async with served(server) as live, live.client() as client:
        refused: list[Any] = []
        one = socketio.AsyncClient(reconnection=False)
        one.on("connect_error", refused.append, namespace="/x")
        with pytest.raises(socketio.exceptions.ConnectionError):
            await one.connect(live.url, auth=auth, namespaces=["/x"], transports=["websocket"])
        assert refused == [told]
        assert server.manager.get_namespaces() == ["/"]
        await server.emit("anybody?", namespace="/x")
        await one.disconnect()
        await until(lambda: len(server.eio.sockets) == 1, what="it is gone")
        await server.emit("still", to=client.sid())
        await client.hears(("still",))
    assert gone == []


async def test_what_is_emitted_in_the_handler_follows_connect() -> None:
    """To the client itself and to rooms that it joins there, in order, also from elsewhere meanwhile."""
    server = make()
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def connect(sid: str, environ: Any, auth: Any) -> None:
        await server.enter_room(sid, "room")
        await server.emit("one", to=sid)
        await server.emit("two", to="room")
        inside.set()
        await go_on.wait()
        await server.emit("four")

    server.on("connect", connect)
    async with served(server) as live, live.raw("0") as raw:
        await inside.wait()
        await server.emit("three", b"\x01", to="room")
        go_on.set()
        await raw.connected()
        assert [await raw.next() for _ in range(3)] == [
            '2["one"]',
            '2["two"]',
            '51-["three",{"_placeholder":true,"num":0}]',
        ]
        assert await raw.packet() == b"\x01"
        assert await raw.next() == '2["four"]'
        await raw.nothing()


async def test_what_is_emitted_to_somebody_refused_is_dropped() -> None:
    server = make()

    async def connect(sid: str, environ: Any, auth: Any) -> bool:
        await server.enter_room(sid, "room")
        await server.emit("secret", to=sid)
        await server.emit("secret", to="room")
        return auth is not None

    server.on("connect", connect)
    async with served(server) as live, live.raw("0") as raw:
        assert (await raw.next())[0] == "4"
        assert not server.manager.rooms
        await raw.send('0{"now":1}')
        await raw.connected()
        assert [await raw.next(), await raw.next()] == ['2["secret"]'] * 2


async def test_events_behind_a_slow_handler_wait_for_it() -> None:
    """In order, and another namespace's CONNECT too."""
    server = make(async_handlers=False)
    go_on = asyncio.Event()
    log: list[Any] = []

    async def connect(sid: str, environ: Any, auth: Any) -> None:
        await go_on.wait()
        log.append("connected")

    server.on("connect", connect)
    server.on("step", lambda sid, number: log.append(number))
    server.on("step", lambda sid, number: log.append(-number), namespace="/x")
    async with served(server) as live, live.raw("0", '2["step",1]', "0/x,", '2/x,["step",2]', '2["step",3]') as raw:
        await until(lambda: server.manager.rooms, what="the handler runs")
        assert log == []
        go_on.set()
        await raw.connected()
        await raw.connected("/x")
        await until(lambda: len(log) == 4, what="all was handled")
        assert log[0] == "connected"
        assert [one for one in log if one in (1, 3)] == [1, 3]


async def test_disconnected_in_its_connect_handler() -> None:
    """It is refused, and the server has no trace of it."""
    server = make()

    async def connect(sid: str, environ: Any, auth: Any) -> None:
        await server.disconnect(sid)

    server.on("connect", connect)
    async with served(server) as live, live.raw("0") as raw:
        assert await raw.next() == '4{"message":"Connection rejected by server"}'
        assert server.manager.get_namespaces() == []


@pytest.mark.parametrize("accepts", [True, False])
async def test_gone_before_the_handler_has_decided(accepts: bool) -> None:
    """Whom a connect handler accepted, the disconnect handler hears of, with its user session; of others not."""
    server = make()
    inside, go_on = asyncio.Event(), asyncio.Event()
    log: list[Any] = []

    async def connect(sid: str, environ: Any, auth: Any) -> bool:
        inside.set()
        await go_on.wait()
        if accepts:
            await server.save_session(sid, {"name": "Ana"})
        log.append("decided")
        return accepts

    async def disconnect(sid: str, reason: str) -> None:
        log.append((await server.get_session(sid), reason))

    server.on("connect", connect)
    server.on("disconnect", disconnect)
    async with served(server) as live:
        async with live.raw("0") as raw:
            await inside.wait()
            session = server.eio.sockets[raw.eio_sid]
            raw.socket.transport.abort()
            await until(lambda: session.closed, what="the server noticed")
        go_on.set()
        await until(lambda: not server.eio.sockets, what="it is forgotten")
        assert log == ["decided", *([({"name": "Ana"}, "transport close")] if accepts else [])]
        assert not server.manager.rooms
        _nothing_left(server)


async def test_who_joins_nothing_in_time_is_let_go() -> None:
    """[S2] And who was refused everywhere, too."""
    server = make(connect_timeout=0.2)
    server.on("connect", lambda *_: False, namespace="/x")
    async with served(server) as live, live.client() as client, live.raw() as idle, live.raw("0/x,") as refused:
        assert (await refused.next()).startswith("4/x,")
        assert await idle.closed() == 1000
        assert await refused.closed() == 1000
        await server.emit("still", to=client.sid())
        await client.hears(("still",))


def _nothing_left(server: SocketServer) -> None:
    assert not server._behind
    assert not server._joining
    assert not server._binary_packet
    assert server.manager._changing == 0
