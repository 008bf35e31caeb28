"""The settings: one frozen object from the environment, prefix `SPIRIT_`. Read in `backend.bootstrap` only.

`python -m backend.config` prints the table that docs/SETTINGS.md holds.
"""

import contextlib
import os
import secrets
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rooms import redis_url

PREFIX = "SPIRIT_"
SHORTEST_SECRET = 32


class BadSettings(ValueError):
    """Some settings have no sound value; the message is one line that names each and says what is wrong."""


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
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("a broker is memory:// or redis://host:port/number")
    redis_url.parse(url)
    return url


def _secret(secret: SecretStr) -> SecretStr:
    if secret.get_secret_value() and len(secret.get_secret_value().encode()) < SHORTEST_SECRET:
        raise ValueError(f"a secret has at least {SHORTEST_SECRET} bytes")
    return secret


def _words(value: object) -> object:
    return [word.strip() for word in value.split(",") if word.strip()] if isinstance(value, str) else value


def _embedded(database_url: str, broker_url: str) -> bool:
    return database_url.startswith("sqlite:") and broker_url == "memory://"


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_words)]
Seconds = Annotated[float, Field(gt=0, le=31_536_000)]
Bytes = Annotated[int, Field(ge=1_024, le=1_073_741_824)]
Many = Annotated[int, Field(ge=1, le=1_000_000)]
Few = Annotated[int, Field(ge=0, le=100)]


def _setting(default: Any, description: str, *names: str) -> Any:
    aliases = AliasChoices(*names) if names else None
    return Field(default=default, description=description, validation_alias=aliases)


def _derived(default: Callable[[dict[str, Any]], Any], shown: str, description: str) -> Any:
    return Field(default_factory=default, description=description, json_schema_extra={"shown": shown})


