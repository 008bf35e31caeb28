"""`server.instrument()`: Socket.IO's admin page gets from this server what it gets from others."""

from collections.abc import Callable
from typing import Any

import pytest
import socketio

from realtime.server import SocketServer
from tests.integration.socketio.served import Client, make, served
from tests.support.wait import until

LOGIN = {"username": "admin", "password": "secret"}


def instrumented(**options: Any) -> tuple[SocketServer, Any]:
    server = make()
    server.on("connect", lambda sid, environ: None)
    server.on("echo", lambda sid, *arguments: arguments)
    return server, server.instrument(server_stats_interval=0.1, **options)


async def told(admin: Client, name: str, which: Callable[..., bool] = lambda *_: True) -> tuple[Any, ...]:
    """The arguments of the first event with this name that is the one."""

    def found() -> tuple[Any, ...] | None:
        return next((tuple(rest) for event, *rest in admin.heard if event == name and which(*rest)), None)

    await until(lambda: found() is not None, what=name)
    arguments = found()
    assert arguments is not None
    return arguments


async def test_what_the_admin_is_told() -> None:
    server, admins = instrumented(auth=False, mode="development", server_id="one")
    async with served(server) as live, live.client() as before, live.client("/admin") as admin:
        (config,) = await told(admin, "config")
        assert {"EMIT", "JOIN", "LEAVE", "DISCONNECT", "ALL_EVENTS"} <= set(config["supportedFeatures"])
        (sockets,) = await told(admin, "all_sockets")
        assert {(one["nsp"], one["id"]) for one in sockets} >= {("/", before.sid()), ("/admin", admin.sid("/admin"))}
        async with live.client() as client:
            sid = client.sid()
            one, _ = await told(admin, "socket_connected", lambda one, _: one["id"] == sid)
            assert (one["nsp"], one["transport"], one["rooms"]) == ("/", "websocket", [sid])
            await client.socket.call("echo", ("a", 1))
            assert (await told(admin, "event_received"))[:3] == ("/", sid, ["echo", "a", 1])
            await server.emit("news", {"b": 2}, to=sid)
            assert (await told(admin, "event_sent"))[:3] == ("/", sid, ["news", {"b": 2}])
            await server.enter_room(sid, "x")
            await server.leave_room(sid, "x")
            assert (await told(admin, "room_joined", lambda _, room, *__: room == "x"))[:3] == ("/", "x", sid)
            assert (await told(admin, "room_left"))[:3] == ("/", "x", sid)
            (stats,) = await told(admin, "server_stats", lambda stats: stats["clientsCount"] == 3)
            assert (stats["serverId"], stats["pollingClientsCount"]) == ("one", 0)
            assert {"name": "/", "socketsCount": 2} in stats["namespaces"]
        assert (await told(admin, "socket_disconnected"))[:2] == ("/", sid)
        await admins.shutdown()


async def test_what_the_admin_may_do() -> None:
    """Emit, join, leave and disconnect, for rooms and for all."""
    server, admins = instrumented(auth=False)
    async with served(server) as live, live.client() as client, live.client("/admin") as admin:
        ask = admin.socket.emit
        await ask("join", ("/", "x", client.sid()), namespace="/admin")
        await until(lambda: "x" in server.rooms(client.sid()), what="it was joined")
        await ask("emit", ("/", "x", "hello", 1, "two"), namespace="/admin")
        await client.hears(("hello", 1, "two"))
        await ask("leave", ("/", "x", client.sid()), namespace="/admin")
        await until(lambda: "x" not in server.rooms(client.sid()), what="it has left")
        await ask("_disconnect", ("/", False, client.sid()), namespace="/admin")
        await until(lambda: not client.socket.connected, what="it was disconnected")
        await admins.shutdown()


async def test_credentials() -> None:
    server, admins = instrumented(auth=LOGIN, mode="production")
    async with served(server) as live:
        for wrong in (None, {}, {**LOGIN, "password": "wrong"}):
            one = socketio.AsyncClient(reconnection=False)
            with pytest.raises(socketio.exceptions.ConnectionError):
                await one.connect(live.url, auth=wrong, namespaces=["/admin"], transports=["websocket"])
            await one.disconnect()
        async with live.client("/admin", auth=LOGIN) as admin:
            await told(admin, "config")
        await admins.shutdown()


async def test_production_tells_numbers_only() -> None:
    """No client, event or room by name; over polling too, whose packets are counted."""
    server, admins = instrumented(auth=False, mode="production")
    async with served(server) as live, live.client("/admin") as admin, live.client(transports=["polling"]) as client:
        await client.socket.call("echo", "secret")
        await server.enter_room(client.sid(), "x")
        await told(admin, "config")
        (stats,) = await told(admin, "server_stats", lambda stats: stats["pollingClientsCount"] == 1)
        assert stats["clientsCount"] == 2

        def counted() -> set[str]:
            reports = [rest[0] for event, *rest in admin.heard if event == "server_stats"]
            return {one["type"] for report in reports for one in report["aggregatedEvents"]}

        await until(lambda: {"rawConnection", "packetsOut", "bytesOut"} <= counted(), what="all was counted")
        assert {event for event, *_ in admin.heard} == {"config", "server_stats"}
        await admins.shutdown()
