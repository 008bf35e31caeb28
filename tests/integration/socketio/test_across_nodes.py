"""python-socketio's manager API over two nodes, on each broker: whoever calls, on whichever node the client is."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from realtime.across import messages
from realtime.adapter import AcrossNodes
from realtime.server import SocketServer
from rooms.broker import Broker, BrokerUnavailable
from rooms.memory import Hub, MemoryBroker
from rooms.redis import RedisBroker
from rooms.subscriber import Patience
from tests.fixtures.cluster import RedisCluster
from tests.fixtures.redis import RedisServer
from tests.integration.socketio.served import Client, Served, make, served
from tests.support.wait import until

BYTES = bytes(range(256))


@dataclass
class World:
    """Nodes over one broker, until the test ends."""

    broker: Callable[[], Broker]
    kept: AsyncExitStack
    managers: list[AcrossNodes] = field(default_factory=list)

    async def manager(self, **options: Any) -> AcrossNodes:
        return await self.kept.enter_async_context(AcrossNodes(self.broker(), **options))

    async def node(self, prepare: Callable[[SocketServer], None] = lambda _: None, **options: Any) -> Served:
        manager = await self.manager(**options)
        self.managers.append(manager)
        server = make(client_manager=manager)
        prepare(server)
        return await self.kept.enter_async_context(served(server))

    async def client(self, node: Served, *namespaces: str) -> Client:
        return await self.kept.enter_async_context(node.client(*namespaces))

    async def pair(self) -> tuple[Served, Served, Client, Client]:
        """Two nodes with a client on each."""
        one, two = await self.node(), await self.node()
        return one, two, await self.client(one), await self.client(two)


@pytest.fixture(params=["memory", "redis"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    if request.param == "memory":
        hub = Hub()
        make_broker: Callable[[], Broker] = lambda: MemoryBroker(hub)  # noqa: E731
    else:
        make_broker = _over(request.getfixturevalue("redis_server"))
    async with AsyncExitStack() as kept:
        yield World(make_broker, kept)


@pytest.fixture
async def over_redis(redis_server: RedisServer) -> AsyncIterator[World]:
    async with AsyncExitStack() as kept:
        yield World(_over(redis_server), kept)


def _over(redis: RedisServer | RedisCluster) -> Callable[[], Broker]:
    prefix, patience = uuid4().hex, Patience(timeout=2.0, silence=0.5, backoff=0.01, backoff_most=0.1)
    return lambda: RedisBroker(redis.url, prefix=prefix, patience=patience)


async def marked(*clients: Client) -> list[list[Any]]:
    """What each heard, up to a mark that was sent to all."""
    for client in clients:
        await until(lambda client=client: client.heard[-1:] == [("mark",)], what="the mark")  # type: ignore[misc]
    heard = [[event if len(rest) == 0 else (event, *rest) for event, *rest in client.heard[:-1]] for client in clients]
    for client in clients:
        client.heard.clear()
    return heard


async def test_whom_an_emit_reaches(world: World) -> None:
    """Once each, however many of the rooms one is in, and wherever it was emitted."""
    one, two, a, b = await world.pair()
    c = await world.client(two)
    for client, node, rooms in ((a, one, "x"), (b, two, "xy"), (c, two, ("y", 7))):
        for room in rooms:
            await node.server.enter_room(client.sid(), room)
    for node in (one, two):
        everybody: dict[str, dict[str, Any]] = {
            "all": {},
            "to a": {"to": a.sid()},
            "room b": {"room": b.sid()},
            "x": {"to": "x"},
            "y": {"room": "y"},
            "7": {"room": 7},
            "text 7": {"room": "7"},
            "both": {"to": ["x", "y"]},
            "x and c": {"to": ["x", c.sid()]},
            "nobody": {"to": "z"},
            "a and b": {"to": [a.sid(), b.sid()]},
            "x, not b": {"to": "x", "skip_sid": b.sid()},
            "not a, b": {"skip_sid": [a.sid(), b.sid()]},
        }
        for event, to in everybody.items():
            await node.server.emit(event, **to)
        await node.server.send("hello", to="y")
        await node.server.emit("mark")
        assert await marked(a, b, c) == [
            ["all", "to a", "x", "both", "x and c", "a and b", "x, not b"],
            ["all", "room b", "x", "y", "both", "x and c", "a and b", ("message", "hello")],
            ["all", "y", "7", "both", "x and c", "not a, b", ("message", "hello")],
        ]


async def test_what_is_emitted(world: World) -> None:
    """Arguments of every kind arrive as they do on one node."""
    one, _, a, b = await world.pair()
    sent: list[Any] = [None, 1, "ñandú 🌎", BYTES, {"deep": [BYTES, None, 1.5]}, [], [1, [2]], (1, BYTES, {}), ()]
    for data in sent:
        await one.server.emit("event", data)
    await one.server.emit("mark")
    [at_one, at_two] = await marked(a, b)
    assert at_one == at_two
    assert len(at_two) == len(sent)
    assert ("event", 1, BYTES, {}) in at_two


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


async def test_acknowledgements(world: World) -> None:
    """Of a client elsewhere, of a room with members everywhere, as `call` and with bytes."""
    one, two, a, b = await world.pair()
    answers: list[Any] = []

    async def note(*arguments: Any) -> None:
        answers.append(arguments)

    assert await one.server.call("ask", (1, BYTES), to=b.sid()) == (1, BYTES)
    assert await two.server.call("ask", to=a.sid()) is None
    for client, node in ((a, one), (b, two)):
        await node.server.enter_room(client.sid(), "x")
    await one.server.emit("ask", "room", to="x", callback=note)
    await until(lambda: len(answers) == 2, what="both answered")
    await two.server.emit("ask", "list", to=[a.sid(), b.sid()], callback=lambda *arguments: answers.append(arguments))
    await until(lambda: len(answers) == 4, what="both answered")
    assert answers == [("room",), ("room",), ("list",), ("list",)]
    with pytest.raises(ValueError, match="a client or a room"):
        await one.server.emit("ask", callback=note)
    with pytest.raises(TimeoutError if False else Exception):
        await one.server.call("ask", to=b.sid()[:-1] + "*", timeout=0.05)


async def test_a_callback_that_raises_harms_nobody(world: World) -> None:
    one, _, _, b = await world.pair()

    def broken(*_: Any) -> None:
        raise RuntimeError("planted")

    await one.server.emit("ask", to=b.sid(), callback=broken)
    assert await one.server.call("ask", 1, to=b.sid()) == 1


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


async def test_a_process_that_only_emits(world: World) -> None:
    one, two, a, b = await world.pair()
    emitter = await world.manager(write_only=True)
    await emitter.enter_room(b.sid(), None, "x")
    await emitter.emit("x", BYTES, room="x")
    await emitter.leave_room(b.sid(), None, "x")
    await emitter.emit("not x", None, room="x")
    await emitter.emit("all", (1, "two"), skip_sid=a.sid())
    await emitter.emit("a", None, to=a.sid())
    await emitter.enter_room(a.sid(), "/", "y")
    await emitter.close_room("y")
    await emitter.emit("y", None, to="y")
    await emitter.emit("mark", None)
    assert await marked(a, b) == [["a"], [("x", BYTES), ("all", 1, "two")]]
    with pytest.raises(RuntimeError, match="for servers"):
        await emitter.emit("ask", None, to=a.sid(), callback=print)
    await emitter.disconnect(a.sid())
    await until(lambda: not a.socket.connected, what="the client knows")
    assert one.server.manager.heard
    assert two.server.manager.heard


async def test_one_emitters_events_keep_their_order(world: World) -> None:
    """Awaited or not, to rooms, clients and all."""
    one, two, _, b = await world.pair()
    for room in ("x", "y"):
        await two.server.enter_room(b.sid(), room)
    targets: list[Any] = ["x", "y", None, b.sid(), ["x", "y"]]
    await asyncio.gather(*(one.server.emit("e", n, to=targets[n % len(targets)]) for n in range(500)))
    for number in range(500, 550):
        await one.server.emit("e", number, to=targets[number % len(targets)])
    await until(lambda: len(b.heard) >= 550, what="all came")
    assert b.heard == [("e", number) for number in range(550)]


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
        await until(lambda number=number: b.heard[-1:] == [("e", number)], what="heard")  # type: ignore[misc]
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


async def test_what_is_too_large_reaches_nobody(world: World) -> None:
    one, _, a, b = await world.pair()
    with pytest.raises(ValueError, match="bytes for other nodes"):
        await one.server.emit("large", "x" * 1_000_000)
    await one.server.emit("large", "x" * 900_000)
    await one.server.emit("large", "x" * 1_000_000, to=a.sid())
    with pytest.raises(TypeError, match="room's name"):
        await one.server.emit("odd", to=1.5)
    await one.server.emit("mark")
    assert [len(heard) for heard in await marked(a, b)] == [2, 1]


async def test_what_others_publish_is_refused_and_stops_nothing(world: World) -> None:
    one, _, a, b = await world.pair()
    stranger = world.broker()
    await stranger.start()
    everybody = messages.channel_of("/", None)
    for body in (
        b"",
        b"\x80\x04pickle",
        b"\x93\xa4emit\x01\x02",
        messages.encode(messages.Done(messages.Id("n", 1), 7, True)),
    ):
        await stranger.signal(everybody, messages.SIGNAL, body)
    await stranger.signal(everybody, "other", b"x")
    repeated = messages.encode(messages.Emit(messages.Id("n", 2), "/", None, [], '2["once"]', []))
    for _ in range(3):
        await stranger.signal(everybody, messages.SIGNAL, repeated)
    for client in (a, b):
        await until(lambda client=client: client.heard, what="the good one")  # type: ignore[misc]
    await one.server.emit("mark")
    assert await marked(a, b) == [["once"], ["once"]]
    await stranger.close()


async def test_an_outage_is_bridged(over_redis: World, redis_server: RedisServer) -> None:
    """What is emitted meanwhile comes afterwards, in order, once; members on the emitter's node do not wait."""
    one, two, a, b = await over_redis.pair()
    await two.server.enter_room(b.sid(), "x")
    await one.server.enter_room(a.sid(), "x")
    stranger = over_redis.broker()
    await stranger.start()
    redis_server.stop()
    emits = [asyncio.create_task(one.server.emit("e", number, to="x")) for number in range(100)]
    await until(lambda: len(a.heard) == 100, what="its own have it")
    for _ in range(2):
        with pytest.raises(BrokerUnavailable):
            await stranger.signal(messages.channel_of("/", None), "other", b"")
    assert not any(emit.done() for emit in emits)
    redis_server.start()
    await asyncio.gather(*emits)
    await stranger.close()
    await until(lambda: _hears(one, b), what="the other hears again")
    assert a.heard[:100] == [("e", number) for number in range(100)]
    numbers = [number for event, number in b.heard if event == "e"]
    assert numbers == sorted(set(numbers))


