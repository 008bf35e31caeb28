"""The socket that a node listens on."""

import socket
import sys
from typing import Final

UNSENT_BYTES: Final = 131_072
"""Bytes of a connection that the kernel takes beyond what the peer has room for. Left to itself, it takes megabytes
for each of those who read nothing [D7]. Connections have it from the socket that they were accepted by."""


def bound(host: str, port: int, *, reuse_port: bool = False) -> socket.socket:
    """A socket to listen on, which other processes share if they all want it so. Raises OSError."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if sys.platform == "linux":
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        if reuse_port:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening
