"""A command of make in a terminal of its own, as somebody uses it."""

import contextlib
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.platform import ROOT


class Terminal:
    """`make ...`, running; `output` is what was shown in it so far."""

    def __init__(self, *arguments: str) -> None:
        self.pid, self._screen = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            # These tests may themselves run below a make, which tells its children so.
            plain = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
            os.execvpe("make", ["make", *arguments], plain)  # noqa: S606 - a fixed command
        os.set_blocking(self._screen, False)
        self._shown = b""

    @property
    def output(self) -> str:
        with contextlib.suppress(BlockingIOError, OSError):
            while part := os.read(self._screen, 65536):
                self._shown += part
        return self._shown.decode(errors="replace")

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
def making(*arguments: str) -> Iterator[Terminal]:
    """Runs `make` with these arguments for the block."""
    terminal = Terminal(*arguments)
    try:
        yield terminal
    finally:
        terminal.close()
