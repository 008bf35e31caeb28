"""What a client asks when it connects, on either transport, and how it is refused. Pure."""

import hashlib
from base64 import b64encode
from binascii import Error as BadBase64
from binascii import a2b_base64
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

import orjson

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_VERSION: Final = b"13"
TOO_LARGE: Final = 413

Origins = None | str | Collection[str] | Callable[..., bool]
"""Origins that are served: None is the request's own host, `*` any, an empty collection does not look.

A callable is asked with the origin, and with the request's environ if it takes two.
"""


Client = Callable[[], tuple[str, int] | None]


class Request(NamedTuple):
    """An HTTP request as far as it matters here; header names are in lower case, `client` tells the peer's address."""

    method: str
    path: str
    query: bytes
    headers: Mapping[bytes, bytes]
    scheme: str
    client: Client

    def parameters(self) -> dict[str, str]:
        """The query's parameters; of several with one name, the last."""
        pairs = (part.partition("=") for part in self.query.decode("latin-1").split("&"))
        return {name: unquote_plus(value) for name, _, value in pairs}


class Refused(Exception):
    """The request can't be served; `code` is Engine.IO's, None where HTTP alone says it."""

    def __init__(self, message: str, code: int | None = None, status: int = 400, headers: Any = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.headers: tuple[tuple[bytes, bytes], ...] = tuple(headers)

    @property
    def body(self) -> bytes:
        """JSON, as Engine.IO servers answer."""
        told: dict[str, Any] = {"message": self.message}
        return orjson.dumps(told if self.code is None else {"code": self.code, **told})


def unknown_transport() -> Refused:
    return Refused("Transport unknown", 0)


def unknown_session() -> Refused:
    return Refused("Session ID unknown", 1)


def bad_method() -> Refused:
    return Refused("Bad handshake method", 2)


def bad_request() -> Refused:
    return Refused("Bad request", 3)


def forbidden(message: str = "Forbidden") -> Refused:
    return Refused(message, 4, 403)


def too_large() -> Refused:
    return Refused("Payload too large", None, TOO_LARGE)


def full() -> Refused:
    """Another node may have room."""
    return Refused("Server full", None, 503, ((b"Retry-After", b"1"),))


def stopping() -> Refused:
    """Another node has not stopped."""
    return Refused("Server stops", None, 503, ((b"Retry-After", b"1"),))


def unsupported_revision() -> Refused:
    return Refused("Unsupported protocol version", 5)


def read_request(raw: bytes, scheme: str, client: Client) -> Request:
    """A complete request head, as the HTTP server passes it on.

    Raises:
        Refused: it can't be read.
    """
    lines = raw.split(b"\r\n")
    words = lines[0].split(b" ")
    if len(words) != 3:
        raise bad_request()
    path, _, query = words[1].partition(b"?")
    headers: dict[bytes, bytes] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.lower()] = value.strip()
    return Request(words[0].decode("latin-1"), path.decode("latin-1"), query, headers, scheme, client)


def accept(request: Request) -> bytes:
    """The answer that makes the connection a WebSocket (RFC 6455, 4.2).

    Raises:
        Refused: the request asks for something else.
    """
    key = request.headers.get(b"sec-websocket-key", b"")
    if request.method != "GET" or b"upgrade" not in request.headers.get(b"connection", b"").lower():
        raise bad_request()
    if request.headers.get(b"upgrade", b"").lower() != b"websocket":
        raise bad_request()
    if request.headers.get(b"sec-websocket-version") != _VERSION:
        raise Refused("Unsupported WebSocket version", None, 426, ((b"Sec-WebSocket-Version", _VERSION),))
    if not _is_key(key):
        raise bad_request()
    digest = b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + digest
        + b"\r\n\r\n"
    )


def refusal(refused: Refused) -> bytes:
    """The answer to a request that does not become a WebSocket."""
    lines = [
        b"HTTP/1.1 %d Refused" % refused.status,
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(refused.body),
        b"Connection: close",
        *(name + b": " + value for name, value in refused.headers),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + refused.body


def may_come_from(request: Request, allowed: Origins) -> bool:
    """Whether the request's origin is served; requests that no browser made have none."""
    origin = request.headers.get(b"origin", b"").decode("latin-1")
    if not origin or allowed == "*":
        return True
    if callable(allowed):
        return bool(allowed(origin))
    if allowed is None:
        return origin in _own_origins(request)
    return not allowed or origin in ((allowed,) if isinstance(allowed, str) else allowed)


def _own_origins(request: Request) -> set[str]:
    """The request's own host, as this server was asked and as a proxy before it was."""
    headers = request.headers
    own = {f"{request.scheme}://{headers.get(b'host', b'').decode('latin-1')}"}
    if b"x-forwarded-proto" in headers or b"x-forwarded-host" in headers:
        scheme = _first(headers.get(b"x-forwarded-proto", request.scheme.encode()))
        host = _first(headers.get(b"x-forwarded-host", headers.get(b"host", b"")))
        own.add(f"{scheme}://{host}")
    return own


def _first(value: bytes) -> str:
    return value.partition(b",")[0].strip().decode("latin-1")


def _is_key(key: bytes) -> bool:
    try:
        return len(a2b_base64(key)) == 16
    except BadBase64:
        return False
