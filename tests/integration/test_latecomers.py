"""[D10] Whoever comes to the door of a node that stops is refused so that clients go elsewhere by themselves.

Stock clients do not come back after a CONNECT_ERROR; they do after a lost connection, or a handshake answered 503.
"""

import asyncio

import aiohttp
import orjson

from tests.support.live import live_stage


async def test_who_connects_while_the_node_drains_is_sent_elsewhere() -> None:
    """Its connection was there in time, its CONNECT was not; nor is a handshake on a connection that is still open."""
    async with live_stage() as stage, aiohttp.ClientSession() as http:
        async with http.get(f"{stage.url}/socket.io/?EIO=4&transport=polling") as answer:
            assert answer.status == 200
        late = await http.ws_connect(f"{stage.url}/socket.io/?EIO=4&transport=websocket")
        assert (await late.receive_str()).startswith("0{")
        await stage.node.drain(0.0)
        await late.send_str("40" + orjson.dumps({"token": stage.token("ana")}).decode())
        async with asyncio.timeout(10):
            ending = await late.receive()
        assert (ending.type, ending.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
        async with http.get(f"{stage.url}/socket.io/?EIO=4&transport=polling") as answer:
            assert answer.status == 503
