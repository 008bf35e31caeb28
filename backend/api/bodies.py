"""Request bodies and queries: bounded, and an object or a refusal."""

from typing import Any, TypeVar

import msgspec
import orjson
from starlette.requests import ClientDisconnect, Request

from backend.api.problems import BadRequest
from backend.domain.refusals import Invalid

T = TypeVar("T")


async def json_object(request: Request, largest: int) -> dict[str, Any]:
    """The body as an object; no body at all is an empty one.

    Raises:
        Invalid: it is not JSON, or not an object.
        BadRequest: it is longer than `largest` bytes, or says that it is something else.
    """
    body = await bounded(request, largest)
    if not body:
        return {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise BadRequest(415, "A body is application/json.")
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise Invalid("The body is a JSON object.")
    return value


def converted(value: Any, schema: type[T], *, texts: bool = False) -> T:
    """`value` as `schema`; with `texts`, numbers and the like may stand as text, as they do in a query.

    Raises:
        Invalid: saying where it does not fit.
    """
    try:
        return msgspec.convert(value, schema, strict=not texts)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None


async def bounded(request: Request, largest: int) -> bytes:
    """The raw body.

    Raises:
        Invalid: it ended early.
        BadRequest: it is longer than `largest` bytes.
    """
    told = request.headers.get("content-length", "0")
    if not told.isascii() or not told.isdigit() or int(told) > largest:
        raise _too_large(largest)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > largest:
                raise _too_large(largest)
    except ClientDisconnect:
        raise Invalid("The body is incomplete.") from None
    return bytes(body)


def _too_large(largest: int) -> BadRequest:
    return BadRequest(413, f"A body has at most {largest} bytes.")