class Settings(BaseSettings):
    """Every setting with its default. Times are in seconds, sizes in bytes, percentages on cost."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", env_ignore_empty=True)

    data: Path = _setting(
        Path("var"), "Folder for what the embedded mode keeps: database, secret, mail.", "SPIRIT_DATA", "DATA"
    )
    host: str = _setting("127.0.0.1", "Address to listen on.")
    port: Annotated[int, Field(ge=0, le=65_535)] = _setting(
        8000, "Port to listen on; 0 takes a free one.", "SPIRIT_PORT", "PORT"
    )
    database_url: Annotated[str, AfterValidator(_database)] = _derived(
        lambda known: f"sqlite:///{known.get('data', 'var')}/spirit.db",
        "`sqlite:///{DATA}/spirit.db`",
        "Database: `sqlite:///path` or `postgresql://user:password@host/name`.",
    )
    broker_url: Annotated[str, AfterValidator(_broker)] = _setting(
        "memory://", "Broker: `memory://` (one process) or `redis://user:password@host:port/number`; TLS: `rediss://`."
    )
    jwt_secret: Annotated[SecretStr, AfterValidator(_secret)] = Field(
        default=SecretStr(""),
        description="Key that signs access tokens, 32 bytes at least, the same on every node.",
        json_schema_extra={"shown": "made once and kept in DATA (embedded); else required"},
    )
    demo: bool = _derived(
        lambda known: _embedded(known.get("database_url", ""), known.get("broker_url", "")),
        "on in the embedded mode",
        "Demo data and accounts with a known password; never in production.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = _setting("info", "Least severe log lines to write.")
    trusted_proxies: Words = _setting(
        ("127.0.0.1",), "Addresses whose X-Forwarded-For is believed, separated by commas."
    )
    cors_origins: Words = _setting((), "Other origins whose pages may call REST and the socket, separated by commas.")
    metrics_token: SecretStr | None = _setting(None, "Bearer token for /metrics from elsewhere than this machine.")

    token_ttl: Seconds = _setting(900.0, "Life of an access token.")
    refresh_ttl: Seconds = _setting(2_592_000.0, "Life of a refresh token; each use starts it anew.")
    login_window: Seconds = _setting(60.0, "Time in which a used-up login limit fills again.")
    login_per_address: Many = _setting(30, "Logins and failed refreshes of one address in a login window.")
    login_per_email: Many = _setting(10, "Failed logins to one account in a login window.")
    command_rate: Many = _setting(20, "Commands and requests of one user per second, lasting.")
    command_burst: Many = _setting(60, "Commands and requests of one user at once.")

    max_payload: Bytes = _setting(262_144, "Largest message or request body.")
    replay_limit: Many = _setting(500, "Most missed events that a join replays; beyond them a snapshot comes.")
    inbox_page: Annotated[int, Field(ge=1, le=500)] = _setting(50, "Notifications in one inbox page.")
    ping_interval: Seconds = _setting(30.0, "Time between heartbeats. [D9]")
    ping_timeout: Seconds = _setting(20.0, "Silence after a heartbeat that ends a connection. [D9]")
    connect_timeout: Seconds = _setting(10.0, "Time in which a connection has to become a session.")
    grace: Seconds = _setting(60.0, "Time that a broken connection has to come back unseen. [D9]")
    expiry_warning: Seconds = _setting(60.0, "How long before its token ends a session is warned.")
    drain: Seconds = _setting(5.0, "Time over which a stopping node closes its connections. [D10]")
    slow_reader_bytes: Bytes = _setting(262_144, "Unsent bytes after which a slow reader is disconnected. [D7]")
    node_buffer_bytes: Bytes = _setting(67_108_864, "Unsent bytes of all readers of a node together. [D7]")
    compare_interval: Seconds = _setting(5.0, "Time between comparisons of a node's channels with the truth.")
    presence_ttl: Seconds = _setting(15.0, "Life of a presence entry that its node no longer confirms. [D6]")

    relay_poll: Seconds = _setting(0.5, "Time between the relay's looks at the outbox when nothing wakes it.")
    relay_batch: Annotated[int, Field(ge=1, le=10_000)] = _setting(200, "Outbox rows that the relay takes at once.")
    clock_poll: Seconds = _setting(1.0, "Time between looks for deadlines that have come.")

    margin_percent: Annotated[Decimal, Field(gt=0, le=100)] = _setting(
        Decimal(8), "The platform's margin on a hotel's net rate, in percent."
    )
    offer_revisions: Few = _setting(2, "How often a hotel may revise its price.")
    rfq_extensions: Few = _setting(2, "How often an agency may extend a deadline.")
    deadline_reminder: Seconds = _setting(
        86_400.0, "How long before an RFQ's deadline those who are asked, and the agency, are reminded of it. [D8]"
    )
    rfq_days: Annotated[float, Field(gt=0, le=365)] = _setting(7.0, "Days until a deadline that nobody set.")
    acceptance_days: Annotated[float, Field(gt=0, le=365)] = _setting(7.0, "Days that a client has to accept.")

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.demo and not self.embedded and self.host not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError("SPIRIT_DEMO is for one machine: its accounts have a known password")
        if not self.embedded and not self.jwt_secret.get_secret_value():
            raise ValueError("SPIRIT_JWT_SECRET is required outside the embedded mode")
        return self

    @property
    def embedded(self) -> bool:
        """One process with everything in it: SQLite and the broker in memory."""
        return _embedded(self.database_url, self.broker_url)


def load() -> Settings:
    """The settings from the environment, complete: in the embedded mode the secret is made at the first start.

    Raises:
        BadSettings: naming every setting without a sound value, in one line.
    """
    try:
        settings = Settings()
    except ValidationError as wrong:
        raise BadSettings("; ".join(_told(error) for error in _own(wrong))) from None
    if settings.jwt_secret.get_secret_value():
        return settings
    try:
        return settings.model_copy(update={"jwt_secret": SecretStr(_kept_secret(settings.data))})
    except OSError as wrong:
        raise BadSettings(f"SPIRIT_DATA: {settings.data} cannot be used ({wrong.strerror})") from None


def _own(wrong: ValidationError) -> list[ErrorDetails]:
    """Its errors without those that only follow from another's."""
    return [error for error in wrong.errors(include_url=False) if error["type"] != "default_factory_not_called"]


def _told(error: ErrorDetails) -> str:
    message = error["msg"].removeprefix("Value error, ")
    name = ".".join(str(part) for part in error["loc"][:1])
    return f"{_variable(name)}: {message}" if name else message


def _variable(name: str) -> str:
    return name.upper() if name.startswith(PREFIX) else f"{PREFIX}{name.upper()}"


def _kept_secret(data: Path) -> str:
    """The secret kept in the data folder, readable by its owner alone; of two first starts one makes it."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "jwt.secret"
    if not path.exists():
        _make_secret(path)
    secret = path.read_text().strip()
    if len(secret.encode()) < SHORTEST_SECRET:
        raise BadSettings(f"{path}: a secret has at least {SHORTEST_SECRET} bytes")
    return secret


def _make_secret(path: Path) -> None:
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(48))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
    finally:
        made.unlink()


def table() -> str:
    """docs/SETTINGS.md: every setting, its default and its line of documentation."""
    rows = [
        f"| `{_variable(name)}` | {_shown(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join((_HEAD, *rows)) + "\n"


_HEAD = """# Settings

From the environment; wrong values are refused at the start. Times are in seconds, sizes in bytes. `DATA` and `PORT` may
also be given without the prefix. Printed by `python -m backend.config`.

| setting | default | what it is |
|---|---|---|"""


def _shown(field: FieldInfo) -> str:
    if isinstance(field.json_schema_extra, dict):
        return str(field.json_schema_extra["shown"])
    match field.default:
        case None | ():
            return "none"
        case tuple(words):
            return f"`{','.join(words)}`"
        case float(number):
            return f"`{number:.15g}`"
        case other:
            return f"`{other}`"


if __name__ == "__main__":
    sys.stdout.write(table())
