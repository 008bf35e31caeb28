"""`serializer="msgpack"`: python-socketio's client over it, and what is no packet in it."""

import asyncio
from typing import Any

import msgpack
import pytest
from socketio.packet import Packet
from websockets.asyncio.client import connect

from realtime.msgpack_packets import MsgPackPacket
from realtime.packets import BadPacket
from tests.integration.socketio.served import PATIENCE, Served, make, served
from tests.support.wait import until

EVENT = {"type": 2, "nsp": "/", "data": ["echo", 1], "id": 7}


async def test_the_whole_api_in_msgpack() -> None:
    """Arguments, bytes, acks both ways, refusals, rooms."""
    server = make(serializer="msgpack")

    async def connect_(sid: str, environ: Any, auth: Any) -> None:
        await server.enter_room(sid, "room")

    server.on("connect", connect_)
    server.on("echo", lambda sid, *arguments: arguments)
    server.on("connect", lambda *_: False, namespace="/closed")
    said = ({"a": [b"\x00", 1.5, None, True]}, b"\xff" * 300, "text")
    async with served(server) as live, live.client(serializer="msgpack", auth={"b": b"\x01"}) as client:
        assert await client.socket.call("echo", said) == said
        await server.emit("hello", said, to="room")
        await client.hears(("hello", *said))
        assert await server.call("ask", said, to=client.sid()) == said
        sid = client.sid()
        await server.disconnect(sid)
        await until(lambda: not client.socket.connected, what="it is told")


def _packed(**changes: Any) -> bytes:
    packed: bytes = msgpack.dumps({**EVENT, **changes})
    return packed


WRONG = (
    b"\xc1",
    b"\x80",
    b"\x01",
    b"\xc0",
    b"\x93\x01\x02",
    _packed() + b"\x00",
    b"\x91" * 2_000,
    b"\xdf\xff\xff\xff\xff",
    msgpack.dumps({"type": 2}),
    msgpack.dumps([2, "/", ["echo"]]),
    _packed(type="2"),
    _packed(type=True),
    _packed(type=4),
    _packed(type=5),
    _packed(type=-1),
    _packed(type=99),
    _packed(nsp=None),
    _packed(nsp=b"/"),
    _packed(id=-1),
    _packed(id="7"),
    _packed(id=True),
    _packed(data=None),
    _packed(data=[]),
    _packed(data={"0": "echo"}),
    _packed(data=[1]),
    _packed(data=[b"echo"]),
    _packed(data=["connect", {}]),
    _packed(type=0, data=["auth"]),
    _packed(type=1, data=[]),
    _packed(type=3, id=None),
    "42",
    '42["echo",1]',
    "4",
    b"",
)


@pytest.mark.parametrize("wrong", [wrong for wrong in WRONG if wrong])
def test_what_is_no_packet_is_a_bad_packet(wrong: str | bytes) -> None:
    """One kind of error, whatever msgpack raises."""
    with pytest.raises(BadPacket):
        MsgPackPacket(encoded_packet=wrong)


@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_no_packet_ends_the_connection(wrong: str | bytes, msgpack_server: Served) -> None:
    """[S2] With its code, and without a trace of it in the log."""
    address = f"ws://127.0.0.1:{msgpack_server.port}/socket.io/?EIO=4&transport=websocket"
    async with connect(address, ping_interval=None) as socket, asyncio.timeout(PATIENCE):
        await socket.recv()
        await socket.send(msgpack.dumps({"type": 0, "nsp": "/"}))
        assert msgpack.loads(await socket.recv())["type"] == 0
        await socket.send(_packed())
        assert msgpack.loads(await socket.recv()) == {"type": 3, "nsp": "/", "data": [1], "id": 7}
        await socket.send(wrong)
        await socket.wait_closed()
        assert socket.close_code == 1002


@pytest.fixture
async def msgpack_server(caplog: pytest.LogCaptureFixture) -> Any:
    server = make(serializer="msgpack")
    server.on("echo", lambda sid, *arguments: arguments)
    async with served(server) as live:
        yield live
    assert not caplog.records


class Odd(Packet):  # type: ignore[misc]  # the library has no types
    """A serializer of an application's own."""

    def decode(self, encoded_packet: Any) -> Any:
        if encoded_packet == "odd":
            raise KeyError(encoded_packet)
        return super().decode(encoded_packet)


async def test_a_serializer_of_the_applications_own_may_raise_anything() -> None:
    """[S2]"""
    server = make(serializer=Odd)
    server.on("echo", lambda sid, *arguments: arguments)
    async with served(server) as live:
        for wrong in ("", "x", "2{", '9["echo"]', '5x["echo"]', "odd"):
            async with live.raw("0") as raw:
                await raw.connected()
                await raw.send('21["echo",1]')
                assert await raw.next() == "31[1]"
                await raw.send(wrong)
                assert await raw.closed() == 1002
