"""[S2.7] Where nodes listen for each other, nobody else is heard, and nothing is carried twice."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from realtime.carrying import seals
from realtime.carrying.peers import ROOM
from tests.wire.carrying.conftest import SECRET, Nodes
from tests.wire.carrying.test_requests import PATH, UNKNOWN, carried
from tests.wire.engine.sessions import Http, polling

KEY = seals.key_of(SECRET)
NOBODY = seals.Origin("http", None)


async def _addresses(nodes: Nodes) -> dict[str, str]:
    """Where the nodes listen for each other, by the names of their engines."""
    broker = await nodes.broker()
    here = await broker.here(ROOM)
    await broker.close()
    return {name: meta.decode() for name, meta in here.items()}


@asynccontextmanager
async def _brought(nodes: Nodes) -> AsyncIterator[tuple[str, str]]:
    """Where a session's node listens for the others, and what is asked for there."""
    async with polling(nodes[0].echo, PATH) as here:
        address = (await _addresses(nodes))[here.sid[:8]]
        yield address, f"{PATH}?{here.query}"


def _forged(target: str) -> dict[str, str | None]:
    good = seals.sealed(KEY, time.time(), "POST", target.encode(), NOBODY).decode()
    return {
        "none": None,
        "empty": "",
        "nonsense": "a b c",
        "another key": seals.sealed(b"x", time.time(), "POST", target.encode(), NOBODY).decode(),
        "another method": seals.sealed(KEY, time.time(), "GET", target.encode(), NOBODY).decode(),
        "another target": seals.sealed(KEY, time.time(), "POST", target.encode() + b"&a", NOBODY).decode(),
        "old": seals.sealed(KEY, time.time() - 2 * seals.SKEW, "POST", target.encode(), NOBODY).decode(),
        "to come": seals.sealed(KEY, time.time() + 2 * seals.SKEW, "POST", target.encode(), NOBODY).decode(),
        "another client": good.replace("-", "10.0.0.1", 1),
        "cut": good[:-1],
    }


async def test_a_forged_request_is_refused(nodes: Nodes) -> None:
    async with _brought(nodes) as (address, target), aiohttp.ClientSession() as client:
        for forged in _forged(target).values():
            headers = {} if forged is None else {"x-carried": forged}
            async with client.post(f"http://{address}{target}", data="4x", headers=headers) as answer:
                assert answer.status == 403
        good = {"x-carried": seals.sealed(KEY, time.time(), "POST", target.encode(), NOBODY).decode()}
        async with client.post(f"http://{address}{target}", data="4x", headers=good) as answer:
            assert answer.status == 200


async def test_a_forged_websocket_is_refused(nodes: Nodes) -> None:
    async with _brought(nodes) as (address, polled):
        target = polled.replace("polling", "websocket")
        for forged in (None, seals.sealed(b"x", time.time(), "GET", target.encode(), NOBODY).decode()):
            headers = {} if forged is None else {"x-carried": forged}
            with pytest.raises(InvalidStatus) as refused:
                async with connect(f"ws://{address}{target}", additional_headers=headers):
                    pass
            assert refused.value.response.status_code == 403


async def test_nothing_else_is_served_there(nodes: Nodes) -> None:
    async with _brought(nodes) as (address, _), aiohttp.ClientSession() as client:
        for path in ("/carried", "/", "/engine.io/x"):
            good = {"x-carried": seals.sealed(KEY, time.time(), "GET", path.encode(), NOBODY).decode()}
            async with client.get(f"http://{address}{path}", headers=good) as answer:
                assert answer.status == 403


async def test_what_a_client_puts_in_the_header_means_nothing(nodes: Nodes) -> None:
    async with carried(nodes) as (_, there), aiohttp.ClientSession() as client:
        url = there.http.echo.http(PATH, there.query)
        async with client.post(url, data="4x", headers={"x-carried": "a b c"}) as answer:
            assert answer.status == 200


async def test_nothing_is_carried_twice(nodes: Nodes) -> None:
    """Where the broker tells wrong, a request ends at a node that does not have its session."""
    broker = await nodes.broker()
    http = Http(nodes[0].echo, PATH)
    async with polling(nodes[1].echo, PATH) as there:
        wrong = (await _addresses(nodes))[there.sid[:8]]
        await broker.enter(ROOM, "nobody-1", wrong.encode(), 30.0)
        await broker.enter(ROOM, "closed-1", b"127.0.0.1:1", 30.0)
        for name in ("nobody-1", "closed-1"):
            reply = await http.request("GET", f"EIO=4&transport=polling&sid={name}{'x' * 20}")
            assert (reply.status, reply.text) == (400, UNKNOWN)
        for name in ("nobody-1", "closed-1"):
            await broker.leave(ROOM, name)
    await http.close()
    await broker.close()
