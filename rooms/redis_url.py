"""Where Redis servers are, and who we are to them, as a URL says.

`redis://user:password@host:port/db`, `rediss://` for the same over TLS, `unix://user:password@/path?db=2`. A cluster is
`redis+cluster://user:password@host:port,host:port` with some of its servers, or `redis+aioredis://` for the same by way
of aioredis-cluster, if that is installed; a server that sentinels watch is
`redis+sentinel://user:password@host:port,host:port/name/db` with theirs, who are told `sentinel_user` and
`sentinel_password`; `rediss+...` for both over TLS. Certificates are verified unless `ssl_cert_reqs=none`;
`ssl_ca_certs`, `ssl_certfile` and `ssl_keyfile` name files.
"""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

_TLS = frozenset({"ssl_ca_certs", "ssl_cert_reqs", "ssl_certfile", "ssl_keyfile"})
_LOGIN = frozenset({"sentinel_user", "sentinel_password"})
_OPTIONS = {
    "redis": frozenset({"db"}),
    "unix": frozenset({"db"}),
    "rediss": _TLS | {"db"},
    "redis+cluster": frozenset[str](),
    "rediss+cluster": _TLS,
    "redis+aioredis": frozenset[str](),
    "rediss+aioredis": _TLS,
    "redis+sentinel": _LOGIN,
    "rediss+sentinel": _LOGIN | _TLS,
}
_SENTINEL_PORT = 26_379


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


@dataclass(frozen=True)
class Cluster:
    """Some servers of a cluster, which know the others. `aioredis`: spoken to by aioredis-cluster."""

    seeds: tuple[Address, ...]
    aioredis: bool = False


@dataclass(frozen=True)
class Sentinels:
    """Sentinels that know where the master `name` is. `master` says all about it but where."""

    name: str
    sentinels: tuple[Address, ...]
    master: Address


Place = Address | Cluster | Sentinels


def place(url: str) -> Place:
    """What a URL names. Raises ValueError, without repeating the URL: it may hold a password."""
    parts = urlsplit(url)
    if parts.scheme not in _OPTIONS:
        known = (
            "a Redis server is redis://, rediss:// or unix://; there are redis+cluster:// and redis+sentinel://, too"
        )
        raise ValueError(known)
    options = dict(parse_qsl(parts.query))
    unknown = sorted(options.keys() - _OPTIONS[parts.scheme])
    if unknown:
        raise ValueError(f"{parts.scheme}:// has no option {', '.join(unknown)}")
    transport, _, kind = parts.scheme.partition("+")
    if not kind:
        return _server(parts, options)
    login, _, hosts = parts.netloc.rpartition("@")
    servers = [urlsplit(f"redis://{host}") for host in hosts.split(",")]
    if not all(server.hostname for server in servers):
        raise ValueError(f"{parts.scheme}:// names hosts, separated by commas")
    who = _server(urlsplit(f"{transport}://{login}@"), options)
    if kind in ("cluster", "aioredis"):
        if parts.path.strip("/") not in ("", "0"):
            raise ValueError("a cluster has one database")
        seeds = tuple(replace(who, host=one.hostname or "", port=one.port or who.port) for one in servers)
        return Cluster(seeds, aioredis=kind == "aioredis")
    return _sentinels(parts.path, options, servers, who)


def parse(url: str) -> Address:
    """The one server that a URL names. Raises ValueError, as `place` does."""
    named = place(url)
    if isinstance(named, Address):
        return named
    raise ValueError("one server is redis://, rediss:// or unix://")


def _sentinels(path: str, options: dict[str, str], servers: Sequence[SplitResult], who: Address) -> Sentinels:
    name, _, db = path.strip("/").partition("/")
    if not name:
        raise ValueError("sentinels are asked for a master by its name: redis+sentinel://host:port/name/database")
    guard = Address(user=options.get("sentinel_user"), password=options.get("sentinel_password"), tls=who.tls)
    at = [replace(guard, host=one.hostname or "", port=one.port or _SENTINEL_PORT) for one in servers]
    return Sentinels(unquote(name), tuple(at), replace(who, db=_number(db)))


def _server(parts: SplitResult, options: dict[str, str]) -> Address:
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
