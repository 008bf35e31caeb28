"""Settings: one frozen object, wrong values refused at the start in one clear line."""

import os
import stat
import subprocess
import sys
import traceback
from decimal import Decimal
from pathlib import Path

import pytest

from backend.config import BadSettings, Settings, load, table

SCALED = {"SPIRIT_DATABASE_URL": "postgresql://u:p@db/spirit", "SPIRIT_BROKER_URL": "redis://r:6379/0"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("SPIRIT_") or name in ("PORT", "DATA"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATA", str(tmp_path / "var"))


def give(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_set_is_the_embedded_mode(tmp_path: Path) -> None:
    settings = load()
    assert settings.embedded
    assert settings.demo
    assert settings.database_url == f"sqlite:///{tmp_path}/var/spirit.db"


def test_the_embedded_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = load().jwt_secret.reveal(), load().jwt_secret.reveal()
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "var/jwt.secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["jwt.secret"]


def test_a_kept_secret_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/jwt.secret").write_text("short")
    with pytest.raises(BadSettings, match="at least 32 bytes"):
        load()


def test_a_data_folder_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(BadSettings, match=r"SPIRIT_DATA: .*cannot be used"):
        load()


def test_a_broker_that_cannot_be_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("http://r", "redis://r/tours", "rediss://r?ssl_ca_certs=/nowhere/to/be/found", "unix://"):
        give(monkeypatch, **(SCALED | {"SPIRIT_BROKER_URL": url}))
        with pytest.raises(BadSettings, match=r"SPIRIT_BROKER_URL: ") as refused:
            load()
        assert len(str(refused.value).splitlines()) == 1
    for url in ("rediss://node:secret@r", "unix:///run/redis.sock?db=1"):
        give(monkeypatch, **(SCALED | {"SPIRIT_BROKER_URL": url, "SPIRIT_JWT_SECRET": "s" * 32}))
        assert load().broker_url == url


def test_scaled_needs_a_secret_and_has_no_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, **SCALED)
    with pytest.raises(BadSettings, match="SPIRIT_JWT_SECRET is required"):
        load()
    give(monkeypatch, SPIRIT_JWT_SECRET="s" * 32)
    settings = load()
    assert not settings.embedded
    assert not settings.demo
    assert settings.database_url == "postgresql+asyncpg://u:p@db/spirit"


def test_demo_accounts_are_not_offered_to_the_world(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, **SCALED, SPIRIT_JWT_SECRET="s" * 32, SPIRIT_DEMO="1", SPIRIT_HOST="0.0.0.0")  # noqa: S104 - the point
    with pytest.raises(BadSettings, match="SPIRIT_DEMO"):
        load()


def test_every_bad_value_is_named_in_one_line_without_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    give(
        monkeypatch,
        PORT="99999",
        SPIRIT_DATABASE_URL="mysql://root:hunter2@db",
        SPIRIT_JWT_SECRET="too short",
        SPIRIT_PING_INTERVAL="-1",
    )
    with pytest.raises(BadSettings) as caught:
        load()
    told = str(caught.value)
    assert all(secret not in "".join(traceback.format_exception(caught.value)) for secret in ("hunter2", "too short"))
    for name in ("SPIRIT_PORT", "SPIRIT_DATABASE_URL", "SPIRIT_JWT_SECRET", "SPIRIT_PING_INTERVAL"):
        assert name in told
    assert "SPIRIT_DEMO" not in told
    assert "hunter2" not in told
    assert "too short" not in told
    assert "\n" not in told


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, SPIRIT_CORS_ORIGINS="https://a.example, https://b.example")
    assert load().cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("demo", "off", False),
        ("demo", "Yes", True),
        ("demo", "0", False),
        ("port", " 08_080\n", 8080),
        ("max_payload", "2048.0", 2048),
        ("grace", "+5.", 5.0),
        ("margin_percent", "7.50", Decimal("7.50")),
        ("host", "::1", "::1"),
        ("trusted_proxies", " , ", ()),
        ("data", "some where", Path("some where")),
    ],
)
def test_a_value_may_be_spelt_in_several_ways(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str, value: object
) -> None:
    monkeypatch.chdir(tmp_path)
    give(monkeypatch, **{f"SPIRIT_{name.upper()}": text})
    found = getattr(load(), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("demo", "perhaps"),
        ("port", "8000.5"),
        ("port", "-1"),
        ("max_payload", "1_073_741_825"),
        ("grace", "nan"),
        ("grace", "inf"),
        ("grace", "0"),
        ("margin_percent", "0"),
        ("margin_percent", "100.01"),
        ("margin_percent", "NaN"),
        ("log_level", "loud"),
        ("broker_url", "amqp://rabbit"),
        ("database_url", "sqlite://"),
        ("metrics_token", "\udcff"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    give(monkeypatch, **{f"SPIRIT_{name.upper()}": text})
    with pytest.raises(BadSettings, match=rf"^SPIRIT_{name.upper()}: [^\n]+$"):
        load()


def test_names_are_taken_in_any_case_and_the_prefixed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, PORT="1", spirit_grace="7", HOST="elsewhere", SPIRIT_UNKNOWN="ignored")
    assert (load().port, load().grace, load().host) == (1, 7.0, "127.0.0.1")
    give(monkeypatch, SPIRIT_PORT="")
    assert load().port == 1
    give(monkeypatch, SPIRIT_PORT="2")
    assert load().port == 2


def test_settings_are_frozen_and_do_not_print_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    secret, token, password = "a-secret-of-more-than-thirty-two-bytes", "a-token-for-metrics", "hunter2"
    url = f"postgresql://u:{password}@db/spirit"
    give(monkeypatch, SPIRIT_JWT_SECRET=secret, SPIRIT_METRICS_TOKEN=token, SPIRIT_DATABASE_URL=url)
    settings = load()
    assert (settings.jwt_secret.reveal(), settings.metrics_token.reveal()) == (secret, token)
    shown = f"{settings} {settings!r} {settings.jwt_secret} {settings.metrics_token!r}"
    assert all(hidden not in shown for hidden in (secret, token, password))
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc]


def test_defaults_are_within_their_own_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """As texts of the environment they give the same settings."""
    numbers = [
        name for name in Settings.__struct_fields__ if isinstance(getattr(Settings(), name), (int, float, Decimal))
    ]
    give(monkeypatch, **{f"SPIRIT_{name.upper()}": str(getattr(Settings(), name)) for name in numbers})
    assert [getattr(load(), name) for name in numbers] == [getattr(Settings(), name) for name in numbers]


def test_a_node_starts_without_pydantic() -> None:
    """It is installed for other tools, and takes 10 MB."""
    program = "import realtime.__main__, realtime.app, rooms.redis, sys; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0


def test_the_document_is_current() -> None:
    assert Path("docs/SETTINGS.md").read_text() == table(), "run: python -m backend.config > docs/SETTINGS.md"
