"""[S2] Limits belong to one user, hold over all nodes, and say truly when they are over."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack

import aiohttp
import pytest
import socketio

from tests.support.client import Client
from tests.support.platform import another_node
from tests.support.server import TWO_STACKS, Server, running
from tests.support.wait import until

TIGHT: dict[str, object] = {
    "command_rate": 1,
    "command_burst": 10,
    "user_sessions": 4,
    "session_rooms": 5,
    "connect_rate": 1,
    "connect_burst": 5,
    "presence_ttl": 3,
    "login_per_address": 1_000,
}


@pytest.fixture(scope="module", params=TWO_STACKS)
def nodes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server, and the address of another node of it; of one process it is the same."""
    folder = tmp_path_factory.mktemp("limits")
    with ExitStack() as kept:
        here = kept.enter_context(running(request.param, folder, request, **TIGHT))
        if request.param == "sqlite+memory":
            yield here, here.url
        else:
            yield here, kept.enter_context(another_node(here.platform, folder)).url


async def _acks(client: Client, count: int) -> list[float | None]:
    """Each command's `retry_after`; None for those that were let through."""
    answers = [await client.ack("inbox.ack", {"ids": []}) for _ in range(count)]
    return [None if answer["ok"] else answer["error"]["retry_after"] for answer in answers]


async def test_a_bucket_is_the_users_on_all_nodes(nodes: tuple[Server, str]) -> None:
    """[P2] And theirs alone. Who waits as long as they are told succeeds."""
    here, there = nodes
    async with here.clients("sol", "mirador") as (sol, mirador):
        second = await Client(there, await here.token("sol")).connect()
        both = [*(await _acks(sol, 9)), *(await _acks(second, 9))]
        assert 10 <= both.count(None) < 18
        waits = await _acks(sol, 5)
        wait = next(wait for wait in reversed(waits) if wait is not None)
        assert 0 < wait <= 1
        assert await _acks(mirador, 5) == [None] * 5
        for client in (second, sol):
            wait = next(iter([one for one in await _acks(client, 3) if one is not None][-1:]), 0.0)
            await asyncio.sleep(wait or 0.0)
            assert (await _acks(client, 1)) == [None]
        await second.close()


async def test_a_user_has_so_many_connections_over_all_nodes(nodes: tuple[Server, str]) -> None:
    """One more is refused; when one has gone another may come."""
    here, there = nodes
    token = await here.token("guide")
    urls = [here.url, here.url, there, there]
    clients = [await Client(url, token).connect() for url in urls]

    async def refused() -> bool:
        one_more = Client(here.url, token)
        try:
            await one_more.connect()
        except socketio.exceptions.ConnectionError:
            return bool(one_more.refusals[0]["data"] == {"code": "session.too_many"})
        await one_more.close()
        return False

    await until(refused, what="the other node's are known")
    await clients.pop().close()
    again = Client(there, token)

    async def admitted() -> bool:
        try:
            await again.connect()
        except socketio.exceptions.ConnectionError:
            return False
        return True

    await until(admitted, what="there is room again")
    for client in (*clients, again):
        await client.close()


async def test_a_connection_has_so_many_rooms(nodes: tuple[Server, str]) -> None:
    here, _ = nodes
    async with here.client("carla") as carla:
        rooms = [
            f"quotation:{(await carla.command('quotation.create', title='One of several'))['quotation']['id']}"
            for _ in range(3)
        ]
        await carla.join(rooms[0])
        await carla.join(rooms[1])
        assert (await carla.refused("room.join", room=rooms[2])).code == "room.too_many"
        await carla.command("room.leave", room=rooms[0])
        await carla.join(rooms[2])


async def test_a_flood_from_one_address_is_shed_before_anybody_is_asked_who_they_are(nodes: tuple[Server, str]) -> None:
    """On both transports, with the seconds after which it is worth another try; other addresses are not concerned."""
    here, _ = nodes

    async def statuses(address: str, transport: str, count: int) -> list[int]:
        url = f"{here.url}/socket.io/?EIO=4&transport={transport}"
        headers = {"X-Forwarded-For": f"192.0.2.1, {address}"}
        if transport == "websocket":
            headers |= {
                "Connection": "Upgrade",
                "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13",
                "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            }
        found = []
        async with aiohttp.ClientSession() as http:
            for _ in range(count):
                async with http.get(url, headers=headers) as answer:
                    found.append(answer.status)
                    if answer.status == 429:
                        assert answer.headers["Retry-After"] == "1"
        return found

    for number, transport in enumerate(("polling", "websocket")):
        flood = await statuses(f"198.51.100.{number}", transport, 20)
        assert set(flood[:5]) == {200 if transport == "polling" else 101}
        assert flood.count(429) >= 10
    assert await statuses("203.0.113.5", "polling", 1) == [200]
