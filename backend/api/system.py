"""For those who run it: whether it is alive, whether it can serve, and its metrics."""

import asyncio
import hmac
from collections.abc import Awaitable
from ipaddress import ip_address

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backend.api.context import rest_of
from backend.api.problems import problem

_PATIENCE = 2.0
_OUTBOX_AGE = Gauge("spirit_outbox_age_seconds", "How long the oldest event has waited for the relay.")
_log = structlog.get_logger(__name__)


async def healthz(_: Request) -> Response:
    """Alive: the loop turns."""
    return JSONResponse({"alive": True})


async def readyz(request: Request) -> Response:
    """Can serve: database and broker answer, and it is not about to stop."""
    rest = rest_of(request)
    parts = {"database": rest.deps.db.outbox_age(rest.deps.now()), "broker": rest.broker_answers()}
    answers = dict(
        zip(parts, await asyncio.gather(*(_answers(name, part) for name, part in parts.items())), strict=True)
    )
    stopping = rest.stopping()
    ready = all(answers.values()) and not stopping
    return JSONResponse({"ready": ready, **answers, "stopping": stopping}, 200 if ready else 503)


async def metrics(request: Request) -> Response:
    """Prometheus' text, for this machine or a bearer of the metrics token only, since rates tell."""
    rest = rest_of(request)
    if not (_is_local(request) or _has_token(request, rest.metrics_token)):
        return problem(403, "command.forbidden", "Metrics are for the operators.")
    if await _answers("database", _set_outbox_age(request)):
        return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})
    return problem(503, "internal", "Not possible right now; try again.")


async def _set_outbox_age(request: Request) -> None:
    deps = rest_of(request).deps
    _OUTBOX_AGE.set(await deps.db.outbox_age(deps.now()))


async def _answers(name: str, asked: Awaitable[object]) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            await asked
    except Exception as error:  # Whatever keeps a part from answering, it does not answer.
        _log.warning("not answering", part=name, error=type(error).__name__)
        return False
    return True


def _is_local(request: Request) -> bool:
    """Whether the request was made on this machine, and not passed on by a proxy here for somebody elsewhere."""
    if request.client is None or {"forwarded", "x-forwarded-for", "via"} & set(request.headers):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_token(request: Request, token: str) -> bool:
    given = request.headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


ROUTES = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
