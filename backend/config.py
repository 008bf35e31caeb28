"""The settings: one frozen object from the environment. Read in `backend.bootstrap` only.

`python -m backend.config` prints the table that docs/SETTINGS.md holds.
"""

import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backend import queues_source
from backend.issuers_source import Issuer, issuers
from backend.queues_source import Rate
from backend.services.records import QueueName
from backend.settings_source import (
    SHORTEST_SECRET,
    BadSettings,
    Secret,
    kept_secret,
    number,
    read,
    switch,
    variable,
    words,
)
from rooms import redis_url, sealing

__all__ = ["BadSettings", "Secret", "Settings", "load", "table"]


HIGHEST_PORT = 65_535
_AT_ONCE = "high=32,normal=16,low=8,bulk=2"


def _database(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+asyncpg"):
        return f"postgresql+asyncpg://{rest}"
    if scheme == "sqlite" and separator and rest.strip("/"):
        return url
    raise ValueError("a database is sqlite:///path or postgresql://user:password@host/name")


def _broker(url: str) -> str:
    if url == "memory://":
        return url
    if "redis" not in url.partition("://")[0] and not url.startswith("unix://"):
        raise ValueError("a broker is memory:// or redis://host:port/number")
    redis_url.place(url)
    return url


def _peer(text: str) -> str:
    host, separator, port = text.rpartition(":")
    if not separator or not port.isdecimal() or int(port) > HIGHEST_PORT or not host or "/" in host or "@" in host:
        raise ValueError("a peer address is host:port")
    if host in ("0.0.0.0", "[::]"):  # noqa: S104 - refused, not bound
        raise ValueError("a peer address is one that the other nodes can reach")
    return text


def _broker_keys(text: str) -> Secret:
    sealing.keys_of(text)
    return Secret(text)


def _key(text: str) -> Secret:
    if len(text.encode()) < SHORTEST_SECRET:
        raise ValueError(f"a secret has at least {SHORTEST_SECRET} bytes")
    return Secret(text)


def _percent(text: str) -> Decimal:
    percent = msgspec.convert(text, Decimal)
    if not percent.is_finite() or not 0 < percent <= 100:
        raise ValueError("Expected a number > 0 and <= 100")
    return percent


def _embedded(database_url: str, broker_url: str) -> bool:
    return database_url.startswith("sqlite:") and broker_url == "memory://"


def _doc(text: str, shown: str = "") -> Meta:
    return Meta(description=text, extra={"shown": shown})


Words = Annotated[tuple[str, ...], words]
Seconds = Annotated[float, number, Meta(gt=0, le=31_536_000)]
Days = Annotated[float, number, Meta(gt=0, le=365)]
Bytes = Annotated[int, number, Meta(ge=1_024, le=1_073_741_824)]
Many = Annotated[int, number, Meta(ge=1, le=1_000_000)]
Few = Annotated[int, number, Meta(ge=0, le=100)]
Level = Annotated[str, Meta(pattern="^(debug|info|warning|error)$")]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Every setting with its default. Times are in seconds, sizes in bytes, percentages on cost.

    Raises:
        BadSettings: two of them do not go together.
    """

    data: Annotated[Path, Path, _doc("Folder for what the embedded mode keeps: database, secret, mail.")] = Path("var")
    host: Annotated[str, _doc("Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, number, Meta(ge=0, le=HIGHEST_PORT), _doc("Port to listen on; 0 takes a free one.")] = 8000
    reuse_port: Annotated[
        bool, switch, _doc("Share the port with other nodes of this machine: connections are spread over them.")
    ] = False
    peer_address: Annotated[
        str,
        _peer,
        _doc(
            "`host:port` where the other nodes reach this one, which listens there for them alone. The default is for "
            "nodes of one machine; elsewhere an address in a private network. Port 0 takes a free one."
        ),
    ] = "127.0.0.1:0"
    database_url: Annotated[
        str,
        _database,
        _doc("Database: `sqlite:///path` or `postgresql://user:password@host/name`.", "`sqlite:///{DATA}/spirit.db`"),
    ] = "sqlite:///var/spirit.db"
    broker_url: Annotated[
        str,
        _broker,
        _doc(
            "Broker: `memory://` (one process), `redis://user:password@host:port/number`,"
            " `redis+cluster://user:password@host:port,host:port` (some of the cluster's servers; `redis+aioredis://`"
            " by way of aioredis-cluster) or"
            " `redis+sentinel://user:password@host:port,host:port/name/number` (sentinels, and the master they watch);"
            " TLS: `rediss...://`, with `?ssl_ca_certs=file` if need be."
        ),
    ] = "memory://"
    broker_keys: Annotated[
        Secret,
        _broker_keys,
        _doc(
            "Keys of 32 bytes in base64, separated by commas, that seal what Redis keeps and passes on: the first"
            " seals, all open. The same on every process; to change them, add the new one last everywhere, then put"
            " it first, then take the old one away.",
            "none: nothing is sealed",
        ),
    ] = Secret()
    jwt_secret: Annotated[
        Secret,
        _key,
        _doc(
            "Key that signs access tokens, 32 bytes at least, the same on every node.",
            "made once and kept in DATA (embedded); else required",
        ),
    ] = Secret()
    jwt_issuers: Annotated[
        tuple[Issuer, ...],
        issuers,
        _doc(
            "Other issuers whose access tokens are believed: a JSON list, or a file with one, of "
            "`{issuer, audience, algorithms, jwks_url or keys, subject: id or email}`."
        ),
    ] = ()
    jwks_fresh: Annotated[Seconds, _doc("Age at which keys from a `jwks_url` are fetched again.")] = 300.0
    jwks_again: Annotated[Seconds, _doc("Time between two fetches of one issuer's keys, at least.")] = 10.0
    jwks_kept: Annotated[Seconds, _doc("How long fetched keys are good while their issuer is away.")] = 3_600.0
    demo: Annotated[
        bool,
        switch,
        _doc("Demo data and accounts with a known password; never in production.", "on in the embedded mode"),
    ] = False
    log_level: Annotated[Level, _doc("Least severe log lines to write.")] = "info"
    trusted_proxies: Annotated[Words, _doc("Addresses whose X-Forwarded-For is believed, separated by commas.")] = (
        "127.0.0.1",
    )
    cors_origins: Annotated[
        Words, _doc("Other origins whose pages may call REST and the socket, separated by commas.")
    ] = ()
    metrics_token: Annotated[
        Secret, Secret, _doc("Bearer token for /metrics from elsewhere than this machine.", "none")
    ] = Secret()

    token_ttl: Annotated[Seconds, _doc("Life of an access token.")] = 900.0
    refresh_ttl: Annotated[Seconds, _doc("Life of a refresh token; each use starts it anew.")] = 2_592_000.0
    login_window: Annotated[Seconds, _doc("Time in which a used-up login limit fills again.")] = 60.0
    login_per_address: Annotated[Many, _doc("Logins and failed refreshes of one address in a login window.")] = 30
    login_per_email: Annotated[Many, _doc("Failed logins to one account in a login window.")] = 10
    tell_patience: Annotated[
        Seconds, _doc("Time that a change of rights waits for a broker that is away before it is answered as pending.")
    ] = 5.0
    command_rate: Annotated[Many, _doc("Commands and requests of one user per second, lasting.")] = 20
    command_burst: Annotated[Many, _doc("Commands and requests of one user at once.")] = 60

    connect_rate: Annotated[
        int,
        number,
        Meta(ge=0, le=1_000_000),
        _doc(
            "New connections of one address per second, lasting; 0 does not limit. Of a trusted proxy's, the "
            "address that it forwards."
        ),
    ] = 100
    connect_burst: Annotated[Many, _doc("New connections of one address at once.")] = 1_000
    user_sessions: Annotated[Many, _doc("Connections of one user on all nodes, give or take one a node.")] = 100
    session_rooms: Annotated[Many, _doc("Rooms that one connection may be in.")] = 200

    max_payload: Annotated[Bytes, _doc("Largest message or request body.")] = 262_144
    replay_limit: Annotated[Many, _doc("Most missed events that a join replays; beyond them a snapshot comes.")] = 500
    inbox_page: Annotated[int, number, Meta(ge=1, le=500), _doc("Notifications in one inbox page.")] = 50
    inbox_most: Annotated[Many, _doc("Notifications that wait for one person; beyond them the oldest are dropped.")] = (
        1_000
    )
    inbox_days: Annotated[Days, _doc("Days that a notification waits to be acknowledged.")] = 90.0
    ping_interval: Annotated[Seconds, _doc("Time between heartbeats. [D9]")] = 30.0
    ping_timeout: Annotated[Seconds, _doc("Silence after a heartbeat that ends a connection. [D9]")] = 20.0
    connect_timeout: Annotated[Seconds, _doc("Time in which a connection has to become a session.")] = 10.0
    grace: Annotated[Seconds, _doc("Time that a broken connection has to come back unseen. [D9]")] = 60.0
    expiry_warning: Annotated[Seconds, _doc("How long before its token ends a session is warned.")] = 60.0
    drain: Annotated[Seconds, _doc("Time over which a stopping node closes its connections. [D10]")] = 5.0
    drain_notice: Annotated[
        float,
        number,
        Meta(ge=0, le=3_600),
        _doc("Time before that in which it says it is not ready and still takes connections, for balancers that ask."),
    ] = 0.0
    slow_reader_bytes: Annotated[Bytes, _doc("Unsent bytes after which a slow reader is disconnected. [D7]")] = 262_144
    node_buffer_bytes: Annotated[Bytes, _doc("Unsent bytes of all readers of a node together. [D7]")] = 67_108_864
    compare_interval: Annotated[Seconds, _doc("Time between comparisons of a node's channels with the truth.")] = 5.0
    presence_ttl: Annotated[
        Seconds, _doc("Time after a node's death within which its people enter their grace. [D6]")
    ] = 15.0

    relay_poll: Annotated[Seconds, _doc("Time between the relay's looks at the outbox when nothing wakes it.")] = 0.5
    relay_batch: Annotated[int, number, Meta(ge=1, le=10_000), _doc("Outbox rows that the relay takes at once.")] = 200
    relay_presence: Annotated[Seconds, _doc("Time after which the other relays take over from one that died.")] = 1.5
    clock_poll: Annotated[Seconds, _doc("Time between looks for deadlines that have come.")] = 1.0
    queue_concurrency: Annotated[
        dict[QueueName, int],
        queues_source.concurrency,
        _doc("Turns of workflows that run at once on one worker, by queue.", f"`{_AT_ONCE}`"),
    ] = msgspec.field(default_factory=lambda: queues_source.concurrency(_AT_ONCE))
    queue_rates: Annotated[
        dict[QueueName, Rate],
        queues_source.rates,
        _doc(
            "Turns that should begin in so many seconds on all workers, as in `bulk=100/60`; more were seen to.",
            "none: as they come",
        ),
    ] = {}
    queue_poll: Annotated[
        Seconds, _doc("Time between a worker's looks at its queues; four times that for `low` and `bulk`.")
    ] = 0.5
    worker_lease: Annotated[
        Seconds, _doc("Time after which a worker that gave no sign is dead, and its workflows go on elsewhere.")
    ] = 6.0
    workflow_version: Annotated[
        str,
        Meta(max_length=100),
        _doc(
            "Version of the workflows' code: a turn is gone on with by the version that began it.", "a hash of the code"
        ),
    ] = ""
    workflow_attempts: Annotated[
        Many, _doc("Failures in a row, a worker's death among them, after which a workflow is a dead letter.")
    ] = 10
    workflow_pause: Annotated[
        Seconds, _doc("About how long a workflow that failed waits; twice as long each time that it fails again.")
    ] = 1.0
    workflow_longest_pause: Annotated[Seconds, _doc("The longest that it waits.")] = 300.0
    ops_interval: Annotated[
        Seconds, _doc("Time between what each process tells of itself, for the operations page.")
    ] = 2.0
    document_processes: Annotated[
        int, number, Meta(ge=1, le=64), _doc("Processes that set documents at once; they live while there is work.")
    ] = 2
    cache_bytes: Annotated[
        Bytes,
        _doc(
            "What a process keeps in memory of documents that were set and, in the embedded mode, of what was computed."
        ),
    ] = 33_554_432

    margin_percent: Annotated[Decimal, _percent, _doc("The platform's margin on a hotel's net rate, in percent.")] = (
        Decimal(8)
    )
    offer_revisions: Annotated[Few, _doc("How often a hotel may revise its price.")] = 2
    rfq_extensions: Annotated[Few, _doc("How often an agency may extend a deadline.")] = 2
    deadline_reminder: Annotated[
        Seconds, _doc("How long before an RFQ's deadline those who are asked, and the agency, are reminded of it. [D8]")
    ] = 86_400.0
    rfq_days: Annotated[Days, _doc("Days until a deadline that nobody set.")] = 7.0
    proposal_reminder: Annotated[
        Seconds, _doc("How long before a proposal runs out its client, and the agency, are reminded of it. [D8]")
    ] = 86_400.0
    acceptance_days: Annotated[Days, _doc("Days that a client has to accept.")] = 7.0
    payment_days: Annotated[Days, _doc("Days that a client has to pay a deposit without a due day.")] = 7.0
    line_answer: Annotated[
        Seconds, _doc("Time that a hotel has to confirm what was booked, before the next-best is asked.")
    ] = 172_800.0
    guide_answer: Annotated[Seconds, _doc("Time that a guide has to answer, before the next-best is asked.")] = 86_400.0

    def __post_init__(self) -> None:
        if self.demo and not self.embedded and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise BadSettings("SPIRIT_DEMO is for one machine: its accounts have a known password")
        if not self.embedded and not self.jwt_secret:
            raise BadSettings("SPIRIT_JWT_SECRET is required outside the embedded mode")

    def __repr__(self) -> str:
        """Without the values: there are passwords in URLs."""
        return "Settings(...)"

    @property
    def embedded(self) -> bool:
        """One process with everything in it: SQLite and the broker in memory."""
        return _embedded(self.database_url, self.broker_url)


def load() -> Settings:
    """The settings from the environment, complete: in the embedded mode the secret is made at the first start.

    Raises:
        BadSettings: naming every setting without a sound value, in one line.
    """
    given = read(Settings, os.environ)
    given.setdefault("database_url", f"sqlite:///{given.get('data', 'var')}/spirit.db")
    given.setdefault("demo", _embedded(given["database_url"], given.get("broker_url", "memory://")))
    settings = Settings(**given)
    if settings.jwt_secret:
        return settings
    return msgspec.structs.replace(settings, jwt_secret=kept_secret(settings.data))


def table() -> str:
    """docs/SETTINGS.md: every setting, its default and its line of documentation."""
    return "\n".join((_HEAD, *map(_row, msgspec.structs.fields(Settings)))) + "\n"


_HEAD = """# Settings

From the environment; wrong values are refused at the start. Times are in seconds, sizes in bytes. `DATA` and `PORT` may
also be given without the prefix. Printed by `python -m backend.config`.

| setting | default | what it is |
|---|---|---|"""


def _row(field: msgspec.structs.FieldInfo) -> str:
    doc = next(one for one in field.type.__metadata__ if isinstance(one, Meta) and one.description)
    shown = (doc.extra or {})["shown"] or _shown(field.default)
    return f"| `{variable(field.name)}` | {shown} | {doc.description} |"


def _shown(default: Any) -> str:
    match default:
        case ():
            return "none"
        case tuple(words):
            return f"`{','.join(words)}`"
        case float(number):
            return f"`{number:.15g}`"
        case other:
            return f"`{other}`"


if __name__ == "__main__":
    sys.stdout.write(table())
