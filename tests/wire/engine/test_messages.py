"""[S2.1] Engine.IO: messages by WebSocket, and packets that end the session."""

import pytest

from tests.wire.engine.echo import MAX_PAYLOAD, Echo
from tests.wire.engine.sessions import Packet, alive, opened, polling, refused, upgrade_query

PATH = "/engine.io/"


@pytest.mark.parametrize(
    "message",
    [
        "4hello",
        "4",
        "4ñandú 🌎 \u2028 \x00 \x1e",
        bytes([1, 2, 3, 4]),
        b"",
        "4" + "é" * ((MAX_PAYLOAD - 1) // 2),
        bytes(range(256)) * (MAX_PAYLOAD // 256),
    ],
    ids=["text", "empty", "unicode", "binary", "empty binary", "large", "large binary"],
)
async def test_a_message_comes_back(echo: Echo, message: Packet) -> None:
    """As it was sent: a text in a text frame after its type, bytes bare in a binary one."""
    async with opened(echo, PATH) as wire:
        await wire.send(message)
        assert await wire.receive() == message


async def test_messages_keep_their_order(echo: Echo) -> None:
    """Texts and bytes mixed, sent without waiting."""
    sent: list[Packet] = [f"4{number}" if number % 3 else bytes([number % 256]) for number in range(500)]
    async with opened(echo, PATH) as wire:
        await wire.send(*sent)
        assert [await wire.receive() for _ in sent] == sent


@pytest.mark.parametrize("packet", ["abc", "", "7", "9fine", "x4", " 4hello"], ids=repr)
async def test_a_malformed_packet_ends_the_session(echo: Echo, packet: str) -> None:
    """No packet type, or none that there is."""
    async with opened(echo, PATH) as wire:
        await wire.send(packet)
        await wire.closed()


async def test_nothing_after_a_malformed_packet_is_heard(echo: Echo) -> None:
    """What came with it in one go has no effect."""
    async with opened(echo, PATH) as wire:
        await wire.send("abc", "4hello")
        await wire.closed()


async def test_a_close_packet_ends_a_websocket(echo: Echo, path: str) -> None:
    """At once: Node.js leaves it to the ping's timeout."""
    async with opened(echo, path) as wire:
        await wire.send("1")
        await wire.closed()


async def test_a_close_packet_ends_a_polled_session(long_pings: Echo, path: str) -> None:
    """The waiting poll gets a noop, and nobody knows the session any more."""
    async with polling(long_pings, path) as poller:
        waiting = await poller.waiting()
        assert (await poller.post("1")).text == "ok"
        reply = await waiting
        assert (reply.status, reply.text) == (200, "6")
        assert (await poller.get()).status == 400
        assert (await poller.post("4hello")).status == 400
        await refused(long_pings, path, upgrade_query(poller.sid))


async def test_nothing_after_a_close_packet_is_heard(long_pings: Echo) -> None:
    """In the same payload."""
    async with polling(long_pings, PATH) as poller:
        waiting = await poller.waiting()
        await poller.post("1\x1e4hello")
        assert (await waiting).text == "6"


async def test_the_server_closes_a_session(long_pings: Echo) -> None:
    """A waiting poll gets the close packet, a WebSocket closes, and other sessions go on."""
    async with polling(long_pings, PATH) as poller, opened(long_pings, PATH) as wire, opened(long_pings, PATH) as other:
        waiting = await poller.waiting()
        await poller.post("4close-me")
        assert (await waiting).text == "1"
        assert (await poller.get()).status == 400
        await wire.send("4close-me")
        await wire.closed()
        await alive(other, PATH)
