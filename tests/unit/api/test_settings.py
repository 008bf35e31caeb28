"""Settings: one frozen object, wrong values refused at the start in one clear line."""

import os
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from backend.config import BadSettings, load, table

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
    first, second = load().jwt_secret, load().jwt_secret
    assert first == second
    assert len(first.get_secret_value()) >= 32
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
    for name in ("SPIRIT_PORT", "SPIRIT_DATABASE_URL", "SPIRIT_JWT_SECRET", "SPIRIT_PING_INTERVAL"):
        assert name in told
    assert "SPIRIT_DEMO" not in told
    assert "hunter2" not in told
    assert "too short" not in told
    assert "\n" not in told


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, SPIRIT_CORS_ORIGINS="https://a.example, https://b.example")
    assert load().cors_origins == ("https://a.example", "https://b.example")


def test_settings_are_frozen_and_do_not_print_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, SPIRIT_JWT_SECRET="a-secret-of-more-than-thirty-two-bytes")
    settings = load()
    assert isinstance(settings.jwt_secret, SecretStr)
    assert "a-secret" not in repr(settings)
    with pytest.raises(ValidationError):
        settings.port = 1


def test_the_document_is_current() -> None:
    assert Path("docs/SETTINGS.md").read_text() == table(), "run: python -m backend.config > docs/SETTINGS.md"
