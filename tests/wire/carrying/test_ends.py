"""[D9.3] [D10.1] Nodes that die or stop while they carry, or while others carry to them."""

import asyncio
import signal

import pytest
import socketio

from tests.support.balancer import balanced
from tests.support.wait import until
from tests.wire.carrying.conftest import Start
from tests.wire.carrying.test_requests import PATH, UNKNOWN, carried, elsewhere, upgraded, waits
from tests.wire.engine.echo import PATIENCE
from tests.wire.engine.sessions import polling


async def test_a_dead_node_ends_its_sessions(start: Start) -> None:
    """With the error on which clients connect anew: the poll that waits, the next, and WebSockets by their end."""
    with start() as nodes:
        async with (
            carried(nodes) as (_, there),
            polling(nodes[0].echo, PATH) as second,
            upgraded(second, nodes[1]) as wire,
        ):
            waiting = asyncio.create_task(there.get())
            await waits(nodes[1], 2)
            nodes[0].kill()
            reply = await waiting
            assert (reply.status, reply.text) == (400, UNKNOWN)
            assert (await there.post("4x")).text == UNKNOWN
            await wire.ended()
            await waits(nodes[1], 0)
        broker = await nodes.broker()

        async def forgotten() -> bool:
            return len(await broker.here("nodes")) == 2  # one for each engine of the node that lives

        await until(forgotten, what="the dead node is forgotten")
        await broker.close()


@pytest.mark.parametrize("transports", [["polling"], ["polling", "websocket"]])
async def test_a_client_of_a_dead_node_goes_on_by_another(start: Start, transports: list[str]) -> None:
    with start() as nodes:
        async with balanced(nodes.ports) as port:
            client = socketio.AsyncClient(reconnection_delay=0.05, reconnection_delay_max=0.1)
            await client.connect(f"http://127.0.0.1:{port}", transports=transports)
            assert await client.call("message-with-ack", "before") == "before"
            owner = next(node for node in nodes.nodes if node.counts()[2] == 1)
            sid = client.get_sid()
            owner.kill()
            await until(lambda: client.connected and client.get_sid() not in (None, sid), what="connected anew")
            assert await client.call("message-with-ack", ("after", b"\x00")) == ("after", b"\x00")
            await client.disconnect()


async def test_a_node_that_stops_gives_its_polls_back(start: Start) -> None:
    """What it carried for others is answered; the sessions live on, and their clients poll elsewhere."""
    with start(2, "--ping-interval", "60") as nodes:
        async with carried(nodes) as (here, there):
            waiting = asyncio.create_task(there.get())
            await waits(nodes[1])
            nodes[1].process.send_signal(signal.SIGTERM)
            reply = await waiting
            assert (reply.status, reply.text) == (200, "6")
            assert (await here.post("4still there")).status == 200
            assert await here.receive() == ["4still there"]
            assert await asyncio.to_thread(nodes[1].process.wait, PATIENCE) == 0


async def test_a_node_that_stops_closes_what_it_tunnels(start: Start) -> None:
    with start() as nodes:
        async with polling(nodes[0].echo, PATH) as here, upgraded(here, nodes[1]) as wire:
            nodes[1].process.send_signal(signal.SIGTERM)
            await wire.ended()
            assert await asyncio.to_thread(nodes[1].process.wait, PATIENCE) == 0
        await until(lambda: nodes[0].counts()[1] == 0, what="its node knows")


async def test_a_node_that_stops_tells_those_whom_others_carry(start: Start) -> None:
    """By the node between: a poll ends with nothing, the next with an unknown session; a WebSocket with the code 1001.

    A close packet would keep python-socketio's client from coming back.
    """
    with start() as nodes:
        async with (
            carried(nodes) as (_, there),
            polling(nodes[0].echo, PATH) as second,
            upgraded(second, nodes[1]) as wire,
        ):
            waiting = asyncio.create_task(there.get())
            await waits(nodes[1], 2)
            nodes[0].process.send_signal(signal.SIGTERM)
            reply = await waiting
            if reply.text == "2":
                reply = await there.get()
            assert (reply.status, reply.text) == (200, "6")
            assert await wire.ended() == 1001
            assert await asyncio.to_thread(nodes[0].process.wait, PATIENCE) == 0
            assert (await there.get()).text == UNKNOWN
            await waits(nodes[1], 0)


async def test_without_a_broker_nodes_are_as_known_last(start: Start) -> None:
    with start() as nodes:
        async with carried(nodes) as (_, there):
            assert (await there.post("4a")).status == 200
            nodes.redis.stop()
            assert (await there.post("4b")).status == 200
            assert await there.receive(2) == ["4a", "4b"]
            nodes.redis.start()
            broker = await nodes.broker()

            async def both() -> bool:
                return len(await broker.here("nodes")) == 4

            await until(both, what="both say again where they are")
            await broker.close()
            async with polling(nodes[1].echo, PATH) as new, elsewhere(new, nodes[0]) as other:
                assert (await other.post("4c")).status == 200


async def test_a_broker_that_forgets_everything(start: Start) -> None:
    """Nodes go on knowing each other while they tell it anew, whichever does so first."""
    with start() as nodes:
        async with (
            carried(nodes) as (_, at_second),
            polling(nodes[1].echo, PATH) as other,
            elsewhere(other, nodes[0]) as at_first,
        ):
            broker = await nodes.broker()
            for poller in (at_first, at_second):
                assert (await poller.post("4a")).text == "ok"
            for _ in range(2):
                nodes.redis.flush()
                told = False
                while not told:
                    told = len(await broker.here("nodes")) == 4
                    assert (await at_second.post("4a")).text == "ok"
                    assert (await at_first.post("4a")).text == "ok"
            await broker.close()