async def _hears(node: Served, client: Client) -> bool:
    await node.server.emit("again", 0, to="x")
    return ("again", 0) in client.heard


async def test_an_outage_that_lasts_is_told(over_redis: World, redis_server: RedisServer) -> None:
    """The emitter learns that others may not have it; with the broker all goes on, and each node says it was away."""
    lost: list[int] = []
    one = await over_redis.node(patience=0.2, on_lost=lambda: lost.append(1))
    two = await over_redis.node(on_lost=lambda: lost.append(2))
    a, b = await over_redis.client(one), await over_redis.client(two)
    redis_server.stop()
    with pytest.raises(BrokerUnavailable):
        await one.server.emit("e", 1)
    await a.hears(("e", 1))
    late = await over_redis.client(two)
    redis_server.start()
    await until(lambda: set(lost) == {1, 2}, what="they know")
    await one.server.emit("mark")
    assert await marked(b, late) == [[], []]


async def test_a_broker_that_comes_later(redis_server: RedisServer) -> None:
    """A server begins without it."""
    redis_server.stop()
    broker = _over(redis_server)
    one, two = AcrossNodes(broker()), AcrossNodes(broker())
    async with (
        served(make(client_manager=one)) as first,
        served(make(client_manager=two)) as second,
        first.client() as a,
        second.client() as b,
    ):
        await first.server.emit("mine", to=a.sid())
        await a.hears(("mine",))
        redis_server.start()
        await until(lambda: _all(first, b), within=20, what="they are one")
    await one.close()
    await two.close()


