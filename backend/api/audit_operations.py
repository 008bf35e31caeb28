"""What happened and who did it: the audit with its filters and exports, and timelines."""

import csv
from collections.abc import AsyncIterator
from datetime import datetime
from io import StringIO
from typing import Annotated, Literal

import msgspec
import orjson
from msgspec import Meta

from backend.api import schemas
from backend.api.operations import Call, Operation, Paging, Stream
from backend.services import audits, history
from backend.services.paging import Item
from backend.services.records import AuditFilter

Named = Annotated[str, Meta(min_length=1, max_length=80)]
Time = Annotated[datetime, Meta(tz=True)]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class AuditPaging(Paging, frozen=True, forbid_unknown_fields=True):
    """Rows for which all that is given holds, from `since` to before `until`; a subject is `quotation:ID` or so."""

    user_id: Named | None = None
    action: Named | None = None
    subject: Named | None = None
    outcome: Named | None = None
    since: Time | None = None
    until: Time | None = None


class AuditExport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As the list's; `csv` or a JSON array."""

    format: Literal["json", "csv"] = "json"
    user_id: Named | None = None
    action: Named | None = None
    subject: Named | None = None
    outcome: Named | None = None
    since: Time | None = None
    until: Time | None = None


def _wanted(query: AuditPaging | AuditExport) -> AuditFilter:
    return AuditFilter(
        user_id=query.user_id,
        action=query.action,
        subject=query.subject,
        outcome=query.outcome,
        since=query.since,
        until=query.until,
    )


async def _audit(call: Call) -> object:
    query: AuditPaging = call.query
    return await audits.audit(call.rest.deps, call.who, _wanted(query), query.next, query.limit)


async def _quotation_audit(call: Call) -> object:
    query: Paging = call.query
    return await audits.quotation_audit(call.rest.deps, call.who, call.path("quotation_id"), query.next, query.limit)


async def _export(call: Call) -> Stream:
    query: AuditExport = call.query
    rows = audits.exported(call.rest.deps, call.who, _wanted(query))
    if query.format == "csv":
        return Stream(_csv(rows), "text/csv", "audit.csv")
    return Stream(_json(rows), "application/json", "audit.json")


async def _timeline(call: Call) -> object:
    query: Paging = call.query
    return await history.timeline(call.rest.deps, call.who, call.path("quotation_id"), query.next, query.limit)


async def _json(pages: AsyncIterator[list[Item]]) -> AsyncIterator[bytes]:
    before = b"["
    async for rows in pages:
        for row in rows:
            yield before + orjson.dumps(row)
            before = b",\n"
    yield b"[]" if before == b"[" else b"]"


async def _csv(pages: AsyncIterator[list[Item]]) -> AsyncIterator[bytes]:
    yield (",".join(audits.COLUMNS) + "\r\n").encode()
    async for rows in pages:
        written = StringIO()
        csv.writer(written).writerows([_cell(row[name]) for name in audits.COLUMNS] for row in rows)
        yield written.getvalue().encode()


def _cell(value: object) -> str:
    """As text that no spreadsheet takes for a formula: names of commands are whatever somebody sent."""
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return f"'{text}" if text.startswith(_FORMULA) else text


OPERATIONS = (
    Operation(
        name="list_audit",
        method="GET",
        path="/api/v1/audit",
        summary="Who did, read or was refused what",
        tag="audit",
        handler=_audit,
        answer=schemas.AuditList,
        query=AuditPaging,
    ),
    Operation(
        name="export_audit",
        method="GET",
        path="/api/v1/audit/export",
        summary="The same as one file, the newest 100,000 rows at most",
        tag="audit",
        handler=_export,
        files=("application/json", "text/csv"),
        query=AuditExport,
    ),
    Operation(
        name="list_quotation_audit",
        method="GET",
        path="/api/v1/quotations/{quotation_id}/audit",
        summary="Who did, read or was refused what with a quotation",
        tag="quotations",
        handler=_quotation_audit,
        answer=schemas.AuditList,
        query=Paging,
    ),
    Operation(
        name="get_timeline",
        method="GET",
        path="/api/v1/quotations/{quotation_id}/timeline",
        summary="What one was told of a quotation, the oldest first",
        tag="quotations",
        handler=_timeline,
        answer=schemas.Timeline,
        query=Paging,
    ),
)
