"""Where a Redis server is, and who we are to it, as a URL says.

`redis://user:password@host:port/db`, `rediss://` for the same over TLS, `unix://user:password@/path?db=2`. The server's
certificate is verified unless `ssl_cert_reqs=none`; `ssl_ca_certs`, `ssl_certfile` and `ssl_keyfile` name files.
"""

import ssl
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

_OPTIONS = {
    "redis": frozenset({"db"}),
    "unix": frozenset({"db"}),
    "rediss": frozenset({"db", "ssl_ca_certs", "ssl_cert_reqs", "ssl_certfile", "ssl_keyfile"}),
}


@dataclass(frozen=True)
class Address:
    """A server, and how to introduce oneself. `path` is that of a unix socket, instead of host and port."""

    host: str = "localhost"
    port: int = 6379
    path: str | None = None
    db: int = 0
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None


def parse(url: str) -> Address:
    """The address that a URL names. Raises ValueError, without repeating the URL: it may hold a password."""
    parts = urlsplit(url)
    if parts.scheme not in _OPTIONS:
        raise ValueError("a Redis server is redis://, rediss:// or unix://")
    options = dict(parse_qsl(parts.query))
    unknown = sorted(options.keys() - _OPTIONS[parts.scheme])
    if unknown:
        raise ValueError(f"{parts.scheme}:// has no option {', '.join(unknown)}")
    is_unix = parts.scheme == "unix"
    if is_unix and not parts.path:
        raise ValueError("unix:// needs the path of a socket")
    return Address(
        host=parts.hostname or "localhost",
        port=parts.port or 6379,
        path=unquote(parts.path) if is_unix else None,
        db=_number(options.get("db") or ("" if is_unix else parts.path.strip("/"))),
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=_tls(options) if parts.scheme == "rediss" else None,
    )


def _number(db: str) -> int:
    if db and not db.isdecimal():
        raise ValueError("a Redis database is a number")
    return int(db or 0)


def _tls(options: dict[str, str]) -> ssl.SSLContext:
    verified = options.get("ssl_cert_reqs", "required")
    if verified not in ("none", "required"):
        raise ValueError("ssl_cert_reqs is none or required")
    try:
        context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
        if "ssl_certfile" in options:
            context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
    except OSError as error:
        raise ValueError(f"cannot read the certificates: {error}") from error
    if verified == "none":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
