"""python-socketio's handlers on this server: functions, classes and catch-alls; their order, arguments and acks."""

import asyncio
from typing import Any

import pytest
import socketio
from socketio.exceptions import TimeoutError as NoAck

from tests.integration.socketio.served import make, served
from tests.support.wait import until


async def test_arguments_and_acks() -> None:
    """None, one, several; nothing, one and several back; plain functions too."""
    server = make()
    calls: list[tuple[Any, ...]] = []

    @server.on("nothing")  # type: ignore[untyped-decorator]
    async def nothing(sid: str, *arguments: Any) -> None:
        calls.append(arguments)

    @server.on("plain")  # type: ignore[untyped-decorator]
    def plain(sid: str, *arguments: Any) -> Any:
        return list(arguments)

    @server.event  # type: ignore[untyped-decorator]
    async def several(sid: str, *arguments: Any) -> tuple[Any, ...]:
        return arguments

    async with served(server) as live, live.client() as client:
        ask = client.socket.call
        assert await ask("nothing") is None
        assert await ask("nothing", 1) is None
        assert await ask("nothing", (1, {"a": [None]}, "c")) is None
        assert calls == [(), (1,), (1, {"a": [None]}, "c")]
        assert await ask("plain", (1, 2)) == [1, 2]
        assert await ask("several", ("a", "b")) == ("a", "b")
        assert await ask("several", ()) is None
        with pytest.raises(NoAck):
            await ask("nobody listens", timeout=0.1)


async def test_bytes_anywhere() -> None:
    """Attachments in both directions, nested, in events and in acks."""
    server = make()

    @server.event  # type: ignore[untyped-decorator]
    async def echo(sid: str, *arguments: Any) -> tuple[Any, ...]:
        await server.emit("echoed", arguments, to=sid)
        return arguments

    said = ({"a": [b"\x00\x01", {"b": b""}], "c": "d"}, b"\xff" * 1_000, "text")
    async with served(server) as live, live.client() as client:
        assert await client.socket.call("echo", said) == said
        await client.hears(("echoed", *said))
        assert await server.call("ask", said, sid=client.sid()) == said


async def test_catch_alls() -> None:
    """An event without a handler of its own goes to `*`, whose namespace may be `*` too; a handler's own wins."""
    server = make(namespaces="*")
    calls: list[tuple[Any, ...]] = []
    server.on("*", lambda event, sid, *arguments: calls.append(("/", event, *arguments)))
    server.on("known", lambda sid, *arguments: calls.append(("known", *arguments)))
    server.on(
        "*", lambda event, namespace, sid, *arguments: calls.append((namespace, event, *arguments)), namespace="*"
    )
    async with served(server) as live, live.client("/", "/other") as client:
        calls.clear()
        await client.socket.call("known", 1)
        await client.socket.call("unknown", 2)
        await client.socket.call("there", 3, namespace="/other")
    assert calls[:3] == [("known", 1), ("/", "unknown", 2), ("/other", "there", 3)]


class Shop(socketio.AsyncNamespace):  # type: ignore[misc]  # the library has no types
    """A class of handlers, with the helpers that such a class has."""

    def __init__(self, namespace: str) -> None:
        super().__init__(namespace)
        self.calls: list[tuple[Any, ...]] = []

    async def on_connect(self, sid: str, environ: Any, auth: Any) -> None:
        self.calls.append(("connect", environ["PATH_INFO"], auth))
        await self.save_session(sid, {"name": auth["name"]})
        await self.emit("welcome", auth["name"], to=sid)

    async def on_join(self, sid: str, room: str) -> list[str]:
        await self.enter_room(sid, room)
        await self.emit("joined", room, room=room)
        return sorted(self.rooms(sid))

    async def on_ask(self, sid: str, question: str) -> Any:
        return await self.call("question", question, sid=sid)

    async def on_leave(self, sid: str) -> None:
        await self.disconnect(sid)

    def on_disconnect(self, sid: str, reason: str) -> None:
        self.calls.append(("disconnect", reason))