async def test_a_manager_that_was_closed(world: World) -> None:
    """Says so at once, and again when it is closed again."""
    emitter = await world.manager(write_only=True)
    await emitter.close()
    with pytest.raises(BrokerUnavailable, match="closed"):
        await emitter.emit("e", None)


async def _all(node: Served, client: Client) -> bool:
    try:
        await node.server.emit("all")
    except BrokerUnavailable:
        return False
    return ("all",) in client.heard


async def test_a_listener_that_is_cut_off_hears_again(over_redis: World, redis_server: RedisServer) -> None:
    """As Redis does to who reads too slowly (python-socketio#1581), whenever and however often."""
    one, two, a, b = await over_redis.pair()
    await two.server.enter_room(b.sid(), "x")
    for _ in range(5):
        with redis_server.client() as redis:
            assert redis.client_kill_filter(_type="pubsub") >= 2
        await until(lambda: _both(one, two, a, b), what="both hear again")
        a.heard.clear()
        b.heard.clear()


async def _both(one: Served, two: Served, a: Client, b: Client) -> bool:
    await two.server.emit("to one", to=a.sid())
    await one.server.emit("to two", to="x")
    return ("to one",) in a.heard and ("to two",) in b.heard


async def test_a_cluster_of_brokers(redis_cluster: RedisCluster) -> None:
    """Rooms and clients are spread over its masters: each room keeps its order, and entering is in force on return."""
    async with AsyncExitStack() as kept:
        world = World(_over(redis_cluster), kept)
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
