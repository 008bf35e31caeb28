"""[D9.3] One session's requests at one node, then at another, to the byte and to the status."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from websockets.exceptions import InvalidStatus

from tests.support.wait import until
from tests.wire.carrying.conftest import Node, Nodes
from tests.wire.engine.sessions import Http, Poller, Wire, polling, upgrade_query, websocket

PATH = "/engine.io/"
UNKNOWN = '{"code":1,"message":"Session ID unknown"}'


@asynccontextmanager
async def elsewhere(poller: Poller, node: Node) -> AsyncIterator[Poller]:
    """The same session, polling by another node."""
    other = Poller(Http(node.echo, poller.http.path), poller.handshake)
    try:
        yield other
    finally:
        await other.http.close()


@asynccontextmanager
async def carried(nodes: Nodes) -> AsyncIterator[tuple[Poller, Poller]]:
    """A session at its own node and at another."""
    async with polling(nodes[0].echo, PATH) as here, elsewhere(here, nodes[1]) as there:
        yield here, there


async def waits(node: Node, count: int = 1) -> None:
    """Until a node carries so many requests."""
    await until(lambda: asyncio.to_thread(lambda: node.counts()[0] == count), what=f"{count} carried")


async def test_texts_bytes_and_pings(nodes: Nodes) -> None:
    async with carried(nodes) as (_, there):
        sent = ["4é 🌎", "bAAEC/w==", "4" + "x" * 900_000]
        for packet in sent:
            assert (await there.post(packet)).text == "ok"
        assert await there.receive(3) == sent


async def test_a_request_is_answered_as_by_its_own_node(nodes: Nodes) -> None:
    """Status, body and headers, of refusals too."""
    answers = []
    for index in (0, 1):
        async with polling(nodes[0].echo, PATH) as poller, elsewhere(poller, nodes[index]) as asked:
            url = asked.http.echo.http(PATH, asked.query)
            headers = {"Origin": "https://example.org", "Connection": "close"}
            async with aiohttp.ClientSession(headers=headers) as client:
                for method, body in (
                    ("POST", "4a"),
                    ("GET", None),
                    ("PUT", "x"),
                    ("HEAD", None),
                    ("OPTIONS", None),
                    ("POST", "b!"),
                    ("GET", None),
                ):
                    async with client.request(method, url, data=body) as answer:
                        told = {name.lower(): value for name, value in answer.headers.items()}
                        told.pop("date")
                        answers.append((answer.status, await answer.text(), told))
    assert answers[:7] == answers[7:]
    assert [status for status, *_ in answers[:7]] == [200, 200, 400, 400, 204, 400, 400]
    assert answers[0][2]["access-control-allow-origin"] == "https://example.org"


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large(nodes: Nodes, chunked: bool) -> None:
    """It is refused, and the session over, as it would be without carrying; nobody keeps the body."""
    async with carried(nodes) as (here, there):
        waiting = await here.waiting()
        body = b"4" + b"x" * 3_000_000

        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(body), 100_000):
                yield body[start : start + 100_000]

        async with aiohttp.ClientSession() as client:
            url = there.http.echo.http(PATH, there.query)
            try:
                async with client.post(url, data=pieces() if chunked else body) as answer:
                    assert answer.status == 413
            except aiohttp.ClientConnectionError:
                pass  # answered before all was sent: not every client reads it
        assert (await waiting).status == 200
        assert (await here.get()).text == UNKNOWN
        assert (await there.get()).text == UNKNOWN


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE", "NOTIFY"])
async def test_no_request_hides_in_anothers_body(nodes: Nodes, method: str) -> None:
    """A body that means nothing is not brought to another node, where it could pass for a request."""
    async with carried(nodes) as (here, there):
        hidden = f"POST {PATH}?{here.query} HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\n4hi"
        reader, writer = await asyncio.open_connection("127.0.0.1", nodes[1].echo.port)
        head = f"{method} {PATH}?{there.query} HTTP/1.1\r\nhost: x\r\n"
        writer.write(f"{head}transfer-encoding: chunked\r\n\r\n{len(hidden):x}\r\n{hidden}\r\n0\r\n\r\n".encode())
        line = await reader.readline()
        assert line.split(b" ")[1] == (b"200" if method == "GET" else b"400")
        writer.close()
        await writer.wait_closed()
        await waits(nodes[1], 0)


async def test_a_second_poll_by_another_node_ends_the_session(nodes: Nodes) -> None:
    async with carried(nodes) as (here, there):
        waiting = await here.http.waiting("GET", here.query)
        assert (await there.get()).status == 400
        assert (await waiting).text == "1"


async def test_a_client_that_cancels_a_carried_poll(nodes: Nodes) -> None:
    """Its session is over, as it is without carrying, and nothing of it stays."""
    async with carried(nodes) as (here, there):
        poll = asyncio.create_task(there.get())
        await waits(nodes[1])
        poll.cancel()
        await waits(nodes[1], 0)
        await until(lambda: _is_unknown(here), what="the session is over")


async def _is_unknown(poller: Poller) -> bool:
    return (await poller.post("4x")).text == UNKNOWN


async def test_ids_of_nobody(nodes: Nodes) -> None:
    """Whether they look like another node's or not."""
    http = Http(nodes[0].echo, PATH)
    for sid in ("x" * 28, "x", "x" * 29, "%0d%0a" * 7, "é" * 28):
        reply = await http.request("GET", f"EIO=4&transport=polling&sid={sid}")
        assert (reply.status, reply.text) == (400, UNKNOWN)
        with pytest.raises(InvalidStatus) as refused:
            async with websocket(nodes[0].echo, PATH, upgrade_query(sid)):
                pass
        assert refused.value.response.status_code == 400
    await http.close()


