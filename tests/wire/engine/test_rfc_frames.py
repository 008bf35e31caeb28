"""[S2.1] [S2.3] WebSocket (RFC 6455, 5 to 7): frames. All with long pings: what is closed is closed for what it is."""

import asyncio
import socket

import pytest

from tests.wire.engine.echo import MAX_PAYLOAD, Echo
from tests.wire.engine.frames import Frame, Op, Raw, frame, raw, text

PROTOCOL_ERROR, NOT_UTF8, TOO_BIG = 1002, 1007, 1009
SPLIT = ["4", "ñandú ", "🌎", "", " κόσμε"]
BAD_UTF8 = {
    "a lone continuation": b"\x80",
    "a byte that never is": b"\xff",
    "an overlong slash": b"\xc0\xaf",
    "an overlong zero": b"\xe0\x80\x80",
    "a surrogate": b"\xed\xa0\x80",
    "a pair of surrogates": b"\xed\xa1\x8c\xed\xbe\xb4",
    "beyond Unicode": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "broken off": b"\xf0\x9f\x8c",
    "interrupted": b"\xce\xba\xe1\xbd\xce",
}


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 128, 65_535, 65_536, MAX_PAYLOAD])
async def test_lengths(long_pings: Echo, length: int) -> None:
    """All three forms of a length, at their borders, both ways."""
    payload = bytes(number % 251 for number in range(length))
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.BINARY, payload))
        assert await connection.message() == payload


