"""The environ that connect handlers get: what python-socketio's documents promise, made when it is asked for."""

import pytest

from realtime.engine.environ import Environ, Environs, environ_of
from realtime.engine.handshake import Request
from realtime.engine.server import Engine

HEADERS = {
    b"host": b"live.example",
    b"content-type": b"text/plain",
    b"content-length": b"3",
    b"x-forwarded-for": b"192.0.2.9",
    b"x-name": b"M\xe9",
    b"upgrade": b"WebSocket",
}
REQUEST = Request("GET", "/socket.io/", b"EIO=4&token=a%20b", HEADERS, "https", lambda: ("192.0.2.7", 4711))


def test_it_is_a_wsgi_environ() -> None:
    """PEP 3333: texts are latin-1, two headers have names of their own."""
    environ = environ_of(REQUEST)
    scope = environ.pop("asgi.scope")
    assert environ == {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/socket.io/",
        "RAW_URI": "/socket.io/?EIO=4&token=a%20b",
        "QUERY_STRING": "EIO=4&token=a%20b",
        "SCRIPT_NAME": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "REMOTE_PORT": "4711",
        "wsgi.url_scheme": "https",
        "HTTP_HOST": "live.example",
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "3",
        "HTTP_X_FORWARDED_FOR": "192.0.2.9",
        "HTTP_X_NAME": "Mé",
        "HTTP_UPGRADE": "WebSocket",
    }
    assert scope["type"] == "websocket"
    assert (scope["path"], scope["query_string"], scope["client"]) == (
        "/socket.io/",
        REQUEST.query,
        ("192.0.2.7", 4711),
    )
    assert dict(scope["headers"]) == HEADERS


def test_a_poll_without_a_query_from_nobody_known() -> None:
    environ = environ_of(Request("GET", "/socket.io/", b"", {}, "http", lambda: None))
    assert (environ["RAW_URI"], environ["REMOTE_ADDR"], environ["REMOTE_PORT"]) == ("/socket.io/", "", "0")
    assert environ["asgi.scope"]["type"] == "http"


def test_it_is_a_mapping_that_is_made_once() -> None:
    environ = Environ(REQUEST)
    assert environ["asgi.scope"] is environ["asgi.scope"]
    assert dict(environ).keys() == environ_of(REQUEST).keys()
    assert len(environ) == len(environ_of(REQUEST))
    assert environ.get("HTTP_COOKIE") is None
    assert "HTTP_HOST" in environ


@pytest.mark.asyncio
async def test_every_session_has_one_until_its_request_is_let_go() -> None:
    engine = Engine()
    one, other = engine.open(REQUEST), engine.open(REQUEST)
    environs = Environs(engine.sockets)
    other.request = None
    assert list(environs) == [one.sid]
    assert len(environs) == 1
    assert environs[one.sid]["REMOTE_ADDR"] == "192.0.2.7"
    for gone in (other.sid, "never"):
        assert environs.get(gone) is None
    await engine.shutdown()
