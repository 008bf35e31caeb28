"""Network helpers for tests that start real servers."""

import os
import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import cycle

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
    for port in _in_turn():
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable")


@cache
def _in_turn() -> Iterator[int]:
    """Ports of this one of pytest's workers, none again before all others: servers of one test have different ones, and
    one that is restarted finds its own still free."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _WORKERS
    ports = [10_000 + worker * _PORTS + number for number in range(_PORTS)]
    start = random.randrange(_PORTS)  # noqa: S311 - no secret
    return cycle(ports[start:] + ports[:start])


@contextmanager
def listening() -> Iterator[socket.socket]:
    """A socket that listens on a free port of 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener
