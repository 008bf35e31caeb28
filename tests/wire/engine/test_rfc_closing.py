"""[S2.1] WebSocket (RFC 6455, 7): closing."""

import pytest

from tests.wire.engine.echo import Echo
from tests.wire.engine.frames import Frame, Op, close, frame, raw, text
from tests.wire.engine.sessions import Http

PROTOCOL_ERROR, NOT_UTF8 = 1002, 1007
GOOD = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
BAD = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]


@pytest.mark.parametrize("code", GOOD)
async def test_a_close_is_answered(long_pings: Echo, code: int) -> None:
    """With its code, and then the server ends the connection."""
    async with raw(long_pings) as connection:
        await connection.send(close(code, "adiós".encode()))
        got = await connection.frame()
        assert (got.op, got.payload[:2]) == (Op.CLOSE, code.to_bytes(2, "big"))
        await connection.ended()


async def test_a_close_without_code(long_pings: Echo) -> None:
    """Is answered without one, or by a normal one."""
    async with raw(long_pings) as connection:
        await connection.send(close())
        assert (await connection.frame()) in (Frame(Op.CLOSE, b""), Frame(Op.CLOSE, b"\x03\xe8"))
        await connection.ended()


@pytest.mark.parametrize("code", BAD)
async def test_a_code_that_is_none_is_refused(long_pings: Echo, code: int) -> None:
    """1002: not used, reserved, never sent, or nobody's."""
    async with raw(long_pings) as connection:
        await connection.send(close(code))
        assert await connection.closed() == PROTOCOL_ERROR


async def test_half_a_code_is_refused(long_pings: Echo) -> None:
    """1002."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.CLOSE, b"\x03"))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("reason", [b"\xff", b"\xed\xa0\x80", b"broken off \xf0\x9f"])
async def test_a_reason_that_is_no_utf8_is_refused(long_pings: Echo, reason: bytes) -> None:
    """1007."""
    async with raw(long_pings) as connection:
        await connection.send(close(1000, reason))
        assert await connection.closed() == NOT_UTF8


async def test_the_longest_reason(long_pings: Echo) -> None:
    """123 bytes after the code."""
    async with raw(long_pings) as connection:
        await connection.send(close(1000, b"x" * 123))
        assert await connection.closed() == 1000


async def test_nothing_after_a_close_is_heard(long_pings: Echo) -> None:
    """In the same segment: no echo, no pong, no second close."""
    async with raw(long_pings) as connection:
        await connection.send(close(1000), text("4hello"), frame(Op.PING, b"late"), close(1001))
        assert (await connection.frame()).payload[:2] == (1000).to_bytes(2, "big")
        await connection.ended()


async def test_a_close_between_parts(long_pings: Echo) -> None:
    """The message that wasn't complete is none."""
    async with raw(long_pings) as connection:
        await connection.send(text("4hel", fin=False), close(1000), frame(Op.CONTINUATION, b"lo"))
        assert await connection.closed() == 1000


async def test_nothing_after_an_error_is_heard(long_pings: Echo) -> None:
    """The first error decides the code, and a message behind it is not echoed."""
    async with raw(long_pings) as connection:
        await connection.send(frame(3, b"4hello"), text("4hello"), frame(Op.TEXT, b"4\xff"))
        assert await connection.closed() == PROTOCOL_ERROR


async def test_a_client_that_never_answers_the_close(long_pings: Echo) -> None:
    """The server does not wait for it for long."""
    async with raw(long_pings) as connection:
        await connection.send(frame(3))
        assert (await connection.frame()).op == Op.CLOSE
        await connection.ended()


async def test_a_malformed_packet_closes_the_websocket_in_order(long_pings: Echo) -> None:
    """By a close frame, not by a cut."""
    async with raw(long_pings) as connection:
        await connection.send(text("abc"))
        await connection.closed()
    http = Http(long_pings, "/engine.io/")
    assert (await http.request("GET", "EIO=4&transport=polling")).status == 200
    await http.close()
