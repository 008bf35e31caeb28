"""An operation of the REST API as data, and the one way in which all of them run."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from prometheus_client import Counter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from backend.api.bodies import converted, json_object
from backend.api.context import Rest, rest_of
from backend.api.problems import problem_of
from backend.domain.principals import Principal
from backend.domain.refusals import Refusal
from backend.services.auth import authenticate
from backend.services.paging import LONGEST_PAGE, PAGE
from backend.services.records import AuditRow
from backend.services.standing import require
from backend.services.tags import encoded, tag_of, tags_in

_ASKED = Counter("spirit_rest_requests", "REST requests by operation and status.", ("operation", "status"))


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many at once."""

    limit: Annotated[int, Meta(ge=1, le=LONGEST_PAGE)] = PAGE


class Paging(Limit, frozen=True, forbid_unknown_fields=True):
    """`next` is the text that the page before gave."""

    next: Annotated[str, Meta(max_length=400)] | None = None


class NoQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing may stand behind the question mark."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way to a handler. `query` is the operation's, `body` what was sent."""

    rest: Rest
    request: Request
    principal: Principal | None
    query: Any
    body: dict[str, Any]

    @property
    def who(self) -> Principal:
        """The person of an operation that needs one."""
        if self.principal is None:
            raise TypeError("an operation for anyone has no principal")
        return self.principal

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])


@dataclass(frozen=True, slots=True)
class File:
    """An answer that is no JSON; `name` is what a browser saves it as."""

    content: bytes
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class Created:
    """The answer of a write that made something new."""

    made: object


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer that leaves piece by piece. It ends early where its reader loses the right to the rest."""

    pieces: AsyncIterator[bytes]
    media_type: str
    name: str


Handler = Callable[[Call], Awaitable[object]]
"""Answers with JSON as bytes, with what becomes JSON, with a file or with a stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`body`, `query` and `answer` are schemas for the document; `audited` if the service itself writes the audit
    rows of refusals. `keyed` operations take an Idempotency-Key, `conditional` ones say what they have seen and answer
    with the ETag of what they wrote; `creates` if that may be something new. One with `files` answers with one of these
    media types instead."""

    name: str
    method: Literal["GET", "POST", "PATCH", "PUT", "DELETE"]
    path: str
    summary: str
    tag: str
    handler: Handler
    answer: Any = None
    files: tuple[str, ...] = ()
    body: Any = None
    query: type[msgspec.Struct] = NoQuery
    status: int = 200
    access: Literal["person", "anyone"] = "person"
    keyed: bool = False
    conditional: bool = False
    creates: bool = False
    audited: bool = False


def endpoint(operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    """The operation as a Starlette endpoint, which answers every error itself."""

    async def answer(request: Request) -> Response:
        try:
            response = await _run(operation, request)
        except Exception as error:
            response = problem_of(error)
        _ASKED.labels(operation.name, response.status_code).inc()
        return response

    answer.__name__ = operation.name
    answer.__doc__ = operation.summary
    return answer


async def _run(operation: Operation, request: Request) -> Response:
    rest = rest_of(request)
    principal = None if operation.access == "anyone" else await _person(rest, request)
    try:
        query = converted(dict(request.query_params), operation.query, texts=True)
        body = await json_object(request, rest.largest) if operation.method != "GET" else {}
        made = await operation.handler(Call(rest, request, principal, query, body))
        if principal and operation.method == "GET":
            # What was read is as new as the rights that it is read by. [P6]
            await require(rest.deps, principal)
    except Refusal as refusal:
        if principal and not operation.audited:
            rest.deps.db.record(_refused(rest, principal, operation, request, refusal))
        raise
    if isinstance(made, Stream):
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{made.name}"'}
        return StreamingResponse(_until_refused(made.pieces), operation.status, headers, made.media_type)
    if isinstance(made, File):
        response = _fresh(operation, request, made.content, made.media_type)
        response.headers["Content-Disposition"] = f'inline; filename="{made.name}"'
        return response
    if isinstance(made, Created):
        return _written(operation, encoded(made.made), 201)
    content = encoded(made)
    return _fresh(operation, request, content) if operation.method == "GET" else _written(operation, content)


async def _until_refused(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """What was sent cannot be taken back: an array of JSON is then without its end."""
    with suppress(Refusal):
        async for piece in pieces:
            yield piece


async def _person(rest: Rest, request: Request) -> Principal:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    session = await authenticate(rest.deps, rest.auth, token.strip() if scheme.lower() == "bearer" else "")
    await rest.by_user.take(session.principal.user_id)
    return session.principal


def _written(operation: Operation, content: bytes, status: int | None = None) -> Response:
    headers = {"Cache-Control": "no-store"} | ({"ETag": tag_of(content)} if operation.conditional else {})
    return Response(content, status or operation.status, headers, "application/json")


def _fresh(operation: Operation, request: Request, content: bytes, media_type: str = "application/json") -> Response:
    """Reads carry the hash of the viewer's own bytes, and answer 304 to whoever has them. [P4]"""
    tag = tag_of(content)
    whose = "private" if operation.access == "person" else "public"
    headers = {"ETag": tag, "Cache-Control": f"{whose}, no-cache", "Vary": "Authorization"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, operation.status, headers, media_type)


def _has(known: str, tag: str) -> bool:
    tags = tags_in(known)
    return tag in tags or tags == ("*",)


def _refused(rest: Rest, principal: Principal, operation: Operation, request: Request, refusal: Refusal) -> AuditRow:
    return AuditRow(
        id=rest.deps.new_id(),
        at=rest.deps.now(),
        user_id=principal.user_id,
        company_id=principal.company_id,
        action=operation.name,
        subject=_subject(request),
        outcome=refusal.code,
    )


def _subject(request: Request) -> str:
    named = [f"{name.removesuffix('_id')}:{value}" for name, value in request.path_params.items()]
    return (named[0] if named else request.url.path)[:80]
