"""Rooms and whom an emit reaches: a client, a room, several, all, and not whom it skips."""

from functools import partial
from typing import Any

import pytest
from socketio.exceptions import TimeoutError as NoAck

from tests.integration.socketio.served import Client, Served, make, served
from tests.support.wait import until


async def _heard(clients: dict[str, Client]) -> dict[str, list[Any]]:
    """What each got, up to a mark that is sent to all after it."""
    for client in clients.values():
        await until(partial(client.heard_last, "mark"), what="the mark")
    got = {name: [event for event, *_ in client.heard[:-1]] for name, client in clients.items()}
    for client in clients.values():
        client.heard.clear()
    return got


async def test_whom_an_emit_reaches() -> None:
    """Once each, however many of the rooms one is in."""
    server = make()
    async with served(server) as live, live.client() as a, live.client() as b, live.client() as c:
        clients = {"a": a, "b": b, "c": c}
        for client, rooms in ((a, "x"), (b, "xy"), (c, "y")):
            for room in rooms:
                await server.enter_room(client.sid(), room)
        everybody: dict[str, dict[str, Any]] = {
            "all": {},
            "to a": {"to": a.sid()},
            "room b": {"room": b.sid()},
            "x": {"to": "x"},
            "y": {"room": "y"},
            "both": {"to": ["x", "y"]},
            "x and c": {"to": ["x", c.sid()]},
            "nobody": {"to": "z"},
            "x, not b": {"to": "x", "skip_sid": b.sid()},
            "not a, b": {"skip_sid": [a.sid(), b.sid()]},
        }
        for event, to in everybody.items():
            await server.emit(event, **to)
        await server.send("hello", to="y")
        await server.emit("mark")
        assert await _heard(clients) == {
            "a": ["all", "to a", "x", "both", "x and c", "x, not b"],
            "b": ["all", "room b", "x", "y", "both", "x and c", "message"],
            "c": ["all", "y", "both", "x and c", "not a, b", "message"],
        }


async def test_joining_leaving_and_closing() -> None:
    server = make()
    async with served(server) as live, live.client() as a, live.client() as b:
        one, other = a.sid(), b.sid()
        assert server.rooms(one) == [one]
        for room in ("x", 7, "x"):
            await server.enter_room(one, room)
        await server.enter_room(other, "x")
        assert server.rooms(one)[0] == one
        assert set(server.rooms(one)) == {one, "x", 7}
        await server.leave_room(one, "never joined")
        await server.leave_room(one, "x")
        await server.emit("to x", to="x")
        await server.emit("to 7", to=7)
        await server.close_room("x")
        assert server.rooms(other) == [other]
        await server.emit("to x again", to="x")
        await server.emit("mark")
        assert await _heard({"a": a, "b": b}) == {"a": ["to 7"], "b": ["to x"]}
        assert set(server.manager.rooms["/"]) == {None, 7}


async def test_a_sid_is_nobody_elses_room() -> None:
    """What is sent to somebody can't be listened to, nor can they be put out of it."""
    server = make()
    async with served(server) as live, live.client() as a, live.client() as b:
        with pytest.raises(ValueError, match="sid room"):
            await server.enter_room(a.sid(), b.sid())
        with pytest.raises(ValueError, match="sid room"):
            await server.close_room(b.sid())
        with pytest.raises(ValueError, match="not connected"):
            await server.enter_room("nobody", "x")
        await server.leave_room(b.sid(), b.sid())
        await server.emit("still", to=b.sid())
        await b.hears(("still",))


async def test_namespaces_are_apart() -> None:
    """On one connection: sids, rooms and events of their own."""
    server = make()
    for namespace in ("/one", "/two"):
        server.on("join", _joiner(server, namespace), namespace=namespace)
    async with served(server) as live, live.client("/one", "/two") as client:
        sids = {namespace: client.sid(namespace) for namespace in ("/one", "/two")}
        assert len(set(sids.values())) == 2
        await client.socket.call("join", "x", namespace="/one")
        assert server.rooms(sids["/two"], namespace="/two") == [sids["/two"]]
        await server.emit("for two", to="x", namespace="/two")
        await server.emit("for one", to="x", namespace="/one")
        await server.emit("by sid", to=sids["/one"], namespace="/two")
        await client.hears(("for one",))
        await server.disconnect(sids["/one"], namespace="/one")
        await server.emit("left", namespace="/two")
        await client.hears(("left",))
        assert server.manager.get_namespaces() == ["/two"]


def _joiner(server: Any, namespace: str) -> Any:
    async def join(sid: str, room: str) -> None:
        await server.enter_room(sid, room, namespace=namespace)

    return join


async def test_callbacks_and_calls() -> None:
    server = make()
    async with served(server) as live, live.client() as a, live.client() as b:
        answers: list[Any] = []

        async def note(*arguments: Any) -> None:
            answers.append(arguments)

        await server.emit("ask", (1, "two"), to=a.sid(), callback=note)
        await server.emit("ask", to=[a.sid(), b.sid()], callback=lambda *arguments: answers.append(arguments))
        await until(lambda: len(answers) == 3, what="all answered")
        assert answers == [(1, "two"), (), ()]
        assert await server.call("ask", to=a.sid()) is None
        assert await server.call("ask", 1, to=a.sid()) == 1
        assert await server.call("ask", (1, 2), sid=b.sid()) == (1, 2)
        with pytest.raises(ValueError, match="broadcast"):
            await server.call("ask")


async def test_a_call_that_nobody_answers() -> None:
    """TimeoutError; an answer that comes too late, twice or for nothing is nothing."""
    server = make()
    async with served(server) as live, live.raw("0") as raw:
        sid = await raw.connected()
        with pytest.raises(NoAck):
            await server.call("ask", to=sid, timeout=0.05)
        with pytest.raises(NoAck):
            await server.call("ask", to="nobody", timeout=0.05)
        assert await raw.next() == '21["ask"]'
        await raw.send("31[1]", "31[2]", "3999[3]", '30["x"]')
        await raw.nothing()


async def test_a_callback_that_raises_harms_nobody(live_pair: tuple[Served, Client]) -> None:
    live, client = live_pair

    def broken(*_: Any) -> None:
        raise RuntimeError("planted")

    await live.server.emit("ask", to=client.sid(), callback=broken)
    assert await live.server.call("ask", 1, to=client.sid()) == 1


@pytest.fixture
async def live_pair() -> Any:
    async with served(make()) as live, live.client() as client:
        yield live, client
