"""`python -m tests.wire.carrying.node`: the echo server as one of several nodes, and what it carries at the moment."""

from typing import Annotated, Any

import typer
import uvloop

from realtime.carrying.carrier import Carrier
from realtime.engine.polling import respond
from realtime.listening import bound
from realtime.serving import LiveUvicorn, config
from rooms.redis import RedisBroker
from tests.wire.echo_server import engine, socket_server

DRAIN = 0.2


async def serve(port: int, broker_url: str, secret: str, ping_interval: float, reuse_port: bool) -> None:
    """Serves until it is told to stop; then its clients and those whom it carries are told."""
    sockets = socket_server(ping_interval, 20.0, 10.0)
    bare = engine(ping_interval, 20.0)
    engines = {"/socket.io/": sockets.eio, "/engine.io/": bare}
    broker = RedisBroker(broker_url, prefix="echo")
    await broker.start()
    carrier = Carrier(engines, broker, secret, ttl=1.5)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] == "/carried":
            told = b"%d %d %d" % (carrier.carried, len(bare.sockets), len(sockets.eio.sockets))
            await respond(send, 200, told, [(b"content-type", b"text/plain"), (b"connection", b"close")])
            return
        served = bare if scope["path"].startswith("/engine.io") else sockets.eio
        await served.handle_request(scope, receive, send)

    async def drain(hurry: bool) -> None:
        await carrier.drain(DRAIN)
        await sockets.eio.shutdown()
        await bare.shutdown()

    listening = bound("127.0.0.1", port, reuse_port=reuse_port)
    configured = config(app, engines=engines, host="127.0.0.1", port=port, proxies=[])
    async with carrier:
        await LiveUvicorn(configured, drain, lambda: None).serve(sockets=[listening])
    await broker.close()


def main(
    port: Annotated[int, typer.Option()],
    broker: Annotated[str, typer.Option()],
    secret: Annotated[str, typer.Option()],
    ping_interval: Annotated[float, typer.Option(help="seconds")] = 0.3,
    reuse_port: Annotated[bool, typer.Option()] = False,
) -> None:
    uvloop.run(serve(port, broker, secret, ping_interval, reuse_port))


if __name__ == "__main__":
    typer.run(main)
