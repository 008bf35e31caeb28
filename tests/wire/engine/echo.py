"""The echo server as a process, and the numbers that it is to keep."""

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.net import free_port
from tests.support.platform import child

MAX_PAYLOAD = 1_000_000
CONNECT_TIMEOUT = 1.0
PATIENCE = 10.0
"""Seconds after which something that should have come counts as missing; shorter than any long ping."""


@dataclass(frozen=True)
class Echo:
    """A running echo server. Its pings come every `interval` seconds and must be answered within `timeout`."""

    port: int
    interval: float
    timeout: float

    def http(self, path: str, query: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}?{query}"

    def ws(self, path: str, query: str) -> str:
        return f"ws://127.0.0.1:{self.port}{path}?{query}"


@contextmanager
def serving(folder: Path, interval: float, timeout: float) -> Iterator[tuple[Echo, subprocess.Popen[bytes]]]:
    """Runs the server, with its log in `folder`. Raises RuntimeError with the log if it doesn't start."""
    port = free_port()
    named = os.environ.get("ECHO_SERVER")
    command = shlex.split(named) if named else [sys.executable, "-m", "tests.wire.echo_server"]
    options = ["--port", str(port), "--ping-interval", str(interval), "--ping-timeout", str(timeout)]
    log = folder / "echo.log"
    with child([*command, *options], environment=os.environ, log=log) as server:
        wait_ready(port, server, log)
        yield Echo(port, interval, timeout), server


def wait_ready(port: int, server: subprocess.Popen[bytes], log: Path, within: float = 60.0) -> None:
    """Waits until a server listens. Raises RuntimeError with its log's end if it does not."""
    deadline = time.monotonic() + within
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no echo server:\n{log.read_text()[-4000:]}") from None
            time.sleep(0.02)
        else:
            return