@pytest.mark.parametrize("mask", [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x00\x01\x02\x03"])
async def test_masks(long_pings: Echo, mask: bytes) -> None:
    """Any mask is one, zeros too; the payload's length is no multiple of it."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.TEXT, b"4seven b", mask=mask), frame(Op.BINARY, b"\x01\x02\x03", mask=mask))
        assert [await connection.message(), await connection.message()] == ["4seven b", b"\x01\x02\x03"]


async def test_a_frame_without_mask_is_refused(long_pings: Echo) -> None:
    """1002: a client must mask."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.TEXT, b"4hello", mask=None))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("reserved", [1, 2, 4, 7])
@pytest.mark.parametrize("op", [Op.TEXT, Op.BINARY, Op.PING, Op.CLOSE])
async def test_reserved_bits_are_refused(long_pings: Echo, op: Op, reserved: int) -> None:
    """1002: no extension was agreed on."""
    async with raw(long_pings) as connection:
        await connection.send(frame(op, b"", reserved=reserved))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("op", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
async def test_reserved_kinds_are_refused(long_pings: Echo, op: int) -> None:
    """1002."""
    async with raw(long_pings) as connection:
        await connection.send(frame(op, b"4hello"))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("payload", [b"", b"hello", bytes(range(125))])
async def test_a_ping_is_answered(long_pings: Echo, payload: bytes) -> None:
    """By a pong with its payload."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.PING, payload))
        assert await connection.frame() == Frame(Op.PONG, payload)
        await connection.echoes()


async def test_many_pings(long_pings: Echo) -> None:
    """In one segment: pongs come in order, the last one in any case; a message after them comes back."""
    pings = [b"%d" % number for number in range(10)]
    async with raw(long_pings) as connection:
        await connection.send(*(frame(Op.PING, payload) for payload in pings), text("4hello"))
        pongs = [await connection.frame()]
        while pongs[-1].payload != pings[-1]:
            pongs.append(await connection.frame())
        payloads = [pong.payload for pong in pongs]
        assert payloads == [payload for payload in pings if payload in payloads]
        assert await connection.message() == "4hello"


async def test_a_pong_is_ignored(long_pings: Echo) -> None:
    """Nobody asked."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.PONG, b"unasked"), frame(Op.PONG))
        await connection.echoes()


@pytest.mark.parametrize("op", [Op.CLOSE, Op.PING, Op.PONG])
async def test_a_long_control_frame_is_refused(long_pings: Echo, op: Op) -> None:
    """1002: 125 bytes are the most."""
    async with raw(long_pings) as connection:
        await connection.send(frame(op, b"\x03\xe8" + b"x" * 124))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("op", [Op.CLOSE, Op.PING, Op.PONG])
async def test_a_control_frame_in_parts_is_refused(long_pings: Echo, op: Op) -> None:
    """1002."""
    async with raw(long_pings) as connection:
        await connection.send(frame(op, b"", fin=False), frame(Op.CONTINUATION, b""))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("op", [Op.TEXT, Op.BINARY])
async def test_a_message_in_parts(long_pings: Echo, op: Op) -> None:
    """Put together, an empty part too."""
    parts = [part.encode() for part in SPLIT]
    async with raw(long_pings) as connection:
        await connection.send(*_parts(op, parts))
        whole = b"".join(parts)
        assert await connection.message() == (whole.decode() if op == Op.TEXT else whole)


def _parts(op: Op, parts: list[bytes]) -> list[bytes]:
    last = len(parts) - 1
    return [frame(Op.CONTINUATION if place else op, part, fin=place == last) for place, part in enumerate(parts)]


async def test_characters_in_parts(long_pings: Echo) -> None:
    """Each byte a frame of its own: UTF-8 is the message's, not the frame's."""
    whole = "".join(SPLIT).encode()
    async with raw(long_pings) as connection:
        await connection.send(*_parts(Op.TEXT, [whole[place : place + 1] for place in range(len(whole))]))
        assert await connection.message() == whole.decode()


async def test_a_message_in_very_many_parts(long_pings: Echo) -> None:
    """Then another, whole."""
    async with raw(long_pings) as connection:
        await connection.send(*_parts(Op.BINARY, [b"x"] * 5_000))
        assert await connection.message() == b"x" * 5_000
        await connection.echoes()


async def test_control_frames_between_parts(long_pings: Echo) -> None:
    """Pings are answered before the message is complete; pongs are ignored."""
    async with raw(long_pings) as connection:
        await connection.send(text("4hel", fin=False), frame(Op.PING, b"one"))
        assert await connection.frame() == Frame(Op.PONG, b"one")
        await connection.send(frame(Op.CONTINUATION, b"lo ", fin=False), frame(Op.PONG), frame(Op.PING, b"two"))
        assert await connection.frame() == Frame(Op.PONG, b"two")
        await connection.send(frame(Op.CONTINUATION, b"world"))
        assert await connection.message() == "4hello world"


@pytest.mark.parametrize("fin", [True, False])
async def test_a_continuation_of_nothing_is_refused(long_pings: Echo, fin: bool) -> None:
    """1002, at the beginning and after a message that is complete."""
    for before in ([], _parts(Op.BINARY, [b"a", b"b"])):
        async with raw(long_pings) as connection:
            await connection.send(*before)
            assert not before or await connection.message() == b"ab"
            await connection.send(frame(Op.CONTINUATION, b"hello", fin=fin))
            assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("op", [Op.TEXT, Op.BINARY])
async def test_a_message_within_another_is_refused(long_pings: Echo, op: Op) -> None:
    """1002."""
    async with raw(long_pings) as connection:
        await connection.send(text("4hel", fin=False), frame(op, b"4lo"))
        assert await connection.closed() == PROTOCOL_ERROR


@pytest.mark.parametrize("bad", BAD_UTF8.values(), ids=BAD_UTF8)
async def test_a_text_that_is_no_utf8_is_refused(long_pings: Echo, bad: bytes) -> None:
    """1007, whole and in parts; bytes may be anything."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.BINARY, bad))
        assert await connection.message() == bad
        await connection.send(frame(Op.TEXT, b"4" + bad))
        assert await connection.closed() == NOT_UTF8
    async with raw(long_pings) as connection:
        await connection.send(
            *_parts(Op.TEXT, [b"4\xce", b"\xba", *(bad[place : place + 1] for place in range(len(bad)))])
        )
        assert await connection.closed() == NOT_UTF8


@pytest.mark.parametrize(
    "character", ["\x00", "\ufeff", "\uffff", "\ufdd0", "\U0010ffff", "\ud7ff", "\ue000"], ids=ascii
)
async def test_every_character_is_one(long_pings: Echo, character: str) -> None:
    """Those too that mean nothing."""
    async with raw(long_pings) as connection:
        await connection.send(text(f"4{character}"))
        assert await connection.message() == f"4{character}"


@pytest.mark.parametrize("op", [Op.TEXT, Op.BINARY])
@pytest.mark.parametrize("declared", [MAX_PAYLOAD + 1, 1 << 32, (1 << 53) - 1])
async def test_too_much_is_refused_when_declared(long_pings: Echo, op: Op, declared: int) -> None:
    """1009 on the length alone: nobody waits for a gigabyte."""
    async with raw(long_pings) as connection:
        await connection.send(frame(op, b"4hello", declared=declared))
        assert await connection.closed() == TOO_BIG


@pytest.mark.parametrize("declared", [1 << 63, (1 << 64) - 1])
async def test_a_length_has_no_sign(long_pings: Echo, declared: int) -> None:
    """The topmost bit must be 0: 1002, or 1009 for one who reads it as a length, as Node.js does."""
    async with raw(long_pings) as connection:
        await connection.send(frame(Op.BINARY, b"hello", declared=declared))
        assert await connection.closed() in {PROTOCOL_ERROR, TOO_BIG}


async def test_too_much_is_refused_in_parts(long_pings: Echo) -> None:
    """1009 as soon as the sum is too much, though each part isn't."""
    async with raw(long_pings) as connection:
        half = b"x" * (MAX_PAYLOAD // 2)
        await connection.send(frame(Op.BINARY, half, fin=False), frame(Op.CONTINUATION, half, fin=False))
        await connection.send(frame(Op.CONTINUATION, b"x", fin=False))
        assert await connection.closed() == TOO_BIG


async def test_just_enough_in_parts(long_pings: Echo) -> None:
    """And again: the sum begins anew with each message."""
    async with raw(long_pings) as connection:
        half = b"x" * (MAX_PAYLOAD // 2)
        for _ in range(2):
            await connection.send(*_parts(Op.BINARY, [half, half]))
            assert await connection.message() == half * 2


async def test_many_frames_in_one_segment(long_pings: Echo) -> None:
    """Small and large, and a piece of the next."""
    messages = [b"%d" % number * (number % 7 * 100 + 1) for number in range(200)]
    async with raw(long_pings) as connection:
        frames = b"".join(frame(Op.BINARY, message) for message in messages)
        await connection.send(frames[:-1])
        assert [await connection.message() for _ in messages[:-1]] == messages[:-1]
        await connection.send(frames[-1:])
        assert await connection.message() == messages[-1]


async def test_byte_by_byte(long_pings: Echo) -> None:
    """However the stream is cut: each byte comes in a segment of its own."""
    async with raw(long_pings) as connection:
        _no_delay(connection)
        stream = text("4ñandú") + frame(Op.PING, b"between") + frame(Op.BINARY, b"x" * 130) + text("4end")
        for byte in stream:
            await connection.send(bytes([byte]))
            await asyncio.sleep(0.001)
        assert await connection.message() == "4ñandú"
        assert await connection.frame() == Frame(Op.PONG, b"between")
        assert [await connection.message(), await connection.message()] == [b"x" * 130, "4end"]


def _no_delay(connection: Raw) -> None:
    connection.writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@pytest.mark.parametrize("cut", [1, 2, 4, 8, 20])
async def test_a_connection_that_breaks_in_a_frame(long_pings: Echo, cut: int) -> None:
    """Reset or ended, in the head, the mask or the payload: the server goes on."""
    async with raw(long_pings) as other:
        for ending in ("reset", "end"):
            async with raw(long_pings) as connection:
                await connection.send(frame(Op.BINARY, b"x" * 200)[:cut])
                if ending == "end":
                    connection.writer.write_eof()
                    await connection.reader.read()
        await other.echoes()
