"""Engine.IO: the server pings; who doesn't answer in time is gone, who does stays."""

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed

from tests.wire.engine.echo import Echo
from tests.wire.engine.sessions import alive, greet, opened, polling, stay

PINGS = 7
"""As many as it takes to outlast interval and timeout of `kept_pings`."""


async def test_polls_bring_pings(kept_pings: Echo, path: str) -> None:
    """One after the other, each answered by a post; together they outlast interval and timeout."""
    async with polling(kept_pings, path) as poller:
        await greet(poller, path)
        for _ in range(PINGS):
            reply = await poller.get()
            assert (reply.status, reply.text) == (200, "2")
            posted = await poller.post("3")
            assert (posted.status, posted.text) == (200, "ok")


async def test_a_poller_that_is_silent_is_gone(short_pings: Echo, path: str) -> None:
    """No later than interval and timeout after the handshake; Node.js may be some milliseconds late."""
    async with polling(short_pings, path) as poller:
        await asyncio.sleep(short_pings.interval + short_pings.timeout)
        assert (await poller.get()).status == 400


async def test_a_poller_that_only_polls_is_gone(short_pings: Echo, path: str) -> None:
    """It takes the ping, does not answer, and waits: its poll ends, and then there is no session."""
    async with polling(short_pings, path) as poller:
        assert (await poller.get()).text == "2"
        assert (await poller.get()).text != "2"
        assert (await poller.get()).status == 400


async def test_a_websocket_brings_pings(kept_pings: Echo, path: str) -> None:
    """Answered, they keep it open."""
    async with opened(kept_pings, path) as wire:
        await stay(wire, path)
        for _ in range(PINGS):
            assert await wire.next() == "2"
            await wire.send("3")
        await alive(wire, path)


async def test_a_websocket_that_is_silent_is_closed(short_pings: Echo, path: str) -> None:
    """After one ping."""
    async with opened(short_pings, path) as wire:
        assert await wire.next() == "2"
        with pytest.raises(ConnectionClosed):
            await wire.next()


async def test_a_pong_that_nobody_asked_for_is_ignored(long_pings: Echo) -> None:
    """By both transports."""
    async with opened(long_pings, "/engine.io/") as wire, polling(long_pings, "/engine.io/") as poller:
        await wire.send("3", "3")
        await alive(wire, "/engine.io/")
        await poller.post("3\x1e4hello")
        assert await poller.receive() == ["4hello"]
