"""Documents to print and send: what a view allows, set in a language. [P5]

They are made of the viewer's view alone, kept by the bytes that they are made of, and never by the writer of the
facts: whoever asks for one twice, or as somebody who sees the same, gets the same bytes.
"""

from typing import NamedTuple

import orjson

from backend.domain.principals import Principal
from backend.domain.quotation import Quotation
from backend.domain.refusals import Forbidden
from backend.services import reads
from backend.services.deps import Deps
from backend.services.paging import Item
from backend.services.printing import Format, Language, Sheet
from privacy.papers import KINDS, PaperKind, paper, papers
from privacy.views import View, view

MEDIA_TYPES: dict[Format, str] = {"pdf": "application/pdf", "png": "image/png"}


class Document(NamedTuple):
    content: bytes
    media_type: str
    name: str


def sheet(kind: PaperKind, seen: View, language: Language, form: Format = "pdf") -> Sheet:
    """The sheet of the viewer's own document.

    Raises:
        Forbidden: `document.not_found`, whatever keeps that view from having one.
    """
    told = paper(kind, seen)
    if told is None:
        raise _not_found()
    return Sheet(kind, language, form, orjson.dumps(told, option=orjson.OPT_SORT_KEYS))


async def document(
    deps: Deps, principal: Principal, quotation_id: str, kind: str, language: Language, form: Format = "pdf"
) -> Document:
    """A document about a quotation as the principal may see it.

    Raises:
        Refusal: `quotation.not_found`, `document.not_found`, or `rate.limited` for who waits for several already.
    """
    found, audience = await reads.theirs(deps, principal, quotation_id)
    return await _made(deps, principal, found, audience, kind, language, form)


async def booking_document(
    deps: Deps, principal: Principal, booking_id: str, kind: str, language: Language, form: Format = "pdf"
) -> Document:
    """A document about a booking as the principal may see it.

    Raises:
        Refusal: as `document`, with `booking.not_found`.
    """
    found, audience = await reads.their_booking(deps, principal, booking_id)
    return await _made(deps, principal, found, audience, kind, language, form)


async def documents(deps: Deps, principal: Principal, quotation_id: str) -> Item:
    """The kinds that the principal may have of a quotation now.

    Raises:
        Refusal: `quotation.not_found`.
    """
    found, audience = await reads.theirs(deps, principal, quotation_id)
    return {"items": [{"kind": kind} for kind in papers(view(found, audience))], "next": None}


async def _made(
    deps: Deps, principal: Principal, found: Quotation, audience: str, kind: str, language: Language, form: Format
) -> Document:
    known = next((one for one in KINDS if one == kind), None)
    if known is None:
        raise _not_found()
    asked = sheet(known, view(found, audience), language, form)
    reads.record(deps, principal, found, "document.read", {"kind": known, "language": language})
    content = await deps.documents.of(principal.user_id, asked)
    return Document(content, MEDIA_TYPES[form], f"{known}-{language}.{form}")


def _not_found() -> Forbidden:
    return Forbidden("document.not_found", "There is no such document.")
