"""Stock python-socketio on uvicorn, with uvloop, httptools and uvicorn's current WebSocket implementation."""

import sys

import socketio
import uvicorn
import uvloop

from tests.bench.engine.servers.application import OPTIONS, control, serve
from tests.bench.engine.servers.ports import BACKLOG, listeners


async def main(secret: str) -> None:
    server = socketio.AsyncServer(**OPTIONS)
    serve(server, secret)
    public, private = listeners()
    await control(server, private)
    config = uvicorn.Config(
        socketio.ASGIApp(server),
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        backlog=BACKLOG,
        lifespan="off",
        log_config=None,
        access_log=False,
    )
    await uvicorn.Server(config).serve(sockets=[public])


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
