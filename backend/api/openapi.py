"""The OpenAPI 3.1 document, made from the operations by spectree."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.model_adapter.msgspec_adapter import MsgspecModelAdapter
from spectree.models import SecureType, SecuritySchemeData
from starlette.applications import Starlette
from starlette.routing import Route

from backend.api.operations import NoQuery, Operation, endpoint
from backend.api.problems import MEDIA_TYPE
from backend.api.schemas import Problem

_ID = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}
_BEARER = SecurityScheme(name="bearer", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))
_UNSEEN = (412, 428)
_REFUSED = (400, 401, 403, 404, 409, 413, 415, 429, 500, 503)


class Keyed(msgspec.Struct, rename={"idempotency_key": "Idempotency-Key"}):
    """The same key twice has one effect and one answer."""

    idempotency_key: Annotated[str, Meta(min_length=8, max_length=64, pattern="^[A-Za-z0-9_-]+$")] = ""


class Conditional(msgspec.Struct, rename={"if_match": "If-Match", "if_none_match": "If-None-Match"}):
    """What the writer has seen: the ETag of what is replaced, or that there is nothing yet (`*`)."""

    if_match: Annotated[str, Meta(pattern='^("[0-9a-f]{32}"|\\*)$')] | UnsetType = UNSET
    if_none_match: Annotated[str, Meta(pattern="^\\*$")] | UnsetType = UNSET


def new_document() -> SpecTree:
    """What collects the operations of one application."""
    return SpecTree(
        "starlette",
        model_adapter=MsgspecModelAdapter(),  # type: ignore[arg-type]  # spectree's own, whose protocol is too wide
        mode="strict",
        annotations=False,
        path="docs",
        title="Spirit Tours live",
        version="1",
        description="Everybody sees their own layer of the price; what one may not see is absent.",
        naming_strategy=lambda model: model.__name__,
        nested_naming_strategy=lambda _, child: child,
        validation_error_status=400,
        validation_error_model=Problem,
        security_schemes=[_BEARER],
        security={"bearer": []},
    )


def routes(document: SpecTree, operations: Iterable[Operation]) -> list[Route]:
    """The operations as routes, each in the document."""
    return [Route(one.path, _documented(document, one), methods=[one.method]) for one in operations]


def written(document: SpecTree, operations: Iterable[Operation], made: list[Route]) -> dict[str, Any]:
    """The document of the operations whose routes were made here."""
    document.app = Starlette(routes=made)
    spec: dict[str, Any] = document.spec
    files = {one.name: one.files for one in operations}
    for path in spec["paths"].values():
        for operation in path.values():
            _refine(operation, spec["components"]["schemas"], files[operation["operationId"]])
    return spec


def _documented(document: SpecTree, operation: Operation) -> Any:
    answers = {f"HTTP_{operation.status}": operation.answer} if operation.answer else {}
    bare = [] if operation.answer else [f"HTTP_{operation.status}"]
    refused = {f"HTTP_{status}": Problem for status in (*_REFUSED, *(_UNSEEN if operation.conditional else ()))}
    if operation.creates:
        answers["HTTP_201"] = operation.answer
    unchanged = ["HTTP_304"] if operation.method == "GET" else []
    validate = document.validate(
        query=operation.query if operation.query is not NoQuery else None,
        json=operation.body,
        headers=Keyed if operation.keyed else Conditional if operation.conditional else None,
        resp=Answers(*bare, *unchanged, **answers, **refused),
        tags=[operation.tag],
        security=[] if operation.access == "anyone" else None,
        operation_id=operation.name,
        skip_validation=True,
    )
    return validate(endpoint(operation))


def _refine(operation: dict[str, Any], schemas: dict[str, Any], files: tuple[str, ...]) -> None:
    """What spectree has no word for: problems have a media type of their own, ids a pattern, bodies may be left out,
    and some answers are files."""
    if files:
        operation["responses"]["200"]["content"] = {media_type: {} for media_type in files}
    for status, answer in operation["responses"].items():
        if status >= "400":
            answer["content"] = {MEDIA_TYPE: answer["content"]["application/json"]}
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["schema"] = dict(_ID)
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        operation["requestBody"]["required"] = bool(schemas[schema["$ref"].rpartition("/")[2]].get("required"))
