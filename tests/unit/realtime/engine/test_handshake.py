"""What a request has to be to become a session, and how it is refused."""

import base64
import http.client
import io
import json
from typing import Any

import pytest

from realtime.engine import handshake
from realtime.engine.handshake import Origins, Refused, Request, accept, may_come_from, read_request, refusal
from realtime.engine.server import Engine

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
HEADERS = {
    "Host": "live.example",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": KEY.decode(),
    "Sec-WebSocket-Version": "13",
}


def request(line: str = "GET /socket.io/?EIO=4 HTTP/1.1", scheme: str = "http", **headers: str | None) -> Request:
    """A good one, but for these headers (with underscores for dashes; None leaves one out)."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in {**HEADERS, **named}.items() if value is not None]
    return read_request("\r\n".join([line, *lines, "", ""]).encode("latin-1"), scheme, lambda: ("192.0.2.7", 4711))


def test_a_request_is_read() -> None:
    read = request("GET /socket.io/?EIO=4&transport=websocket&a=b%20c+d&a=last HTTP/1.1", cookie="a=b: c")
    assert (read.method, read.path, read.scheme, read.client()) == ("GET", "/socket.io/", "http", ("192.0.2.7", 4711))
    assert read.parameters() == {"EIO": "4", "transport": "websocket", "a": "last"}
    assert (read.headers[b"host"], read.headers[b"cookie"]) == (b"live.example", b"a=b: c")


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"GET /\r\n\r\n", b"GET / a b HTTP/1.1\r\n\r\n"])
def test_what_is_no_request_is_refused(raw: bytes) -> None:
    """[S2]"""
    with pytest.raises(Refused) as refused:
        read_request(raw, "http", lambda: None)
    assert (refused.value.status, refused.value.code) == (400, 3)


@pytest.mark.parametrize("query", ["", "&&&", "=", "a", "%", "%zz=%", "a=%ff", "a=1&a", "\xff=\xfe"])
def test_any_query_has_parameters(query: str) -> None:
    """[S2]"""
    for name, value in request(f"GET /socket.io/?{query} HTTP/1.1").parameters().items():
        assert isinstance(name, str)
        assert isinstance(value, str)


def test_the_key_is_answered_as_in_the_rfc() -> None:
    """RFC 6455, 1.3."""
    head = accept(request())
    answer = _response(head)
    assert (answer.status, answer.headers["upgrade"], answer.headers["connection"]) == (101, "websocket", "Upgrade")
    assert answer.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="


@pytest.mark.parametrize(
    "wrong",
    [
        {"Upgrade": None},
        {"Upgrade": "h2c"},
        {"Connection": None},
        {"Connection": "keep-alive"},
        {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Key": ""},
        {"Sec_WebSocket_Key": "not base64 at all!"},
        {"Sec_WebSocket_Key": base64.b64encode(b"fifteen bytes..").decode()},
        {"Sec_WebSocket_Key": base64.b64encode(b"seventeen bytes..").decode()},
        {"line": "POST /socket.io/ HTTP/1.1"},
    ],
)
def test_what_asks_for_no_websocket_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        accept(request(**wrong))
    assert refused.value.status == 400


@pytest.mark.parametrize("version", [None, "", "8", "14", "13, 8", "x"])
def test_another_version_is_told_the_one_there_is(version: str | None) -> None:
    """RFC 6455, 4.4."""
    with pytest.raises(Refused) as refused:
        accept(request(Sec_WebSocket_Version=version))
    answer = _response(refusal(refused.value))
    assert (answer.status, answer.headers["sec-websocket-version"]) == (426, "13")


@pytest.mark.parametrize(
    ("refused", "status", "code"),
    [
        (handshake.unknown_transport(), 400, 0),
        (handshake.unknown_session(), 400, 1),
        (handshake.bad_method(), 400, 2),
        (handshake.bad_request(), 400, 3),
        (handshake.forbidden(), 403, 4),
        (handshake.unsupported_revision(), 400, 5),
        (Refused("Not found", None, 404), 404, None),
        (Refused("Told “so” \r\n\r\n twice", None, 400, [(b"X-Why", b"because")]), 400, None),
    ],
)
def test_a_refusal_is_a_whole_http_response(refused: Refused, status: int, code: int | None) -> None:
    """As Python's own client reads it, to the last byte."""
    answer = _response(refusal(refused))
    body = json.loads(answer.read())
    assert (answer.status, body.get("code"), body["message"]) == (status, code, refused.message)
    assert (answer.headers["content-type"], answer.headers["connection"]) == ("application/json", "close")


def test_a_callable_may_ask_for_the_environ() -> None:
    """As with the stock engine; one that takes the origin alone gets that alone."""
    asked: list[object] = []

    def alone(origin: str) -> bool:
        asked.append(origin)
        return True

    def both(origin: str, environ: Any) -> bool:
        asked.append((origin, environ["HTTP_HOST"]))
        return False

    given = request(Origin="https://a.test")
    assert Engine(cors_allowed_origins=alone).may_come(given)
    assert not Engine(cors_allowed_origins=both).may_come(given)
    assert Engine(cors_allowed_origins=both).may_come(request())
    assert asked == ["https://a.test", ("https://a.test", "live.example")]


SAME_HOST = "https://live.example"
SHOP = {"X_Forwarded_Host": "shop.test, b"}


@pytest.mark.parametrize(
    ("origin", "allowed", "served"),
    [
        (None, None, True),
        (None, [SAME_HOST], True),
        (SAME_HOST, "*", True),
        ("null", "*", True),
        (SAME_HOST, [], True),
        ("https://other.example", [], True),
        (SAME_HOST, SAME_HOST, True),
        ("https://live.example.evil.test", SAME_HOST, False),
        ("https://live", SAME_HOST, False),
        ("http://live.example", SAME_HOST, False),
        (SAME_HOST, ["https://a.test", SAME_HOST], True),
        (SAME_HOST, ("https://a.test",), False),
        (SAME_HOST, {SAME_HOST}, True),
        ("https://a.test", lambda origin: origin.endswith(".test"), True),
        ("https://a.example", lambda origin: origin.endswith(".test"), False),
        ("https://a.test", lambda origin: None, False),
        ("null", None, False),
        ("null", SAME_HOST, False),
    ],
)
def test_origins(origin: str | None, allowed: Origins, served: bool) -> None:
    assert may_come_from(request(Origin=origin), allowed) is served


@pytest.mark.parametrize(
    ("scheme", "headers", "served"),
    [
        ("http", {"Origin": "http://live.example"}, True),
        ("https", {"Origin": "https://live.example"}, True),
        ("https", {"Origin": "http://live.example"}, False),
        ("http", {"Origin": "http://live.example:8000"}, False),
        ("http", {"Origin": "http://live.example:8000", "Host": "live.example:8000"}, True),
        ("http", {"Origin": "http://evil.test"}, False),
        ("http", {"Origin": "https://live.example", "X_Forwarded_Proto": "https"}, True),
        (
            "http",
            {"Origin": "https://shop.test", "X_Forwarded_Proto": "https, http", "X_Forwarded_Host": "shop.test, b"},
            True,
        ),
        ("http", {"Origin": "http://shop.test", "X_Forwarded_Host": "shop.test"}, True),
        ("http", {"Origin": "https://b", "X_Forwarded_Proto": "https", **SHOP}, False),
        ("http", {"Origin": "http://", "Host": None}, True),
        ("http", {"Origin": "http://live.example", "Host": None}, False),
    ],
)
def test_without_a_list_it_is_the_own_host(scheme: str, headers: dict[str, str | None], served: bool) -> None:
    """As this server was asked, or as a proxy before it was."""
    assert may_come_from(request("GET / HTTP/1.1", scheme, **headers), None) is served


class _Socket(io.BytesIO):
    def makefile(self, *_: object) -> "_Socket":
        return self


def _response(raw: bytes) -> http.client.HTTPResponse:
    answer = http.client.HTTPResponse(_Socket(raw))  # type: ignore[arg-type]
    answer.begin()
    return answer