@asynccontextmanager
async def upgraded(poller: Poller, node: Node) -> AsyncIterator[Wire]:
    """A session's WebSocket, opened by another node."""
    async with websocket(node.echo, PATH, upgrade_query(poller.sid)) as wire:
        await wire.send("2probe")
        assert await wire.receive() == "3probe"
        await wire.send("5")
        yield wire


async def test_the_upgrade(nodes: Nodes) -> None:
    """Messages both ways, larger than any buffer on the way; then polls are refused at both nodes."""
    async with carried(nodes) as (here, there):
        async with upgraded(here, nodes[1]) as wire:
            await waits(nodes[1])
            bodies: list[str | bytes] = [b"\x00\xff" * 450_000, "4" + "ñ" * 400_000, "4"]
            for _ in range(3):
                await wire.send(*bodies)
                assert [await wire.receive() for _ in bodies] == bodies
            assert (await here.get()).status == 400
            assert (await there.get()).status == 400
        await waits(nodes[1], 0)
        await until(lambda: _is_unknown(here), what="the session is over")


async def test_a_reader_who_stops_does_not_fill_the_node_between(nodes: Nodes) -> None:
    """The session's own node bounds what waits for it, and lets go of it [D7.1]; the tunnel ends with it."""
    async with polling(nodes[0].echo, PATH) as here, upgraded(here, nodes[1]) as wire:
        wire.socket.transport.pause_reading()
        for _ in range(100):
            await wire.send("4" + "x" * 900_000)
            if (await here.get()).text == UNKNOWN:
                break
        else:
            raise AssertionError("nothing bounds it")
        wire.socket.transport.resume_reading()
        await wire.ended()
    await waits(nodes[1], 0)


async def test_a_websocket_of_its_own_is_not_carried(nodes: Nodes) -> None:
    async with polling(nodes[0].echo, PATH) as here, upgraded(here, nodes[0]) as wire:
        await wire.send("4mine")
        assert await wire.receive() == "4mine"
        assert nodes[0].counts()[0] == nodes[1].counts()[0] == 0
