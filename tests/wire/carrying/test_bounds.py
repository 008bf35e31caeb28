"""[S2.6] [S2.7] What a node carries is bounded, and counts where files are short."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from realtime.carrying import carrier as carrying
from realtime.carrying.carrier import Carrier
from rooms.memory import Hub, MemoryBroker
from tests.integration.socketio.served import Served, make, served
from tests.support.wait import until


@pytest.fixture
async def pair() -> AsyncIterator[list[tuple[Served, Carrier]]]:
    """Two nodes in this process; the second has room for four."""
    hub = Hub()
    async with AsyncExitStack() as kept:
        nodes = []
        for room in (100, 4):
            broker = MemoryBroker(hub)
            await broker.start()
            server = make(max_sessions=room)
            carrier = await kept.enter_async_context(Carrier({"/socket.io/": server.eio}, broker, "secret", ttl=30.0))
            nodes.append((await kept.enter_async_context(served(server)), carrier))
        yield nodes


async def _opened(client: aiohttp.ClientSession, node: Served) -> str:
    async with client.get(f"{node.url}/socket.io/?EIO=4&transport=polling") as answer:
        assert answer.status == 200
        sid: str = json.loads((await answer.text())[1:])["sid"]
        return sid


def _poll(node: Served, sid: str) -> str:
    return f"{node.url}/socket.io/?EIO=4&transport=polling&sid={sid}"


async def test_files_of_what_is_carried_are_missing_for_sessions(pair: list[tuple[Served, Carrier]]) -> None:
    """A carried poll takes two of four; then there is room for one more, and when it is over for all."""
    (one, _), (two, carrier) = pair
    async with aiohttp.ClientSession() as client:
        sids = [await _opened(client, one) for _ in range(3)]
        polls = [asyncio.create_task(client.get(_poll(two, sid))) for sid in sids[:2]]
        await until(lambda: carrier.carried == 2, what="both are carried")
        async with client.get(_poll(two, sids[2])) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        async with client.get(f"{two.url}/socket.io/?EIO=4&transport=polling") as answer:
            assert answer.status == 503
        with pytest.raises(InvalidStatus) as refused:
            async with connect(_poll(two, sids[2]).replace("http", "ws", 1).replace("polling", "websocket")):
                pass
        assert refused.value.response.status_code == 503
        for sid in sids[:2]:
            one.server.eio.release(sid)
        for poll in polls:
            assert await (await poll).text() == "6"
        await until(lambda: not carrier.carried, what="nothing is carried")
        await _opened(client, two)


async def test_there_is_a_most(pair: list[tuple[Served, Carrier]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "MOST", 1)
    (one, _), (two, carrier) = pair
    async with aiohttp.ClientSession() as client:
        sids = [await _opened(client, one) for _ in range(2)]
        target = _poll(two, sids[0]).replace("http", "ws", 1).replace("polling", "websocket")
        async with connect(target) as socket:
            await socket.send("2probe")
            assert await socket.recv() == "3probe"
            assert carrier.carried == 1
            async with client.get(_poll(two, sids[1])) as answer:
                assert answer.status == 503
        await until(lambda: not carrier.carried, what="nothing is carried")
        async with client.post(_poll(two, sids[1]), data="40") as answer:
            assert answer.status == 200
