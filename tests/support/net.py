"""Network helpers for tests that start real servers."""

import socket


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on; another process may still take it first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
