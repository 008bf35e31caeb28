"""Ends: who ends it and why, what the disconnect handler may still use, and what is left of it: nothing."""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from realtime.engine.sessions import Session
from realtime.manager import Client as Member
from realtime.server import SocketServer
from tests.integration.socketio.served import Raw, make, served
from tests.support.wait import until

Leave = Callable[[SocketServer, Raw, str], Awaitable[Any]]


async def _abort(server: SocketServer, raw: Raw, sid: str) -> None:
    raw.socket.transport.abort()


@pytest.mark.parametrize(
    ("leave", "reason"),
    [
        (lambda server, raw, sid: raw.send("1"), "client disconnect"),
        (lambda server, raw, sid: raw.socket.send("1"), "client disconnect"),
        (lambda server, raw, sid: raw.socket.close(), "transport close"),
        (_abort, "transport close"),
        (lambda server, raw, sid: server.disconnect(sid), "server disconnect"),
        (lambda server, raw, sid: server.eio.disconnect(raw.eio_sid), "server disconnect"),
        (lambda server, raw, sid: raw.send("9"), "transport error"),
        (lambda server, raw, sid: raw.socket.send("9"), "transport error"),
    ],
)
async def test_reasons(leave: Leave, reason: str) -> None:
    """Once each; the handler still has session, environ, rooms and transport."""
    server = make()
    ends: list[Any] = []

    async def disconnect(sid: str, reason: str) -> None:
        async with server.session(sid) as session:
            session["left"] = True
        session = await server.get_session(sid)
        environ = server.get_environ(sid)
        ends.append((reason, session, environ["PATH_INFO"], server.rooms(sid), server.transport(sid)))

    server.on("disconnect", disconnect)
    async with served(server) as live, live.raw("0") as raw:
        sid = await raw.connected()
        await server.save_session(sid, {"name": "Ana"})
        await server.enter_room(sid, "x")
        await leave(server, raw, sid)
        await until(lambda: ends, what="the handler heard")
        await until(lambda: not server.manager.rooms, what="it is forgotten")
        assert ends == [(reason, {"name": "Ana", "left": True}, "/socket.io/", [sid, "x"], "websocket")]


async def test_a_ping_that_is_not_answered() -> None:
    """[D9]"""
    server = make(ping_interval=0.2, ping_timeout=0.1)
    ends: list[Any] = []
    server.on("disconnect", lambda sid, reason: ends.append(reason))
    async with served(server) as live, live.raw("0") as raw:
        await raw.connected()
        await raw.closed()
        await until(lambda: ends, what="the handler heard")
    assert ends == ["ping timeout"]


async def test_old_handlers_take_no_reason() -> None:
    server = make()
    ends: list[str] = []

    async def disconnect(sid: str) -> None:
        ends.append(sid)

    server.on("disconnect", disconnect)
    async with served(server) as live:
        async with live.client() as client:
            sid = client.sid()
        await until(lambda: ends == [sid], what="the handler heard")


async def test_every_namespace_hears_of_it_whatever_the_others_do(caplog: pytest.LogCaptureFixture) -> None:
    """A handler that raises does not keep the next from running, nor its client in the server's tables."""
    server = make()
    ends: list[str] = []

    async def broken(sid: str, reason: str) -> None:
        ends.append("/a")
        raise RuntimeError("planted")

    server.on("disconnect", broken, namespace="/a")
    server.on("disconnect", lambda sid, reason: ends.append("/b"), namespace="/b")
    async with served(server) as live:
        async with live.client("/a", "/b"):
            pass
        await until(lambda: not server.eio.sockets, what="it is forgotten")
        assert sorted(ends) == ["/a", "/b"]
        assert server.manager.get_namespaces() == []
        async with live.raw("0/a,") as raw:
            await server.disconnect(await raw.connected("/a"), namespace="/a")
            assert await raw.next() == "1/a,"
        assert server.manager.get_namespaces() == []
    assert [str(one.exc_info[1]) for one in caplog.records if one.exc_info] == ["planted"] * 2


async def test_leaving_a_namespace_and_coming_again_at_once() -> None:
    """While the disconnect handler still runs: another sid, nothing is mixed up, other namespaces notice nothing."""
    server = make()
    go_on = asyncio.Event()
    ends: list[str] = []

    async def disconnect(sid: str, reason: str) -> None:
        await go_on.wait()
        ends.append(sid)

    server.on("disconnect", disconnect)
    server.on("whoami", lambda sid: sid)
    server.on("whoami", lambda sid: sid, namespace="/x")
    async with served(server) as live, live.raw("0", "0/x,") as raw:
        first, there = await raw.connected(), await raw.connected("/x")
        await raw.send("1", "0", '27["whoami"]', '2/x,7["whoami"]')
        second = await raw.connected()
        assert {await raw.next(), await raw.next()} == {f'37["{second}"]', f'3/x,7["{there}"]'}
        go_on.set()
        await until(lambda: ends == [first], what="the first is gone")
        assert list(server.manager.get_participants("/", None)) == [(second, raw.eio_sid)]
        await server.emit("still", to=second)
        assert await raw.next() == '2["still"]'
    await until(lambda: ends == [first, second], what="the second is gone")


async def test_a_client_that_leaves_gets_nothing_more() -> None:
    """Neither what is emitted to it from its disconnect handler nor what its events would have answered."""
    server = make()

    async def disconnect(sid: str, reason: str) -> None:
        await server.emit("too late")
        await server.emit("too late", to=sid)

    server.on("disconnect", disconnect)
    async with served(server) as live, live.client() as other, live.raw("0", "0/x,") as raw:
        sid = await raw.connected()
        await server.disconnect(sid)
        assert [await raw.next(), await raw.next()] == ['4/x,{"message":"Invalid namespace"}', "1"]
        await other.hears(("too late",))
        await raw.send("0", '2["is that all?"]')
        await raw.connected()
        assert await raw.next() == '2["that is all"]'


async def test_nobody_left_is_nothing_left() -> None:
    """Sessions, members and what was kept for them are freed without the collector's help, on both transports."""
    server = make()
    server.on("connect", lambda sid, environ: None)
    server.on("ask", lambda sid, *arguments: arguments)
    async with served(server) as live:
        gc.collect()
        gc.disable()
        try:
            for transport in ("websocket", "polling"):
                for _ in range(3):
                    async with live.client(transports=[transport]) as client:
                        await server.save_session(client.sid(), {"a": 1})
                        await server.enter_room(client.sid(), "x")
                        await client.socket.call("ask", b"\x00")
                        await server.call("ask", 1, to=client.sid())
                        assert len(_kept(server)) == 2
            await until(lambda: not server.eio.sockets, what="all are forgotten")
            await until(lambda: not server.eio._tasks, what="nothing runs")
            assert not _kept(server)
        finally:
            gc.enable()
        _empty(server)


def _kept(server: SocketServer) -> list[Any]:
    """The server's sessions and members that are still somewhere."""
    found = [one for one in gc.get_objects() if isinstance(one, Session | Member)]
    return [one for one in found if (one if isinstance(one, Session) else one.session)._engine is server.eio]


async def test_a_shutdown_lets_disconnect_handlers_run() -> None:
    """For a second; then nothing runs any more, however they hang."""
    server = make()
    ends: list[str] = []

    async def disconnect(sid: str, reason: str) -> None:
        ends.append(sid)
        await server.sleep(0)
        ends.append("done")
        await asyncio.Event().wait()

    server.on("disconnect", disconnect)
    async with served(server) as live, live.raw("0") as raw:
        sid = await raw.connected()
        await server.shutdown()
        assert ends == [sid, "done"]
        assert await raw.closed() == 1001
        assert not server.eio._tasks


async def test_who_stays_has_nobody_beside_them() -> None:
    """Whoever leaves is in no room any more, and rooms without members are none."""
    server = make()
    async with served(server) as live, live.client() as client:
        await server.enter_room(client.sid(), "shared")
        async with live.client() as other:
            for room in ("shared", "own"):
                await server.enter_room(other.sid(), room)
        await until(lambda: len(server.eio.sockets) == 1, what="it is forgotten")
        members = {room: list(found) for room, found in server.manager.rooms["/"].items()}
        assert members == {None: [client.sid()], "shared": [client.sid()]}


async def test_transports_and_sessions_of_nobody() -> None:
    server = make()
    async with served(server) as live, live.client(transports=["polling"]) as client:
        assert server.transport(client.sid()) == "polling"
        async with live.client() as other:
            assert server.transport(other.sid()) == "websocket"
            gone = other.sid()
        await until(lambda: len(server.eio.sockets) == 1, what="it is forgotten")
        with pytest.raises(KeyError):
            await server.get_session(gone)
        with pytest.raises(KeyError):
            await server.save_session(gone, {})
        assert server.rooms(gone) == []
        await server.disconnect(gone)
        await server.emit("to nobody", to=gone)


async def test_an_upgraded_client_keeps_its_session() -> None:
    server = make()
    async with served(server) as live, live.client(transports=["polling", "websocket"]) as client:
        await server.save_session(client.sid(), {"a": 1})
        await until(lambda: server.transport(client.sid()) == "websocket", what="it has changed over")
        assert await server.get_session(client.sid()) == {"a": 1}
        await server.emit("still", to=client.sid())
        await client.hears(("still",))


def _empty(server: SocketServer) -> None:
    eio, manager = server.eio, server.manager
    assert not eio.sockets
    assert not eio._user_sessions
    assert not eio._endings
    assert eio.outbox.pending == 0
    assert not eio.wheel._slots
    assert not manager._namespaces
    assert manager._changing == 0
    assert not [table for table in (server._behind, server._joining, server._binary_packet) if table]


async def _calls_to_leave(count: int) -> int:
    """Python calls while so many clients, each in rooms of its own and shared ones, leave at once."""
    server = make()
    for number in range(count):
        session = server.eio.open(None)
        sid = await server.manager.pre_connect(session.sid, "/")
        await server.manager.connect(sid, "/")
        for room in ("all", f"mine-{number}", f"tens-{number // 10}"):
            await server.enter_room(sid, room)
    calls = 0

    def count_calls(frame: Any, event: str, _: Any) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}

    sys.setprofile(count_calls)
    try:
        for session in list(server.eio.sockets.values()):
            session.lost("transport close")
        await asyncio.wait(server.eio._endings)
    finally:
        sys.setprofile(None)
    _empty(server)
    await server.shutdown()
    return calls


async def test_thousands_who_leave_at_once_cost_the_same_each() -> None:
    """Counted in calls: five thousand cost ten times as much as five hundred, not a hundred times."""
    few, many = await _calls_to_leave(500), await _calls_to_leave(5_000)
    assert many <= 10.5 * few


async def test_joining_and_leaving_cost_the_same_however_many_there_are() -> None:
    """Counted in calls: with 10 members and rooms, and with 10,000."""
    server = make()

    async def calls(rooms: int) -> int:
        sid = await server.manager.pre_connect(server.eio.open(None).sid, "/")
        for number in range(rooms):
            await server.enter_room(sid, f"room-{number}")
            other = await server.manager.pre_connect(server.eio.open(None).sid, "/")
            await server.enter_room(other, "all")
        made = 0

        def count(frame: Any, event: str, _: Any) -> None:
            nonlocal made
            made += event in {"call", "c_call"}

        sys.setprofile(count)
        await server.enter_room(sid, "all")
        await server.leave_room(sid, "all")
        await server.leave_room(sid, "room-0")
        sys.setprofile(None)
        return made

    few = await calls(10)
    assert await calls(10_000) == few
    await server.shutdown()
