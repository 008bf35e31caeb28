"""What is emitted on one node and heard on another: by whom, in which order, of what size."""

import asyncio
from functools import partial
from typing import Any

import pytest

from realtime.across import messages
from tests.integration.socketio.nodes import BYTES, World, marked, world
from tests.support.wait import until

__all__ = ["world"]


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
        await until(partial(client.heard_last, "once"), what="the good one")
    await one.server.emit("mark")
    assert await marked(a, b) == [["once"], ["once"]]
    await stranger.close()
