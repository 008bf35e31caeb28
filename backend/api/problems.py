"""Errors as RFC 9457 problem documents, with the codes and texts of the live protocol."""

import traceback
from typing import Any

import orjson
import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from backend.domain.refusals import Refusal
from rooms.broker import BrokerUnavailable

_log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "auth.required": 401,
    "auth.invalid": 401,
    "auth.expired": 401,
    "command.invalid": 400,
    "command.forbidden": 403,
    "command.unknown": 404,
    "catalogue.conflict": 412,
    "room.forbidden": 403,
    "room.unknown": 404,
    "auth.revoked": 401,
    "change.pending": 503,
    "rate.limited": 429,
    "internal": 500,
}
"""The status of every code that has one of its own; `….not_found` is 404 and what the domain refuses is 409."""

_TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Refused",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    428: "Precondition required",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}
_OF_HTTP = {
    404: ("command.unknown", "There is nothing here."),
    405: ("command.unknown", "That method is not for this address."),
}


class BadRequest(Refusal):
    """What is wrong with the request as HTTP, before any payload: its size or kind. Its status is its own."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__("command.invalid", message)
        self.status = status


def status_of(refusal: Refusal) -> int:
    if isinstance(refusal, BadRequest):
        return refusal.status
    return STATUS.get(refusal.code, 404 if refusal.code.endswith(".not_found") else 409)


def problem_of(error: Exception) -> Response:
    """The problem document that an error becomes; what nobody foresaw is told to the log, not to the asker."""
    if isinstance(error, Refusal):
        return _refused(error)
    if isinstance(error, HTTPException):
        code, detail = _OF_HTTP.get(error.status_code, ("command.invalid", "That request cannot be understood."))
        return problem(error.status_code, code, detail, headers=dict(error.headers or {}))
    if isinstance(error, BrokerUnavailable):
        return problem(503, "internal", "Not possible right now; try again.", headers={"Retry-After": "1"})
    _log.error("request failed", error=type(error).__name__, at=_where(error))
    return problem(500, "internal", "Something went wrong on our side.")


def _where(error: Exception) -> list[str]:
    """The lines that led there. Neither values nor the message: both may hold what no reader of logs may see. [P3]"""
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    extra: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body = {
        "type": f"urn:spirit-tours:problem:{code}",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "code": code,
        "detail": detail,
    }
    return Response(orjson.dumps(body | (extra or {})), status, headers, MEDIA_TYPE)


def _refused(refusal: Refusal) -> Response:
    status, headers = status_of(refusal), {}
    extra: dict[str, Any] = {"data": refusal.data} if refusal.data is not None else {}
    if refusal.retry_after is not None:
        extra["retry_after"] = refusal.retry_after
        headers["Retry-After"] = str(max(1, -int(-refusal.retry_after // 1)))
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status, refusal.code, refusal.message, extra=extra, headers=headers)


async def on_error(request: Request, error: Exception) -> Response:
    """For Starlette: what is raised outside an operation. One address may be several routes, each with its methods."""
    if isinstance(error, HTTPException) and error.status_code == 405:
        here = [one for one in request.app.routes if one.matches(request.scope)[0] is not Match.NONE]
        methods = {method for one in here for method in one.methods}
        error = HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})
    return problem_of(error)
