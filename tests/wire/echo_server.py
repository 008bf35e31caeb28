"""`python -m tests.wire.echo_server --port N`: what the official protocol suites are run against.

`/socket.io/` has the namespaces `/` and `/custom`: it tells each client its auth, sends back messages, answers acks
with their arguments, asks back, and sends away who wants it. `/engine.io/` sends back every message.
"""

from typing import Annotated, Any

import typer
import uvicorn
import uvloop

from realtime.engine.server import Engine
from realtime.server import SocketServer
from realtime.serving import config

MAX_PAYLOAD = 1_000_000
# Whoever polls has to get back what they sent.
SESSION_BYTES = 4 * MAX_PAYLOAD


def socket_server(ping_interval: float, ping_timeout: float, connect_timeout: float) -> SocketServer:
    """The Socket.IO server."""
    server = SocketServer(
        ping_interval=ping_interval,
        ping_timeout=ping_timeout,
        max_http_buffer_size=MAX_PAYLOAD,
        session_bytes=SESSION_BYTES,
        connect_timeout=connect_timeout,
        cors_allowed_origins="*",
    )
    for namespace in ("/", "/custom"):
        _echo(server, namespace)
    return server


def engine(ping_interval: float, ping_timeout: float) -> Engine:
    """The Engine.IO server."""
    bare = Engine(
        ping_interval=ping_interval,
        ping_timeout=ping_timeout,
        max_http_buffer_size=MAX_PAYLOAD,
        session_bytes=SESSION_BYTES,
        cors_allowed_origins="*",
    )

    async def message(sid: str, data: str | bytes) -> None:
        if data == "close-me":
            await bare.disconnect(sid)
        else:
            await bare.send(sid, data)

    bare.on("message", message)
    return bare


def _echo(server: SocketServer, namespace: str) -> None:
    async def connect(sid: str, environ: Any, auth: Any) -> None:
        await server.emit("auth", auth or {}, to=sid, namespace=namespace)

    async def message(sid: str, *arguments: Any) -> None:
        await server.emit("message-back", arguments, to=sid, namespace=namespace)

    async def with_ack(sid: str, *arguments: Any) -> tuple[Any, ...]:
        return arguments

    async def ask(sid: str, *arguments: Any) -> None:
        """Asks the client with an event of its own, and sends back what it is acknowledged with."""

        async def answered(*acked: Any) -> None:
            await server.emit("answer", acked, to=sid, namespace=namespace)

        await server.emit("question", arguments, to=sid, namespace=namespace, callback=answered)

    async def send_away(sid: str) -> None:
        await server.disconnect(sid, namespace=namespace)

    server.on("connect", connect, namespace=namespace)
    server.on("message", message, namespace=namespace)
    server.on("message-with-ack", with_ack, namespace=namespace)
    server.on("ask", ask, namespace=namespace)
    server.on("send-away", send_away, namespace=namespace)


async def serve(port: int, ping_interval: float, ping_timeout: float, connect_timeout: float) -> None:
    """Serves until it is told to stop."""
    sockets = socket_server(ping_interval, ping_timeout, connect_timeout)
    bare = engine(ping_interval, ping_timeout)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        served = bare if scope["path"].startswith("/engine.io") else sockets.eio
        await served.handle_request(scope, receive, send)

    engines = {"/socket.io/": sockets.eio, "/engine.io/": bare}
    await uvicorn.Server(config(app, engines=engines, host="127.0.0.1", port=port, proxies=[])).serve()


def main(
    port: Annotated[int, typer.Option()],
    ping_interval: Annotated[float, typer.Option(help="seconds")] = 0.3,
    ping_timeout: Annotated[float, typer.Option(help="seconds")] = 0.2,
    connect_timeout: Annotated[float, typer.Option(help="seconds")] = 1.0,
) -> None:
    uvloop.run(serve(port, ping_interval, ping_timeout, connect_timeout))


if __name__ == "__main__":
    typer.run(main)
