"""`make run`, as somebody in a terminal uses it."""

import contextlib
import os
import pty
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.rest import Rest
from tests.support.net import free_port
from tests.support.platform import ROOT
from tests.support.wait import until


class Terminal:
    """`make run` in a terminal of its own; `output` is what was shown in it so far."""

    def __init__(self, port: int, data: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pid, self._screen = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            # These tests may themselves run below a make, which tells its children so.
            plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
            os.execvpe("make", ["make", "run", f"PORT={port}", f"DATA={data}"], plain)  # noqa: S606 - a fixed command
        os.set_blocking(self._screen, False)
        self._shown = b""

    @property
    def output(self) -> str:
        with contextlib.suppress(BlockingIOError, OSError):
            while part := os.read(self._screen, 65536):
                self._shown += part
        return self._shown.decode()

    def press_ctrl_c(self) -> None:
        os.write(self._screen, b"\x03")

    def processor_seconds(self) -> float:
        """What everything in the terminal has used so far."""
        stats = [Path("/proc", pid, "stat").read_text().rpartition(")")[2].split() for pid in self._processes()]
        return sum(int(tick) for stat in stats for tick in stat[11:15]) / os.sysconf("SC_CLK_TCK")

    def ended(self) -> bool:
        """Whether everything that ran in the terminal is gone."""
        _ = self.output
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, os.WNOHANG)
        return not self._processes()

    def _processes(self) -> list[str]:
        return subprocess.run(["pgrep", "-s", str(self.pid)], capture_output=True, text=True).stdout.split()

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        os.close(self._screen)


@contextmanager
def make_run(port: int, data: Path) -> Iterator[Terminal]:
    terminal = Terminal(port, data)
    try:
        yield terminal
    finally:
        terminal.close()


async def _started(terminal: Terminal) -> None:
    def usable() -> bool:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"{terminal.url}/", timeout=2).status == 200  # noqa: S310 - our own address
        return False

    await until(usable, within=60, what="the web app answers")


async def test_it_stops_without_a_word_and_keeps_its_data(tmp_path: Path) -> None:
    with make_run(free_port(), tmp_path) as first:
        await _started(first)
        assert "demo" in first.output
        made = Rest(first.url, "ana@andes.demo").post("/quotations", {"title": "Kept"})
        await _stop(first)
        assert first.output.partition("^C")[2].strip() == ""
    with make_run(free_port(), tmp_path) as second:
        await _started(second)
        kept = Rest(second.url, "ana@andes.demo").get(f"/quotations/{made['quotation']['id']}")
        assert kept["title"] == "Kept"


async def test_the_second_start_takes_under_five_seconds(tmp_path: Path) -> None:
    """In processor time: how long it takes besides says what else the machine does."""
    for _ in ("the first makes the data", "the second finds it"):
        with make_run(free_port(), tmp_path) as terminal:
            await _started(terminal)
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
