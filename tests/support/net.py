"""Network helpers for tests that start real servers."""

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on; another process may still take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def service_port() -> int:
    """A free port of those that no outgoing connection is given, which would take it before a server does."""
    while True:
        port = random.randrange(10_000, 32_000)  # noqa: S311 - no secret
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that listens on a free port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener
