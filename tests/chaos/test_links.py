"""The links that the chaos suite spoils do what they say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.chaos.links import Link
from tests.support.wait import until

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def _echo() -> AsyncIterator[int]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1_000):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


@pytest.fixture
async def link() -> AsyncIterator[Link]:
    """A link to a server that says what it is told."""
    async with _echo() as port, Link(port) as link:
        yield link


async def _open(link: Link) -> Streams:
    return await asyncio.open_connection("127.0.0.1", link.port)


async def _say(streams: Streams, data: bytes) -> bytes:
    streams[1].write(data)
    return await asyncio.wait_for(streams[0].readexactly(len(data)), 5)


async def test_everything_passes(link: Link) -> None:
    """Bytes, and their end; afterwards no connection is left."""
    streams = await _open(link)
    assert await _say(streams, b"x" * 300_000) == b"x" * 300_000
    streams[1].write_eof()
    assert await streams[0].read() == b""
    streams[1].close()
    await until(lambda: link.connections == 0)
    assert link.passed == 600_000


async def test_what_was_sent_over_a_cut_link_arrives_once_it_is_mended(link: Link) -> None:
    streams = await _open(link)
    await _say(streams, b"before")
    link.cut()
    streams[1].write(b"meanwhile")
    new = await _open(link)
    new[1].write(b"of a new one")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(streams[0].read(1), 0.1)
    assert link.passed == len(b"before") * 2
    link.mend()
    assert await streams[0].readexactly(9) == b"meanwhile"
    assert await new[0].readexactly(12) == b"of a new one"


async def test_a_severed_link_resets_and_serves_anew(link: Link) -> None:
    streams = await _open(link)
    await _say(streams, b"before")
    link.sever()
    with pytest.raises(ConnectionResetError):
        await streams[0].read(1)
    assert await _say(await _open(link), b"after") == b"after"


async def test_a_link_that_refuses_resets_new_ones_until_it_is_mended(link: Link) -> None:
    link.refuse()
    streams = await _open(link)
    with pytest.raises(ConnectionResetError):
        await streams[0].read(1)
    link.mend()
    assert await _say(await _open(link), b"after") == b"after"


async def test_a_delayed_link_is_late_and_in_order(link: Link) -> None:
    link.delay(0.05)
    streams = await _open(link)
    loop = asyncio.get_running_loop()
    start = loop.time()
    assert await _say(streams, b"1") + await _say(streams, b"2") == b"12"
    assert loop.time() - start >= 0.2


async def test_a_link_may_lead_elsewhere(link: Link) -> None:
    """New connections go to the new target; with nobody there they are reset."""
    async with _echo() as port:
        link.target = port
        assert await _say(await _open(link), b"there") == b"there"
    with pytest.raises(OSError, match=r"."):
        await _say(await _open(link), b"nobody")
