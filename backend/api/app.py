"""The REST application: operations, the document about them, and what is said to every browser."""

import asyncio
import base64
import hashlib
from functools import cache
from typing import Any

import orjson
from spectree import SpecTree
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.api import (
    audit_operations,
    catalogue_operations,
    command_operations,
    docs_page,
    document_operations,
    letter_operations,
    openapi,
    payment_operations,
    people_operations,
    read_operations,
    session_operations,
    system,
    webhooks,
)
from backend.api.context import Rest, rest_of
from backend.api.problems import on_error

PATHS = ("/api/", "/openapi.json", "/asyncapi.json", "/docs", "/healthz", "/readyz", "/metrics")
"""What belongs to this application; everything else is the web app's."""

OPERATIONS = (
    *session_operations.OPERATIONS,
    *read_operations.OPERATIONS,
    *document_operations.OPERATIONS,
    *audit_operations.OPERATIONS,
    *command_operations.OPERATIONS,
    *people_operations.OPERATIONS,
    *letter_operations.OPERATIONS,
    *payment_operations.OPERATIONS,
    *catalogue_operations.OPERATIONS,
)

_STYLE_HASH = base64.b64encode(hashlib.sha256(docs_page.STYLE.encode()).digest()).decode()
_SAID_TO_ALL = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


class SecurityHeaders:
    """Adds to every response the headers that it does not have itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                has = {name.lower() for name, _ in message["headers"]}
                added = [
                    (k.lower().encode(), v.encode()) for k, v in _SAID_TO_ALL.items() if k.lower().encode() not in has
                ]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, say if scope["type"] == "http" else send)


def create_app(rest: Rest) -> Starlette:
    """The application, for one event loop."""
    app = Starlette(
        routes=_routes(),
        middleware=[Middleware(SecurityHeaders), *_cors(rest.origins)],
        exception_handlers={HTTPException: on_error, Exception: on_error},
    )
    app.state.rest = rest
    app.router.redirect_slashes = False
    return app


@cache
def specification() -> dict[str, Any]:
    """The OpenAPI document. Made when it is asked for first: most processes never are."""
    document, made = _documented()
    return openapi.written(document, OPERATIONS, made)


@cache
def _specification_json() -> bytes:
    """A few milliseconds' work for all who ask: what takes longer was done with the routes."""
    return orjson.dumps(specification())


@cache
def _page() -> bytes:
    return docs_page.render(specification()).encode()


@cache
def _documented() -> tuple[SpecTree, list[Route]]:
    document = openapi.new_document()
    return document, openapi.routes(document, OPERATIONS)


@cache
def _routes() -> list[Route]:
    """Made once: operations find what they work with in the application that is asked."""
    _, operations = _documented()
    documents = {"/openapi.json": _openapi_json, "/asyncapi.json": _asyncapi_json, "/docs": _docs}
    return [*operations, *system.ROUTES, *webhooks.ROUTES, *(Route(path, shown) for path, shown in documents.items())]


async def _openapi_json(_: Request) -> Response:
    return Response(_specification_json(), media_type="application/json")


async def _asyncapi_json(request: Request) -> Response:
    written = rest_of(request).live_document
    if written is None:
        raise HTTPException(404)
    return Response(await asyncio.to_thread(written), media_type="application/json")


async def _docs(_: Request) -> Response:
    return HTMLResponse(_page())


def _cors(origins: tuple[str, ...]) -> list[Middleware]:
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "PATCH", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match"],
            expose_headers=["ETag", "Retry-After"],
        )
    ]
