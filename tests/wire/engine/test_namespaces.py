"""Socket.IO: into namespaces and out of them."""

import asyncio

import pytest

from tests.wire.engine.echo import CONNECT_TIMEOUT, Echo
from tests.wire.engine.namespaces import PATH, compact, join, joined, sid_of, working
from tests.wire.engine.sessions import opened, polling

AUTHS: list[dict[str, object]] = [{}, {"token": "123"}, {"token": "ñ🌎", "deep": [{"a": None}], "n": 1.5}]


@pytest.mark.parametrize("auth", AUTHS, ids=["none", "token", "deep"])
@pytest.mark.parametrize("namespace", ["/", "/custom"])
async def test_connect(echo: Echo, namespace: str, auth: dict[str, object]) -> None:
    """CONNECT is answered first, before what the connect handler emitted; the handler had the payload."""
    prefix = "" if namespace == "/" else f"{namespace},"
    async with opened(echo, PATH) as wire:
        await wire.send(f"40{prefix}{compact(auth) if auth else ''}")
        assert sid_of(await wire.receive(), namespace) != wire.handshake["sid"]
        assert await wire.receive() == f'42{prefix}["auth",{compact(auth)}]'


async def test_connect_by_polling(echo: Echo) -> None:
    """In the same order."""
    async with polling(echo, PATH) as poller:
        await poller.post('40{"token":"123"}')
        first, second = await poller.receive(2)
        sid_of(first)
        assert second == '42["auth",{"token":"123"}]'


async def test_a_namespace_without_its_comma(echo: Echo) -> None:
    """A packet that ends with the namespace needs no comma after it."""
    async with opened(echo, PATH) as wire:
        await wire.send("40/custom")
        sid_of(await wire.receive(), "/custom")


async def test_namespaces_share_a_connection(echo: Echo) -> None:
    """Each has a session id of its own."""
    async with joined(echo) as wire:
        main = await join(wire, "/custom")
        await working(wire)
    async with opened(echo, PATH) as wire:
        assert len({main, await join(wire, "/custom"), await join(wire)}) == 3


@pytest.mark.parametrize("packet", ["40/random", "40/random,", '40/random,{"token":"123"}'])
async def test_an_unknown_namespace_is_refused(echo: Echo, packet: str) -> None:
    """By a CONNECT_ERROR with a message, and the others may still be joined."""
    async with opened(echo, PATH) as wire:
        await wire.send(packet)
        assert await wire.receive() == '44/random,{"message":"Invalid namespace"}'
        await join(wire)


async def test_an_unknown_namespace_leaves_the_others(echo: Echo) -> None:
    """Asked for by somebody who is in one."""
    async with joined(echo) as wire:
        await wire.send("40/random")
        assert await wire.receive() == '44/random,{"message":"Invalid namespace"}'
        await working(wire)


async def test_who_never_connects_is_closed(echo: Echo) -> None:
    """After the connect timeout, by pings as long as they may be."""
    async with opened(echo, PATH) as wire:
        await wire.closed()


async def test_who_polls_and_never_connects_is_closed(long_pings: Echo) -> None:
    """The waiting poll gets the close packet."""
    async with polling(long_pings, PATH) as poller:
        assert (await poller.get()).text == "1"
        assert (await poller.get()).status == 400


async def test_who_connected_is_not_closed(long_pings: Echo) -> None:
    """When the connect timeout is over."""
    async with joined(long_pings) as wire:
        await asyncio.sleep(CONNECT_TIMEOUT * 1.2)
        await working(wire)


@pytest.mark.parametrize("packet", ['42["message",1]', '42/custom,["message",1]', "430[]", '420["message-with-ack"]'])
async def test_something_before_connect_is_closed(long_pings: Echo, packet: str) -> None:
    """The first packet must be a CONNECT. What follows is not heard: a CONNECT in the same go is not answered."""
    async with opened(long_pings, PATH) as wire:
        await wire.send(packet, "40")
        await wire.closed()


async def test_leaving_the_main_namespace(short_pings: Echo) -> None:
    """Is not answered: a ping is what comes next."""
    async with joined(short_pings) as wire:
        await wire.send("41")
        assert await wire.next() == "2"


async def test_leaving_and_coming_back(echo: Echo) -> None:
    """The connection stays; coming back gives another session id. Node.js may close it when both come at once."""
    async with opened(echo, PATH) as wire:
        first = await join(wire)
        await wire.send("41")
        assert await join(wire) != first
        await working(wire)


@pytest.mark.parametrize("leaving", ["41/custom", "41/custom,"])
async def test_leaving_another_namespace(echo: Echo, leaving: str) -> None:
    """The main one goes on."""
    async with joined(echo) as wire:
        await join(wire, "/custom")
        await wire.send(leaving, '42["message","message to main namespace"]')
        assert await wire.receive() == '42["message-back","message to main namespace"]'
        await join(wire, "/custom")


async def test_the_server_sends_away(echo: Echo) -> None:
    """By a DISCONNECT; the connection is the client's to keep, and it may come back."""
    async with joined(echo) as wire:
        await join(wire, "/custom")
        await wire.send('42["send-away"]')
        assert await wire.receive() == "41"
        await join(wire)
        await working(wire)
