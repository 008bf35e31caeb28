"""Network helpers for tests that start real servers."""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_WORKERS = 8
_PORTS = 2_700


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on; another process may still take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def service_port() -> int:
    """A free port of those that no outgoing connection is given, which would take it before a server does."""
    # A server that a test restarts finds its port again: each of pytest's workers has ports of its own.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    first = 10_000 + worker * _PORTS
    while True:
        port = random.randrange(first, first + _PORTS)  # noqa: S311 - no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that listens on a free port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener
