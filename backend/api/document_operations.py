"""Documents to print and send, of a quotation and of its booking."""

from collections.abc import Awaitable, Callable

import msgspec

from backend.api import schemas
from backend.api.operations import Call, File, Handler, Operation
from backend.services import documents
from backend.services.printing import Format, Language

Made = Callable[..., Awaitable[documents.Document]]


class InLanguage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """In which language a document is written."""

    language: Language = "es"


class Printed(InLanguage, frozen=True, forbid_unknown_fields=True):
    """`png` is a picture of the first page."""

    format: Format = "pdf"


async def _proposal(call: Call) -> File:
    query: InLanguage = call.query
    found = call.path("quotation_id")
    return File(*await documents.document(call.rest.deps, call.who, found, "proposal", query.language))


def _document(make: Made, of: str) -> Handler:
    async def handler(call: Call) -> File:
        query: Printed = call.query
        kind, found = call.path("kind"), call.path(of)
        return File(*await make(call.rest.deps, call.who, found, kind, query.language, query.format))

    return handler


async def _documents(call: Call) -> object:
    return await documents.documents(call.rest.deps, call.who, call.path("quotation_id"))


OPERATIONS = (
    Operation(
        name="get_proposal",
        method="GET",
        path="/api/v1/quotations/{quotation_id}/pdf",
        summary="The proposal as PDF",
        tag="documents",
        handler=_proposal,
        files=("application/pdf",),
        query=InLanguage,
    ),
    Operation(
        name="list_documents",
        method="GET",
        path="/api/v1/quotations/{quotation_id}/documents",
        summary="The documents of a quotation and its booking that one may have now",
        tag="documents",
        handler=_documents,
        answer=schemas.DocumentList,
    ),
    Operation(
        name="get_document",
        method="GET",
        path="/api/v1/quotations/{quotation_id}/documents/{kind}",
        summary="A document of a quotation as PDF, or a picture of its first page",
        tag="documents",
        handler=_document(documents.document, "quotation_id"),
        files=tuple(documents.MEDIA_TYPES.values()),
        query=Printed,
    ),
    Operation(
        name="get_booking_document",
        method="GET",
        path="/api/v1/bookings/{booking_id}/documents/{kind}",
        summary="A document of a booking as PDF, or a picture of its first page",
        tag="documents",
        handler=_document(documents.booking_document, "booking_id"),
        files=tuple(documents.MEDIA_TYPES.values()),
        query=Printed,
    ),
)
