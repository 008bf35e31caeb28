"""`python -m realtime` as somebody starts and stops it."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.net import free_port
from tests.support.platform import ROOT, embedded


def _start(folder: Path, **settings: object) -> subprocess.CompletedProcess[str]:
    """Starts the server where it has to refuse to."""
    named = {f"SPIRIT_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "realtime"],
        cwd=ROOT,
        env={**os.environ, "SPIRIT_DATA": str(folder), **named},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    """No trace, and exit status 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = _start(tmp_path, port=port)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert str(port) in refused.stderr


@pytest.mark.parametrize(
    ("setting", "value"),
    [("port", "many"), ("ping_interval", "-1"), ("database_url", "oracle://x"), ("jwt_secret", "short")],
)
def test_a_bad_setting_is_one_line(tmp_path: Path, setting: str, value: str) -> None:
    """It names the setting, and says nothing of a secret's value."""
    refused = _start(tmp_path, **{setting: value})
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert f"SPIRIT_{setting.upper()}" in refused.stderr
    assert "short" not in refused.stderr or setting != "jwt_secret"


@pytest.mark.parametrize(
    "setting", [{"database_url": "postgresql://127.0.0.1:1/none"}, {"broker_url": "redis://127.0.0.1:1/0"}]
)
def test_a_server_that_is_not_there_is_one_line(tmp_path: Path, setting: dict[str, str]) -> None:
    """A database or broker that cannot be reached at the start."""
    refused = _start(tmp_path, port=free_port(), jwt_secret="x" * 32, demo=False, **setting)
    assert refused.returncode == 2
    assert refused.stderr.strip().splitlines()[-1].startswith("spirit: cannot start")
    assert "Traceback" not in refused.stderr


def test_ctrl_c_stops_at_once_and_data_survives(tmp_path: Path) -> None:
    """With sockets open; the log has no trace, and the next start finds what was there."""
    with embedded(tmp_path) as first:
        address = first.url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1]))) as idle:
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            idle.recv(1)
            started = time.monotonic()
            first.web.send_signal(signal.SIGINT)
            assert first.web.wait(15) == 0
            assert time.monotonic() - started < 10
    log = (tmp_path / "web.log").read_text()
    assert "Traceback" not in log
    assert "Demo accounts" in log
    with embedded(tmp_path) as second:
        assert second.web.poll() is None
    assert (tmp_path / "web.log").read_text().count("Demo accounts") == 2
