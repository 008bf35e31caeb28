"""A request as python-socketio hands it to `connect` handlers: a WSGI environ (PEP 3333), made when it is asked for."""

from collections.abc import Iterator, Mapping
from typing import Any

from realtime.engine.handshake import Request
from realtime.engine.sessions import Session

_PLAIN = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


def environ_of(request: Request) -> dict[str, Any]:
    """The environ, with the ASGI scope it stands for under `asgi.scope`."""
    query = request.query.decode("latin-1")
    host, port = request.client() or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "RAW_URI": f"{request.path}?{query}" if query else request.path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": host,
        "REMOTE_PORT": str(port),
        "wsgi.url_scheme": request.scheme,
        "asgi.scope": _scope_of(request),
    }
    for name, value in request.headers.items():
        key = _PLAIN.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        environ[key] = value.decode("latin-1")
    return environ


class Environ(Mapping[str, Any]):
    """The environ of a request, made when something of it is asked for."""

    __slots__ = ("_made", "_request")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._made: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._whole()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def _whole(self) -> dict[str, Any]:
        if self._made is None:
            self._made = environ_of(self._request)
        return self._made


class Environs(Mapping[str, Environ]):
    """The environs of all sessions that still have their request."""

    def __init__(self, sessions: Mapping[str, Session]) -> None:
        self._sessions = sessions

    def __getitem__(self, sid: str) -> Environ:
        request = self._sessions[sid].request
        if request is None:
            raise KeyError(sid)
        return Environ(request)

    def __iter__(self) -> Iterator[str]:
        return (sid for sid, session in self._sessions.items() if session.request is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _scope_of(request: Request) -> dict[str, Any]:
    upgrade = request.headers.get(b"upgrade", b"").lower() == b"websocket"
    return {
        "type": "websocket" if upgrade else "http",
        "method": request.method,
        "path": request.path,
        "query_string": request.query,
        "headers": list(request.headers.items()),
        "scheme": request.scheme,
        "client": request.client(),
    }
