"""`make run`, as somebody in a terminal uses it."""

import contextlib
import os
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.rest import Rest
from tests.support.net import free_port
from tests.support.platform import ROOT
from tests.support.terminal import Terminal, making
from tests.support.wait import until


@contextmanager
def make_run(port: int, data: Path) -> Iterator[Terminal]:
    with making("run", f"PORT={port}", f"DATA={data}") as terminal:
        yield terminal


async def _started(terminal: Terminal, url: str) -> None:
    def usable() -> bool:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{url}/", timeout=2).status == 200  # noqa: S310 - our own address
        return False

    await until(usable, within=60, what="the web app answers")


async def test_it_serves_stops_without_a_word_and_keeps_its_data(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with make_run(port, tmp_path) as first:
        await _started(first, url)
        assert "demo" in first.output
        made = Rest(url, "ana@andes.demo").post("/quotations", {"title": "Kept"})
        await _stop(first)
        assert first.output.partition("^C")[2].strip() == ""
    with make_run(port, tmp_path) as second:
        await _started(second, url)
        kept = Rest(url, "ana@andes.demo").get(f"/quotations/{made['quotation']['id']}")
        assert kept["title"] == "Kept"
        assert _read(f"{url}/asyncapi.json") == (ROOT / "docs/asyncapi.json").read_bytes()


def _read(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own address
        return bytes(answer.read())


async def test_the_second_start_takes_under_five_seconds(tmp_path: Path) -> None:
    """In processor time: how long it takes besides says what else the machine does."""
    for _ in ("the first makes the data", "the second finds it"):
        port = free_port()
        with make_run(port, tmp_path) as terminal:
            await _started(terminal, f"http://127.0.0.1:{port}")
            taken = terminal.processor_seconds()
            await _stop(terminal)
    assert taken < 5
    assert "..." not in terminal.output, "nothing is installed or built again"


async def _stop(terminal: Terminal) -> None:
    terminal.press_ctrl_c()
    await until(terminal.ended, within=15, what="ended by Ctrl-C")


async def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    """[S2.5]"""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with make_run(port, tmp_path) as terminal:
            await until(terminal.ended, within=30, what="gave up")
            said = [line for line in terminal.output.splitlines() if "make:" not in line and line.strip()]
    assert len(said) == 1, said
    assert str(port) in said[0]


def test_a_wrong_setting_is_one_clear_line(tmp_path: Path) -> None:
    """[S2.5]"""
    environment = {**os.environ, "SPIRIT_PING_INTERVAL": "often", "SPIRIT_DATA": str(tmp_path)}
    ran = subprocess.run(
        [ROOT / ".venv/bin/python", "-m", "realtime"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ran.returncode != 0
    assert len(ran.stderr.splitlines()) == 1
    assert "SPIRIT_PING_INTERVAL" in ran.stderr
