"""[S2.1] WebSocket (RFC 6455, 4): opening."""

import pytest

from tests.wire.engine.echo import Echo
from tests.wire.engine.frames import QUERY, accept_of, ask, handshake, lines


def test_the_rfcs_example() -> None:
    """Our own arithmetic."""
    assert accept_of("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"Upgrade": "WebSocket", "Connection": "keep-alive, Upgrade"},
        {"Upgrade": "WEBSOCKET", "Connection": "upgrade"},
        {"Origin": "http://somewhere.example", "Cookie": "a=b", "User-Agent": "x" * 2_000},
        {"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"},
        {"Sec-WebSocket-Extensions": "no-such-extension"},
    ],
    ids=["plain", "keep-alive", "upper case", "browser", "deflate", "unknown extension"],
)
async def test_a_good_handshake(long_pings: Echo, changed: dict[str, str]) -> None:
    """101 with the key's answer; no extension that was not offered, no subprotocol."""
    headers = handshake() | changed
    answer, _, writer = await ask(long_pings, lines(headers))
    writer.close()
    assert answer.status == 101
    assert answer.headers["upgrade"].lower() == "websocket"
    assert answer.headers["connection"].lower() == "upgrade"
    assert answer.headers["sec-websocket-accept"] == accept_of(headers["Sec-WebSocket-Key"])
    assert "sec-websocket-protocol" not in answer.headers
    offered = changed.get("Sec-WebSocket-Extensions", "")
    assert not answer.headers.get("sec-websocket-extensions") or offered.startswith("permessage-deflate")


async def test_header_names_have_no_case(long_pings: Echo) -> None:
    """As in all of HTTP."""
    answer, _, writer = await ask(long_pings, [line.lower() for line in lines(handshake("A" * 22 + "=="))])
    writer.close()
    assert answer.status == 101


@pytest.mark.parametrize("version", ["0", "8", "12", "14", "255", "x", None])
async def test_another_version_is_told_ours(long_pings: Echo, version: str | None) -> None:
    """426 and the version that is spoken here. Node.js answers 400 with the header, and takes version 8."""
    headers = handshake()
    del headers["Sec-WebSocket-Version"]
    answer, _, writer = await ask(long_pings, lines(headers | ({"Sec-WebSocket-Version": version} if version else {})))
    writer.close()
    assert answer.status == 426
    assert answer.headers["sec-websocket-version"] == "13"


@pytest.mark.parametrize("key", [None, "", "short", "A" * 21 + "===", "A" * 30 + "==", "*" * 22 + "=="])
async def test_a_key_must_be_sixteen_bytes(long_pings: Echo, key: str | None) -> None:
    """400 for anything else."""
    headers = handshake()
    del headers["Sec-WebSocket-Key"]
    answer, _, writer = await ask(long_pings, lines(headers | ({"Sec-WebSocket-Key": key} if key is not None else {})))
    writer.close()
    assert answer.status == 400


@pytest.mark.parametrize("header", ["Upgrade", "Connection"])
async def test_a_request_without_upgrade_is_refused(long_pings: Echo, header: str) -> None:
    """It is plain HTTP then, which this transport isn't: 400."""
    headers = handshake()
    del headers[header]
    answer, _, writer = await ask(long_pings, lines(headers))
    writer.close()
    assert answer.status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_only_a_get_is_a_handshake(long_pings: Echo, method: str) -> None:
    """Nothing else is answered with 101."""
    answer, _, writer = await ask(long_pings, lines(handshake()), f"{method} {QUERY} HTTP/1.1")
    writer.close()
    assert answer.status in {400, 405}


async def test_a_path_that_is_not_served(long_pings: Echo) -> None:
    """Refused with a status; Node.js ends the connection without one."""
    answer, _, writer = await ask(long_pings, lines(handshake()), "GET /nowhere/?EIO=4&transport=websocket HTTP/1.1")
    writer.close()
    assert 400 <= answer.status < 500
