"""Our server: python-socketio's API on this project's engine; uvicorn and the collector as the product has them."""

import gc
import sys

import socketio
import uvicorn
import uvloop

from realtime import serving
from realtime.memory import GC_THRESHOLDS
from realtime.server import SocketServer
from tests.bench.engine.servers.application import OPTIONS, control, serve
from tests.bench.engine.servers.ports import listeners


async def main(secret: str) -> None:
    server = SocketServer(**OPTIONS)
    serve(server, secret)
    public, private = listeners()
    await control(server, private)
    config = serving.config(
        socketio.ASGIApp(server), engines={"/socket.io/": server.eio}, host="127.0.0.1", port=0, proxies=[]
    )
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    await uvicorn.Server(config).serve(sockets=[public])


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
