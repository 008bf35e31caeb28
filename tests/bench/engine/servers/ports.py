"""Where a server listens."""

import json
import socket
import sys

BACKLOG = 4096


def listeners() -> tuple[socket.socket, socket.socket]:
    """The sockets of the two ports, which are printed: connections wait in the kernel until they are served."""
    public, private = (socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) for _ in range(2))
    json.dump({"port": public.getsockname()[1], "control": private.getsockname()[1]}, sys.stdout)
    print(flush=True)
    return public, private
