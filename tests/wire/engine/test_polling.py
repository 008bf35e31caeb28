"""[S2.1] [S2.3] Engine.IO: messages by long-polling, and what ends a session that is polled."""

import asyncio

import pytest

from tests.wire.engine.echo import MAX_PAYLOAD, Echo
from tests.wire.engine.sessions import SEPARATOR, Packet, Poller, polling

PATH = "/engine.io/"
# In turn: no packet type, no packet at all, none after a separator, unknown types, a bad one after a good one,
# bytes that are no UTF-8.
MALFORMED: list[Packet] = ["abc", "", "4fine\x1e", "7", "9fine", "4fine\x1eabc", b"4\xff\xfe", b"4\xed\xa0\x80"]


async def _over(poller: Poller) -> None:
    """Asserts that the session is no more."""
    assert (await poller.get()).status == 400
    assert (await poller.post("4hello")).status == 400


@pytest.mark.parametrize(
    "packets",
    [
        ["4hello"],
        ["4test1", "4test2", "4test3"],
        ["4hello", "bAQIDBA=="],
        ["bAA==", "b//79", "4"],
        ["4ñandú 🌎 \u2028 \x00", '4"\\'],
        ["4" + "x" * 200_000, "b" + "AQID" * 50_000],
        [f"4{number}" for number in range(1000)],
    ],
    ids=["one", "several", "binary", "binary, empty", "unicode", "large", "many"],
)
async def test_messages_come_back(echo: Echo, packets: list[str]) -> None:
    """In their order, texts as texts and binary ones in base64; the post is answered `ok`."""
    async with polling(echo, PATH) as poller:
        posted = await poller.post(SEPARATOR.join(packets))
        assert (posted.status, posted.text) == (200, "ok")
        assert await poller.receive(len(packets)) == packets


async def test_a_payload_has_all_that_waited(long_pings: Echo) -> None:
    """Two posts, one poll."""
    async with polling(long_pings, PATH) as poller:
        await poller.post("4one")
        await poller.post("4two\x1e4three")
        assert (await poller.get()).packets == ["4one", "4two", "4three"]


async def test_a_waiting_poll_is_answered(echo: Echo) -> None:
    """As soon as there is something to tell."""
    async with polling(echo, PATH) as poller:
        waiting = await poller.waiting()
        await poller.post("4hello")
        await poller.take(await waiting)
        assert await poller.receive() == ["4hello"]


async def test_nothing_is_lost_between_polls(long_pings: Echo) -> None:
    """Messages that come while a poll is being answered, and before the next: each arrives once, in order."""
    sent = [f"4{number}" for number in range(600)]

    async def post() -> None:
        for place in range(0, len(sent), 2):
            await poller.post(SEPARATOR.join(sent[place : place + 2]))

    async with polling(long_pings, PATH) as poller:
        posting = asyncio.create_task(post())
        assert await poller.receive(len(sent)) == sent
        await posting


@pytest.mark.parametrize("payload", MALFORMED, ids=repr)
async def test_a_malformed_payload_ends_the_session(echo: Echo, payload: Packet) -> None:
    """400, as the official suite would have it; Node.js says `ok` before it closes, and reads bad UTF-8 as it can."""
    async with polling(echo, PATH) as poller:
        assert (await poller.post(payload)).status == 400
        await _over(poller)


@pytest.mark.parametrize("payload", ["b$$$$", "bA"], ids=repr)
async def test_base64_is_strict(echo: Echo, payload: str) -> None:
    """A binary message that is none ends the session. Node.js takes what it can decode."""
    async with polling(echo, PATH) as poller:
        assert (await poller.post(payload)).status == 400
        await _over(poller)


async def test_a_second_poll_at_once_ends_the_session(long_pings: Echo) -> None:
    """The first is told that it is closed, the second refused."""
    async with polling(long_pings, PATH) as poller:
        first = await poller.waiting()
        assert (await poller.get()).status == 400
        reply = await first
        assert (reply.status, reply.text) == (200, "1")
        await _over(poller)


async def test_a_second_post_at_once_ends_the_session(long_pings: Echo) -> None:
    """The document's rule for posts; the first one's body is not yet complete when the second comes."""
    async with polling(long_pings, PATH) as poller:
        reader, writer = await asyncio.open_connection("127.0.0.1", long_pings.port)
        head = f"POST {PATH}?{poller.query} HTTP/1.1\r\nHost: echo\r\nContent-Length: 6\r\n\r\n4hel"
        writer.write(head.encode())
        await writer.drain()
        await (await poller.http.waiting("GET", "EIO=3"))
        assert (await poller.post("4second")).status == 400
        await _over(poller)
        writer.write(b"lo")
        assert b" 200 " not in await reader.readline()
        writer.close()


async def test_a_cancelled_poll_ends_the_session(long_pings: Echo) -> None:
    """Nobody knows whether its answer would have arrived."""
    async with polling(long_pings, PATH) as poller:
        waiting = await poller.waiting()
        waiting.cancel()
        await asyncio.wait([waiting])
        await _over(poller)


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "in chunks"])
async def test_a_post_has_a_bound(echo: Echo, declared: bool) -> None:
    """413 for more than `maxPayload` bytes, as Node.js has it; just as much is taken."""
    async with polling(echo, PATH) as poller:
        body = "4" + "x" * (MAX_PAYLOAD - 1)
        assert (await poller.post(body)).text == "ok"
        assert await poller.receive() == [body]
        status = await _post_status(echo, poller.query, MAX_PAYLOAD + 1, declared)
        assert status == 413
    async with polling(echo, PATH) as other:
        await other.post("4hello")
        assert await other.receive() == ["4hello"]


async def _post_status(echo: Echo, query: str, length: int, declared: bool) -> int:
    """Posts bytes as fast as they are taken, and reads the status even if not all of them were."""
    reader, writer = await asyncio.open_connection("127.0.0.1", echo.port)
    how = f"Content-Length: {length}" if declared else "Transfer-Encoding: chunked"
    writer.write(f"POST {PATH}?{query} HTTP/1.1\r\nHost: echo\r\n{how}\r\n\r\n".encode())
    body = b"4" + b"x" * (length - 1)
    writer.write(body if declared else b"%x\r\n%b\r\n0\r\n\r\n" % (length, body))
    line = await reader.readline()
    writer.transport.abort()
    return int(line.split()[1])
