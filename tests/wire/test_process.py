"""The product's processes as somebody starts and stops them, on both stacks."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.client import Client
from tests.support.net import free_port
from tests.support.platform import ROOT, Platform
from tests.support.server import Start
from tests.wire.stories import draft

NOWHERE = {"database_url": "postgresql://127.0.0.1:1/none", "broker_url": "redis://127.0.0.1:1/0"}
SCALED = {**NOWHERE, "jwt_secret": "x" * 32}
both = pytest.mark.parametrize("stack", [{}, SCALED], ids=["embedded", "scaled"])


def _start(folder: Path, *module: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Starts a process where it has to refuse to."""
    named = {f"SPIRIT_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", *(module or ("realtime",))],
        cwd=ROOT,
        env={**os.environ, "SPIRIT_DATA": str(folder), **named},
        capture_output=True,
        text=True,
        timeout=30,
    )


@both
def test_a_taken_port_is_one_line(tmp_path: Path, stack: dict[str, str]) -> None:
    """No trace, and exit status 2."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = _start(tmp_path, **{**stack, "port": port})
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert str(port) in refused.stderr


@both
@pytest.mark.parametrize(
    ("setting", "value"),
    [("port", "many"), ("ping_interval", "-1"), ("database_url", "oracle://x"), ("jwt_secret", "short")],
)
def test_a_bad_setting_is_one_line(tmp_path: Path, stack: dict[str, str], setting: str, value: str) -> None:
    """It names the setting, and says nothing of a secret's value."""
    refused = _start(tmp_path, **{**stack, setting: value})
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert f"SPIRIT_{setting.upper()}" in refused.stderr
    assert "short" not in refused.stderr or setting != "jwt_secret"


@pytest.mark.parametrize("setting", [{"database_url": NOWHERE["database_url"]}, {"broker_url": NOWHERE["broker_url"]}])
def test_a_server_that_is_not_there_is_one_line(tmp_path: Path, setting: dict[str, str]) -> None:
    """A database or broker that cannot be reached at the start."""
    refused = _start(tmp_path, port=free_port(), jwt_secret="x" * 32, demo=False, **setting)
    assert refused.returncode == 2
    assert refused.stderr.strip().splitlines()[-1].startswith("spirit: cannot start")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("role", ["relay", "run"])
@pytest.mark.parametrize(
    ("settings", "told"),
    [(SCALED, "spirit: cannot start"), ({**SCALED, "jwt_secret": "short"}, "SPIRIT_JWT_SECRET"), ({}, "embedded mode")],
)
def test_a_worker_that_cannot_start_says_so_in_one_line(
    tmp_path: Path, role: str, settings: dict[str, str], told: str
) -> None:
    """A database that is not there, a bad setting, or the embedded mode, which has its workers inside."""
    refused = _start(tmp_path, "workers", role, **settings)
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert told in refused.stderr


async def test_ctrl_c_stops_and_data_survives(start: Start, tmp_path: Path) -> None:
    """With sockets open; no process's log has a trace, and the next start finds what was there."""
    with start() as first:
        ana = await Client(first.url, await first.token("ana")).connect()
        room = f"quotation:{await draft(ana, title='Still there')}"
        address = first.url.removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1]))) as idle:
            idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            idle.recv(1)
            assert await asyncio.to_thread(_interrupted, first.platform) == {0}
        await ana.until(lambda: ana.disconnects)
    assert "Traceback" not in _said(tmp_path)
    with start() as second:
        async with second.client("ana") as ana:
            assert (await ana.join(room))["snapshot"]["title"] == "Still there"
    assert _said(tmp_path).count("Demo accounts") == 2


def _interrupted(platform: Platform) -> set[int]:
    """How the processes ended."""
    for process in platform.processes:
        process.send_signal(signal.SIGINT)
    return {process.wait(60) for process in platform.processes}


def _said(folder: Path) -> str:
    return "".join(log.read_text() for log in folder.glob("*.log"))
