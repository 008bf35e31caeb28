"""[S2] Floods, handlers that hang, upgrades that stop half-way, and a stop with everything open."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
import socketio
from websockets.asyncio.client import connect

from realtime.server import EVENTS_AT_ONCE, EVENTS_WAITING
from tests.integration.socketio.served import PATIENCE, Served, make, served
from tests.support.wait import until


class Held:
    """A handler that hangs until it is let go."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.running = self.most = self.done = 0

    async def __call__(self, sid: str, number: int = 0) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await self.gate.wait()
        self.running -= 1
        self.done += 1


@pytest.mark.parametrize(("at_once", "most"), [(True, EVENTS_AT_ONCE), (False, 1)])
async def test_a_flood_is_read_no_further_than_its_bound(at_once: bool, most: int) -> None:
    """So many of one client's events run, so many wait, the rest stays with the client; others notice nothing.

    None is lost.
    """
    server, held = make(async_handlers=at_once), Held()
    events, padding = 2_000, "x" * 5_000

    async def flood(sid: str, number: int, _: str) -> None:
        await held(sid, number)

    server.on("flood", flood)
    server.on("fine", lambda sid: "fine")
    async with served(server) as live, live.client() as other, live.raw("0") as raw:
        await raw.connected()
        sending = asyncio.create_task(raw.send(*(f'2["flood",{number},"{padding}"]' for number in range(events))))
        session = server.eio.sockets[raw.eio_sid]
        client = session.application[0]
        await until(lambda: session.resumed is not None, what="it is not read")
        assert await other.socket.call("fine") == "fine"
        assert held.running == most
        assert EVENTS_WAITING < len(client.waiting) < EVENTS_WAITING + 1_000_000 / len(padding)
        assert not sending.done()
        held.gate.set()
        await sending
        await until(lambda: held.done == events, what="all were handled")
        assert held.most == most
        assert session.resumed is None
        await raw.nothing()


async def test_a_flood_by_polling_is_answered_when_it_is_done() -> None:
    """The request waits; another one meanwhile ends the session, as two at once do."""
    server, held = make(), Held()
    server.on("flood", held.__call__)
    async with served(server) as live, aiohttp.ClientSession() as http:
        address = await _polled(live, http)
        body = "\x1e".join(['42["flood"]'] * 2_000)
        async with asyncio.timeout(PATIENCE):
            posting = asyncio.create_task(_post(http, address, body))
            await until(lambda: held.running == EVENTS_AT_ONCE, what="it runs")
            assert "Unsupported" in await _get(http, f"{live.url}/socket.io/?EIO=3&transport=polling")
            assert not posting.done()
            held.gate.set()
            assert await posting == (200, "ok")
            await until(lambda: held.done == 2_000, what="all were handled")
            held.gate.clear()
            posting = asyncio.create_task(_post(http, address, body))
            await until(lambda: held.running == EVENTS_AT_ONCE, what="it runs again")
            assert (await _post(http, address, '42["flood"]'))[0] == 400
            await posting
            await until(lambda: not server.eio.sockets, what="it is over")
            held.gate.set()


async def test_who_is_not_read_can_still_be_ended() -> None:
    """By its ping's timeout, and by the server: nothing waits for handlers that hang."""
    server, held = make(ping_interval=0.3, ping_timeout=0.2), Held()
    ends: list[str] = []
    server.on("flood", held.__call__)
    server.on("disconnect", lambda sid, reason: ends.append(reason))
    async with served(server) as live, live.raw("0") as raw:
        await raw.connected()
        await raw.send(*['2["flood"]'] * (EVENTS_AT_ONCE + EVENTS_WAITING + 1))
        await until(lambda: held.running == EVENTS_AT_ONCE, what="it runs")
        await raw.closed()
        await until(lambda: ends, what="the handler heard")
        assert ends == ["ping timeout"]
        assert not server.manager.rooms
        held.gate.set()
        await until(lambda: not held.running, what="they are done")
        assert held.done == EVENTS_AT_ONCE


async def test_a_flood_of_connects_and_disconnects() -> None:
    """One connect handler of a connection runs at a time; too much behind it ends the connection."""
    server, held = make(), Held()

    async def slow(sid: str, environ: Any, auth: Any) -> None:
        await held(sid)

    server.on("connect", slow)
    async with served(server) as live, live.raw("0") as raw:
        await until(lambda: held.running == 1, what="it runs")
        await raw.send(*["0"] * 200)
        assert await raw.closed() == 1002
        assert held.most == 1
        held.gate.set()
        await until(lambda: not server.eio.sockets, what="it is over")
        assert not server.manager.rooms


