"""python-socketio's manager API over two nodes, on each broker: whoever calls, on whichever node the client is."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from uuid import uuid4

import pytest

from realtime.server import SocketServer
from tests.fixtures.cluster import RedisCluster
from tests.integration.socketio.nodes import BYTES, World, marked, over, world
from tests.integration.socketio.served import Served
from tests.support.wait import until

__all__ = ["world"]


async def test_rooms_of_clients_elsewhere(world: World) -> None:
    """What is emitted after entering, leaving or closing returned is heard, or not heard, accordingly."""
    one, two, a, b = await world.pair()
    for number in range(20):
        await one.server.enter_room(b.sid(), "x")
        await one.server.emit("in", number, to="x")
        await one.server.leave_room(b.sid(), "x")
        await one.server.emit("out", number, to="x")
    assert two.server.rooms(b.sid()) == [b.sid()]
    await one.server.enter_room(a.sid(), "y")
    await one.server.enter_room(b.sid(), "y")
    await two.server.emit("y", to="y")
    await two.server.close_room("y")
    await two.server.emit("closed", to="y")
    await one.server.emit("mark")
    assert await marked(a, b) == [["y"], [*(("in", number) for number in range(20)), "y"]]
    await until(lambda: one.server.rooms(a.sid()) == [a.sid()], what="closed there too")


async def test_a_client_that_is_nowhere(world: World) -> None:
    one, _, a, b = await world.pair()
    with pytest.raises(ValueError, match="not connected"):
        await one.server.enter_room(b.sid()[:-1] + "*", "x")
    with pytest.raises(ValueError, match="not connected"):
        await one.server.enter_room(b.sid(), "x", namespace="/other")
    with pytest.raises(ValueError, match="not connected"):
        await one.server.enter_room(b.sid(), b.sid()[:-1] + "*", namespace="/other")
    await one.server.leave_room(b.sid()[:-1] + "*", "x")
    await one.server.disconnect(b.sid()[:-1] + "*")
    await one.server.emit("nobody", to=b.sid()[:-1] + "*")
    await one.server.emit("mark")
    assert await marked(a, b) == [[], []]


async def test_a_sid_is_nobody_elses_room(world: World) -> None:
    one, two, _, b = await world.pair()
    c = await world.client(two)
    with pytest.raises(ValueError, match="not connected"):
        await one.server.enter_room(b.sid(), c.sid())
    assert two.server.rooms(b.sid()) == [b.sid()]


async def test_disconnecting_a_client_elsewhere(world: World) -> None:
    """Its handler runs once, on its node."""
    gone: list[tuple[str, str]] = []

    def prepare(name: str) -> Callable[[SocketServer], None]:
        return lambda server: server.on("disconnect", lambda sid, reason: gone.append((name, reason))) and None

    one, two = await world.node(prepare("one")), await world.node(prepare("two"))
    a, b = await world.client(one), await world.client(two)
    await one.server.disconnect(b.sid())
    await until(lambda: not b.socket.connected, what="the client knows")
    await two.server.manager.disconnect(a.sid(), "/")
    await until(lambda: not a.socket.connected, what="the client knows")
    assert gone == [("two", "server disconnect"), ("one", "server disconnect")]
    assert not one.server.manager.rooms
    assert not two.server.manager.rooms


async def test_a_node_hears_only_rooms_with_members(world: World) -> None:
    one, two, _, b = await world.pair()
    heard = two.server.manager.heard
    for number in range(50):
        await one.server.emit("e", number, to="x")
        await one.server.emit("e", number, to="x", namespace="/other")
        await one.server.emit("e", number, namespace="/other")
    await one.server.emit("mark")
    assert await marked(b) == [[]]
    assert two.server.manager.heard == heard + 1
    await two.server.enter_room(b.sid(), "x")
    await one.server.emit("now", to="x")
    await until(lambda: b.heard == [("now",)], what="it came")
    await two.server.leave_room(b.sid(), "x")
    await until(lambda: _unheard(one, two), what="it is heard no more")
    await b.socket.disconnect()
    await until(lambda: not two.server.manager.rooms, what="nobody is there")
    await until(lambda: _unheard(one, two, room=None), what="what is for all neither")


async def _unheard(one: Served, two: Served, room: str | None = "x") -> bool:
    """Whether something emitted by a node does not come to another; what it asks of that one would."""
    heard = two.server.manager.heard
    await one.server.emit("e", room=room)
    with pytest.raises(ValueError, match="not connected"):
        await one.server.enter_room(f"{two.server.eio.name}{'x' * 20}", "y")
    return bool(two.server.manager.heard == heard + 1)


async def test_coming_and_going_again_and_again(world: World) -> None:
    """Whoever comes back while the room is still being left hears what is emitted from then on."""
    one, two, _, b = await world.pair()
    for number in range(50):
        await two.server.enter_room(b.sid(), "x")
        await two.server.leave_room(b.sid(), "x")
        await two.server.enter_room(b.sid(), "x")
        await one.server.emit("e", number, to="x")
        await until(partial(b.heard_last, "e", number), what="heard")
        await two.server.leave_room(b.sid(), "x")
    assert b.heard == [("e", number) for number in range(50)]


async def test_namespaces_are_apart(world: World) -> None:
    def prepare(server: SocketServer) -> None:
        for namespace in ("/one", "/two"):
            server.on("never", lambda sid: None, namespace=namespace)

    first, second = await world.node(prepare), await world.node(prepare)
    client = await world.client(second, "/one", "/two")
    await first.server.enter_room(client.sid("/one"), "x", namespace="/one")
    await first.server.emit("for two", to="x", namespace="/two")
    await first.server.emit("by sid", to=client.sid("/one"), namespace="/two")
    await first.server.emit("all of one", namespace="/one")
    await first.server.emit("for one", to="x", namespace="/one")
    await client.hears(("all of one",), ("for one",))


async def test_ids_of_the_applications_own(world: World) -> None:
    """A client whose id does not tell its node is heard of all the same."""

    def prepare(server: SocketServer) -> None:
        server.eio.generate_id = lambda: uuid4().hex

    one, two = await world.node(prepare), await world.node(prepare)
    a, b = await world.client(one), await world.client(two)
    await one.server.enter_room(b.sid(), "x")
    await one.server.emit("x", to="x")
    await one.server.emit("mine", to=b.sid())
    assert await one.server.call("ask", 1, to=b.sid()) == 1
    await one.server.emit("mark")
    assert await marked(a, b) == [[], ["x", "mine", ("ask", 1)]]


async def test_a_cluster_of_brokers(redis_cluster: RedisCluster) -> None:
    """Rooms and clients are spread over its masters: each room keeps its order, and entering is in force on return."""
    async with AsyncExitStack() as kept:
        world = World(over(redis_cluster), kept)
        one, two, a, b = await world.pair()
        emitter = await world.manager(write_only=True)
        rooms = [f"room {number}" for number in range(20)]
        for room in rooms:
            await one.server.enter_room(b.sid(), room)
        await asyncio.gather(*(one.server.emit(room, number, to=room) for number in range(20) for room in rooms))
        await until(lambda: len(b.heard) >= 400, what="all came")
        for room in rooms:
            assert [number for name, number in b.heard if name == room] == list(range(20))
        b.heard.clear()
        assert await one.server.call("ask", BYTES, to=b.sid()) == BYTES
        await b.hears(("ask", BYTES))
        await emitter.emit("all", "of us")
        await a.hears(("all", "of us"))
        await b.hears(("all", "of us"))
        await emitter.emit("both", to=None, data=1, room=[a.sid(), *rooms])
        await a.hears(("both", 1))
        await b.hears(("both", 1))
        await one.server.disconnect(b.sid())
        await until(lambda: not b.socket.connected, what="the client knows")
        assert not two.server.manager.rooms
