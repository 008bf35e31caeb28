"""python-socketio's and python-engineio's clients, over polling, WebSocket and the upgrade from one to the other.

They give up on a poll that brings more than 16 packets, as Node.js' server answers a burst.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import engineio
import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from tests.wire.engine.echo import PATIENCE, Echo

WAYS = [(["polling"], "polling"), (["websocket"], "websocket"), (["polling", "websocket"], "websocket")]
BYTES = bytes(range(256))
LARGE: list[Any] = ["e" * 700_000, BYTES * 2_700]


class Heard:
    """What a client hears, event by event."""

    def __init__(self) -> None:
        self._events: asyncio.Queue[tuple[Any, ...]] = asyncio.Queue()

    def take(self, *event: Any) -> None:
        self._events.put_nowait(event)

    async def next(self) -> tuple[Any, ...]:
        async with asyncio.timeout(PATIENCE):
            return await self._events.get()


@asynccontextmanager
async def _socketio(echo: Echo, transports: list[str]) -> AsyncIterator[tuple[socketio.AsyncClient, Heard]]:
    client, heard = socketio.AsyncClient(reconnection=False), Heard()
    client.on("*", heard.take)
    client.on("disconnect", lambda reason: heard.take("disconnect", reason))
    client.on("question", lambda *args: (*args, "indeed"))
    client.on("auth", lambda auth: heard.take("custom", auth), namespace="/custom")
    await client.connect(
        f"http://127.0.0.1:{echo.port}", auth={"token": "123"}, transports=transports, namespaces=["/", "/custom"]
    )
    try:
        yield client, heard
    finally:
        await client.disconnect()


@pytest.mark.parametrize(("transports", "ended"), WAYS)
async def test_socketio_client(frequent_pings: Echo, transports: list[str], ended: str) -> None:
    """Texts, attachments, large messages, acknowledgements both ways, namespaces, being sent away."""
    async with _socketio(frequent_pings, transports) as (client, heard):
        assert client.transport() == ended
        auth = {"token": "123"}
        assert sorted([await heard.next(), await heard.next()]) == [("auth", auth), ("custom", auth)]
        for number in range(100):
            await client.emit("message", number)
        assert [await heard.next() for _ in range(100)] == [("message-back", number) for number in range(100)]
        for body in ("ñandú 🌎", {"deep": [None, BYTES, {"b": b""}]}, *LARGE):
            await client.emit("message", body)
            assert await heard.next() == ("message-back", body)
        assert await client.call("message-with-ack", ("a", {"b": BYTES})) == ("a", {"b": BYTES})
        await client.emit("ask", ("really", BYTES))
        assert await heard.next() == ("answer", "really", BYTES, "indeed")
        await client.emit("send-away")
        assert await heard.next() == ("disconnect", client.reason.SERVER_DISCONNECT)


@pytest.mark.parametrize(("transports", "ended"), WAYS)
async def test_a_refused_namespace(long_pings: Echo, transports: list[str], ended: str) -> None:
    """The client's own error says which."""
    client = socketio.AsyncClient(reconnection=False)
    url = f"http://127.0.0.1:{long_pings.port}"
    with pytest.raises(Refused, match="random"):
        await client.connect(url, transports=transports, namespaces=["/random"])
    assert not client.connected
    assert ended in transports


@pytest.mark.parametrize(("transports", "ended"), WAYS)
async def test_engineio_client(frequent_pings: Echo, transports: list[str], ended: str) -> None:
    """Texts, bytes, large messages in order; pings are answered; a close by the server."""
    client, heard = engineio.AsyncClient(), Heard()
    client.on("message", heard.take)
    client.on("disconnect", lambda reason: heard.take("disconnect", reason))
    await client.connect(f"http://127.0.0.1:{frequent_pings.port}", transports=transports, engineio_path="engine.io")
    assert client.transport() == ended
    for message in ("", "ñandú 🌎", b"", BYTES, *LARGE):
        await client.send(message)
        assert await heard.next() == (message,)
    for number in range(100):
        await client.send(f"{number}")
    assert [await heard.next() for _ in range(100)] == [(f"{number}",) for number in range(100)]
    await asyncio.sleep(frequent_pings.interval * 3)
    await client.send("still there?")
    assert await heard.next() == ("still there?",)
    await client.send("close-me")
    assert (await heard.next())[0] == "disconnect"
    assert client.state == "disconnected"
    await client.http.close()
