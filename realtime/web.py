"""The browser app's files, read once at the start: nothing on disk can be asked for by a name of a client's."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

DIST = Path(__file__).resolve().parent.parent / "web" / "dist"
INDEX = "/index.html"
_SMALL = 1_024
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")

# Mantine writes style elements, so styles may be inline; scripts never are.
_POLICY = (
    "default-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class _File(msgspec.Struct, frozen=True):
    """A file as it is served; `packed` is its gzip form where that is worth it."""

    body: bytes
    packed: bytes | None
    headers: Mapping[str, str]
    etag: str


class WebApp:
    """Serves the built app: its files by their names, and its page for every other path that names no file."""

    def __init__(self, folder: Path = DIST) -> None:
        self._files = {f"/{path.relative_to(folder).as_posix()}": _read(path) for path in _walk(folder)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._respond(scope)(scope, receive, send)

    def _respond(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return PlainTextResponse("Method not allowed.", 405, {**HEADERS, "Allow": "GET, HEAD"})
        path: str = scope["path"]
        name = path if path in self._files or "." in path.rpartition("/")[2] else INDEX
        file = self._files.get(name)
        if file is None:
            return PlainTextResponse(_missing(name), 404, dict(HEADERS))
        return _answer(file, _header(scope, b"if-none-match"), "gzip" in _header(scope, b"accept-encoding"))


def _answer(file: _File, known: str, gzipped: bool) -> Response:
    if known == file.etag:
        return Response(status_code=304, headers=dict(file.headers))
    if gzipped and file.packed is not None:
        return Response(file.packed, headers={**file.headers, "Content-Encoding": "gzip"})
    return Response(file.body, headers=dict(file.headers))


def _read(path: Path) -> _File:
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    text = kind.startswith(_TEXT)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {
        **HEADERS,
        "Content-Type": f"{kind}; charset=utf-8" if text else kind,
        "Cache-Control": _FOREVER if path.parent.name == "assets" else _ASK_AGAIN,
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    packed = gzip.compress(body, 6, mtime=0) if text and len(body) > _SMALL else None
    return _File(body, packed, headers, etag)


def _walk(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())


def _missing(name: str) -> str:
    return "The web app is not built: run `make web`." if name == INDEX else "Not found."


def _header(scope: Scope, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
