"""The application: REST, the live server and the browser app behind one port, with the workers of the embedded mode."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any, Self

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.config import Config

from backend.api.app import PATHS, create_app
from backend.api.context import rest_on
from backend.bootstrap import platform
from backend.config import Settings
from realtime import metrics, serving
from realtime.carrying.carrier import Carrier
from realtime.engine.server import Engine
from realtime.node import Node
from realtime.serving import LiveUvicorn
from realtime.tasks import cancelled
from realtime.web import WebApp
from rooms.broker import Broker
from workers.demo.people import PASSWORD
from workers.demo.seed import seed
from workers.roles import clock_of, relay_of, workflows_of

SOCKET_PATH = "/socket.io/"
log = structlog.get_logger()


class Application:
    """Sends each request to the part whose path it is."""

    def __init__(self, node: Node, rest: ASGIApp, web: ASGIApp) -> None:
        self._node = node
        self._rest = rest
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = f"{scope['path']}/" if scope["path"] == SOCKET_PATH[:-1] else scope["path"]
        if path.startswith(SOCKET_PATH):
            await self._node.server.handle_request(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close"})
        elif path.startswith(PATHS):
            await self._rest(scope, receive, send)
        else:
            await self._web(scope, receive, send)


async def serve(settings: Settings, listening: socket.socket, ready: Callable[[str], None]) -> None:
    """Serves on a bound socket until a signal stops it; `ready` is told the address once it answers."""
    async with platform(settings) as built, _Background() as workers, _Background() as bots:
        node = Node(built.deps, built.broker, built.auth, settings)
        engines = {SOCKET_PATH: node.server.eio}
        relay = relay_of(built) if settings.embedded else None
        workflows = workflows_of(built) if settings.embedded else None
        await built.broker.start()
        if settings.demo:
            await seed(built.deps, await built.auth.passwords.hash(PASSWORD))
        if relay is not None:
            workers.run(relay.run())
            workers.run(clock_of(built))
        url = f"http://{settings.host}:{listening.getsockname()[1]}"

        def answers() -> None:
            if workflows is not None:
                workers.run(workflows())
            if settings.demo and settings.embedded:
                bots.run(_bots(url))
            ready(url)

        async with _carrying(settings, engines, built.broker) as carriers, node:

            async def drain(hurry: bool) -> None:
                within = 0.0 if hurry else settings.drain
                await asyncio.gather(bots.stop(), node.drain(within), *(one.drain(within) for one in carriers))

            async def warn(hurry: bool) -> None:
                node.stopping = True
                await asyncio.sleep(0.0 if hurry else settings.drain_notice)

            rest = rest_on(
                built, stopping=lambda: node.stopping, lags=node.live.fanout.lagging, live_document=_live_document
            )
            workers.run(rest.board.keep_telling())
            application = Application(node, create_app(rest), WebApp())
            served = _config(settings, engines, application)
            await LiveUvicorn(served, drain, answers, warn).serve(sockets=[listening])


@asynccontextmanager
async def _carrying(
    settings: Settings, engines: Mapping[str, Engine], broker: Broker
) -> AsyncIterator[tuple[Carrier, ...]]:
    """What carries requests to other nodes, if there can be any."""
    if settings.broker_url == "memory://":
        yield ()
        return
    secret, ttl = settings.jwt_secret.reveal(), settings.presence_ttl
    async with Carrier(engines, broker, secret, address=settings.peer_address, ttl=ttl) as carrier:
        metrics.CARRIED.set_function(lambda: float(carrier.carried))
        yield (carrier,)


@cache
def _live_document() -> bytes:
    from realtime.asyncapi import encoded  # most nodes are never asked for it

    return encoded()


async def _bots(url: str) -> None:
    from workers.demo.bots import run_bots  # a client library that nobody should wait for

    await run_bots(url)


class _Background:
    """Work beside the server; stopped at the end if not before."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        task.add_done_callback(_told_of)
        self._tasks.append(task)

    async def stop(self) -> None:
        await cancelled(self._tasks)
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


def _told_of(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("work beside the server ended", error=type(error).__name__, exc_info=error)


def _config(settings: Settings, engines: Mapping[str, Engine], application: ASGIApp) -> Config:
    return serving.config(
        application,
        engines=engines,
        host=settings.host,
        port=settings.port,
        proxies=list(settings.trusted_proxies),
    )
