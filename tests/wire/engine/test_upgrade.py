"""Engine.IO: from long-polling to a WebSocket without losing anything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.wire.engine.echo import Echo
from tests.wire.engine.sessions import Poller, Reply, Wire, alive, polling, refused, stay, upgrade_query, websocket


@asynccontextmanager
async def _probed(echo: Echo, path: str, poller: Poller) -> AsyncIterator[Wire]:
    """A WebSocket for the session, whose probe was answered first of all."""
    async with websocket(echo, path, upgrade_query(poller.sid)) as wire:
        await wire.send("2probe")
        assert await wire.next() == "3probe"
        yield wire


@asynccontextmanager
async def _upgraded(echo: Echo, path: str) -> AsyncIterator[tuple[Poller, Wire]]:
    async with polling(echo, path) as poller, _probed(echo, path, poller) as wire:
        await wire.send("5")
        yield poller, wire


async def _noop(poller: Poller, waiting: "asyncio.Task[Reply] | None" = None) -> None:
    """Polls until the noop that ends polling, which a ping may precede."""
    reply = await (waiting or poller.get())
    while reply.text == "2":
        await poller.post("3")
        reply = await poller.get()
    assert (reply.status, reply.text) == (200, "6")


async def test_a_session_moves_to_a_websocket(echo: Echo, path: str) -> None:
    """Probe, noop to the poll that comes during it, upgrade, and then all is said by WebSocket."""
    async with polling(echo, path) as poller, _probed(echo, path, poller) as wire:
        await _noop(poller)
        await wire.send("5")
        await alive(wire, path)


async def test_a_waiting_poll_gets_a_noop(echo: Echo, path: str) -> None:
    """The one that was there before the probe."""
    async with polling(echo, path) as poller:
        waiting = await poller.waiting()
        async with _probed(echo, path, poller) as wire:
            await _noop(poller, waiting)
            await wire.send("5")
            await alive(wire, path)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_request_for_an_upgraded_session(echo: Echo, path: str, method: str) -> None:
    """400, and the WebSocket goes on. It may come before the upgrade packet was read, so that one is waited for."""
    async with _upgraded(echo, path) as (poller, wire):
        await alive(wire, path)
        body = "4hello" if method == "POST" else None
        assert (await poller.http.request(method, poller.query, body)).status == 400
        await alive(wire, path)


async def test_no_second_websocket_for_an_upgraded_session(echo: Echo, path: str) -> None:
    """It is closed, the first goes on."""
    async with _upgraded(echo, path) as (poller, wire):
        await refused(echo, path, upgrade_query(poller.sid))
        await alive(wire, path)


async def test_no_second_websocket_during_the_probe(echo: Echo, path: str) -> None:
    """The same while the first hasn't sent its upgrade packet."""
    async with polling(echo, path) as poller, _probed(echo, path, poller) as wire:
        await refused(echo, path, upgrade_query(poller.sid))
        await wire.send("5")
        await alive(wire, path)


async def test_what_waited_arrives_after_the_upgrade(long_pings: Echo) -> None:
    """In its order, and before what comes later; nothing of it before the upgrade packet."""
    async with polling(long_pings, "/engine.io/") as poller:
        await poller.post("4one\x1ebAQID\x1e4two")
        async with _probed(long_pings, "/engine.io/", poller) as wire:
            await wire.send("5", "4three")
            assert [await wire.receive() for _ in range(4)] == ["4one", b"\x01\x02\x03", "4two", "4three"]


async def test_pings_follow_to_the_websocket(kept_pings: Echo, path: str) -> None:
    """A session that was upgraded is pinged there, and lives by its answers."""
    async with _upgraded(kept_pings, path) as (_, wire):
        await stay(wire, path)
        for _ in range(7):
            assert await wire.next() == "2"
            await wire.send("3")
        await alive(wire, path)


async def test_a_probe_that_breaks_off_leaves_polling(echo: Echo) -> None:
    """The client goes on as if it had never tried, and may try again."""
    async with polling(echo, "/engine.io/") as poller:
        for _ in range(2):
            async with _probed(echo, "/engine.io/", poller):
                pass
            await poller.post("4hello")
            assert [packet for packet in await poller.receive() if packet != "6"] == ["4hello"]
        async with _probed(echo, "/engine.io/", poller) as wire:
            await wire.send("5")
            await alive(wire, "/engine.io/")


@pytest.mark.parametrize("packet", ["4early", "2", "2nope", "abc", "3probe"])
async def test_a_websocket_that_does_not_probe_is_closed(echo: Echo, packet: str) -> None:
    """The document has no other beginning; the session goes on by polling, as with Node.js."""
    async with polling(echo, "/engine.io/") as poller:
        async with websocket(echo, "/engine.io/", upgrade_query(poller.sid)) as wire:
            await wire.send(packet)
            await wire.closed()
        await poller.post("4hello")
        assert await poller.receive() == ["4hello"]