async def test_a_class_of_handlers() -> None:
    server = make()
    shop = Shop("/shop")
    server.register_namespace(shop)
    async with served(server) as live, live.client("/shop", auth={"name": "Ana"}) as client:
        sid = client.sid("/shop")
        await client.hears(("welcome", "Ana"))
        assert await client.socket.call("join", "room", namespace="/shop") == sorted([sid, "room"])
        await client.hears(("joined", "room"))
        assert await client.socket.call("ask", "why?", namespace="/shop") == "why?"
        await client.hears(("question", "why?"))
        assert await server.get_session(sid, namespace="/shop") == {"name": "Ana"}
        await client.socket.emit("leave", namespace="/shop")
        await until(lambda: len(shop.calls) == 2, what="it left")
    assert shop.calls == [("connect", "/socket.io/", {"name": "Ana"}), ("disconnect", "server disconnect")]


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_order_of_one_clients_events(at_once: bool) -> None:
    """With `async_handlers` they overtake each other; without, each waits for the one before, and nobody else does."""
    server = make(async_handlers=at_once)
    gate = asyncio.Event()
    log: list[tuple[str, int]] = []

    async def slow(sid: str, number: int) -> int:
        log.append(("begins", number))
        if number == 0:
            await gate.wait()
        log.append(("ends", number))
        return number

    server.on("slow", slow)
    server.on("quick", lambda sid: "quick")
    async with served(server) as live, live.client() as client, live.client() as other:
        asked = [asyncio.create_task(client.socket.call("slow", number)) for number in range(3)]
        if at_once:
            await until(lambda: ("ends", 2) in log, what="the others overtake")
        else:
            await until(lambda: log, what="the first began")
            assert await other.socket.call("quick") == "quick"
            assert log == [("begins", 0)]
        gate.set()
        assert await asyncio.gather(*asked) == [0, 1, 2]
    if at_once:
        assert log[-1] == ("ends", 0)
    else:
        assert log == [(step, number) for number in range(3) for step in ("begins", "ends")]


async def test_in_order_the_end_comes_after_what_was_sent_before_it() -> None:
    """Events that a client sent before it left are handled before its disconnect handler runs."""
    server = make(async_handlers=False)
    gate = asyncio.Event()
    log: list[Any] = []

    async def step(sid: str, number: int) -> None:
        await gate.wait()
        log.append(number)

    server.on("step", step)
    server.on("disconnect", lambda sid, reason: log.append(reason))
    async with served(server) as live:
        async with live.raw("0") as raw:
            await raw.connected()
            await raw.send('2["step",1]', '2["step",2]', "1")
            await raw.socket.send("1")
            await raw.closed()
        assert log == []
        gate.set()
        await until(lambda: len(log) == 3, what="all was handled")
        assert log == [1, 2, "client disconnect"]
        await until(lambda: not server.eio.sockets, what="forgotten")


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_handler_that_raises_harms_nobody(at_once: bool, caplog: pytest.LogCaptureFixture) -> None:
    """No ack for it; the connection and the events behind it go on; it is logged."""
    server = make(async_handlers=at_once)

    async def broken(sid: str) -> None:
        raise RuntimeError("planted")

    server.on("broken", broken)
    server.on("fine", lambda sid, number: number)
    async with served(server) as live, live.raw("0") as raw:
        await raw.connected()
        await raw.send('21["broken"]', '22["fine",2]', '2["broken"]', '23["fine",3]')
        assert [await raw.next(), await raw.next()] == ["32[2]", "33[3]"]
        await raw.nothing()
    logged = [(one.name, str(one.exc_info[1])) for one in caplog.records if one.exc_info]
    assert logged == [("realtime.server", "planted")] * 2


async def test_background_tasks_and_sleep() -> None:
    server = make()
    done: list[int] = []

    async def work(number: int, more: int = 0) -> None:
        await server.sleep(0)
        done.append(number + more)

    async with served(server):
        task = server.start_background_task(work, 1, more=2)
        await task
        assert done == [3]
        hung = server.start_background_task(asyncio.Event().wait)
    assert hung.cancelled()