async def test_handlers_that_hang_do_not_keep_the_server() -> None:
    """Its shutdown ends them, and what waits behind them."""
    server, held = make(async_handlers=False), Held()
    server.on("hang", held.__call__)
    async with served(server) as live, live.raw("0") as raw:
        await raw.connected()
        await raw.send(*['2["hang"]'] * 100)
        await until(lambda: held.running, what="it hangs")
    assert not server.eio._tasks


@pytest.mark.parametrize("steps", [[], ["2probe"], ["2probe", "42[]"], ["5x"], ["hello"]])
async def test_an_upgrade_that_stops_half_way(steps: list[str]) -> None:
    """The session goes on by polling, and may be upgraded by another WebSocket later."""
    server = make()
    server.on("echo", lambda sid, number: number)
    async with served(server) as live, aiohttp.ClientSession() as http:
        address = await _polled(live, http)
        sid = address.rpartition("=")[2]
        async with _upgrade(live, sid) as socket:
            for step in steps:
                await socket.send(step)
            if steps == ["2probe"]:
                assert await socket.recv() == "3probe"
        session = server.eio.sockets[sid]
        await until(lambda: session.probe is None, what="the server noticed")
        assert await _post(http, address, '421["echo",1]') == (200, "ok")
        assert await _get(http, address) == "431[1]"
        async with _upgrade(live, sid) as socket, asyncio.timeout(PATIENCE):
            await socket.send("2probe")
            assert await socket.recv() == "3probe"
            await socket.send("5")
            await socket.send('422["echo",2]')
            assert await socket.recv() == "432[2]"


async def test_a_stop_with_everything_open() -> None:
    """[D10] WebSockets are closed with 1001, polls are answered; nobody keeps the server, every end is heard."""
    server = make()
    ends: list[str] = []
    server.on("disconnect", lambda sid, reason: ends.append(reason))
    async with served(server) as live, aiohttp.ClientSession() as http:
        async with live.raw("0") as raw, live.raw() as idle:
            await raw.connected()
            address = await _polled(live, http)
            polling = asyncio.create_task(_get(http, address))
            await until(lambda: any(one.poll for one in server.eio.sockets.values()), what="the poll waits")
            for session in list(server.eio.sockets.values()):
                if session.poll is not None:
                    session.close("server disconnect")
            async with asyncio.timeout(PATIENCE):
                await live.stop()
                assert await raw.closed() == 1001
                assert await idle.closed() == 1001
                assert await polling == "1"
        await until(lambda: len(ends) == 2, what="both were heard")
        assert ends == ["server disconnect"] * 2


async def test_clients_come_back_after_a_stop() -> None:
    """python-socketio's takes 1001 for a lost connection, and connects again by itself."""
    server = make()
    client = socketio.AsyncClient(reconnection_delay=0.01, randomization_factor=0)
    connects: list[str] = []
    client.on("connect", lambda: connects.append("connected"))
    client.on("disconnect", connects.append)
    async with served(server) as live:
        await client.connect(live.url, transports=["websocket"])
        await until(lambda: connects == ["connected"], what="connected")
        for wire in list(live.uvicorn.server_state.connections):
            wire.shutdown()
        await until(lambda: connects[-1:] == ["connected"] and len(connects) > 1, what="it is back")
        assert connects[0] == connects[2] == "connected"
        assert connects[1] in {"transport close", "transport error"}
        await client.disconnect()


def _upgrade(live: Served, sid: str) -> connect:
    address = f"ws://127.0.0.1:{live.port}/socket.io/?EIO=4&transport=websocket&sid={sid}"
    return connect(address, ping_interval=None)


async def _polled(live: Served, http: aiohttp.ClientSession) -> str:
    """The address of a new session that is connected to the main namespace by polling."""
    address = f"{live.url}/socket.io/?EIO=4&transport=polling"
    opened = json.loads((await _get(http, address))[1:])
    address = f"{address}&sid={opened['sid']}"
    assert await _post(http, address, "40") == (200, "ok")
    assert (await _get(http, address)).startswith("40{")
    return address


async def _get(http: aiohttp.ClientSession, address: str) -> str:
    async with http.get(address) as answer:
        return await answer.text()


async def _post(http: aiohttp.ClientSession, address: str, body: str) -> tuple[int, str]:
    async with http.post(address, data=body.encode()) as answer:
        return answer.status, await answer.text()
