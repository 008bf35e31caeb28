"""Every command as an address: the same use cases as the live protocol's, through the same door."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from backend.api import schemas
from backend.api.bodies import converted
from backend.api.operations import Call, Handler, Operation
from backend.domain.refusals import Invalid
from backend.domain.terms import Id
from backend.services import inbox
from backend.services.commands import COMMANDS, execute

_PATH_NAMES = ("quotation_id", "booking_id", "line_id", "assignment_id")


@dataclass(frozen=True, slots=True)
class _Address:
    """Where a command lives. A body that is one member of the payload stands under `wrap` there."""

    command: str
    path: str
    summary: str
    answer: Any = schemas.QuotationAnswer
    method: Literal["POST", "PATCH"] = "POST"
    status: int = 200
    wrap: str = ""


_QUOTATION = "quotations/{quotation_id}"
_LINE = "bookings/{booking_id}/lines/{line_id}"
_ASSIGNMENT = "assignments/{assignment_id}"
_ADDRESSES = (
    _Address("quotation.create", "quotations", "Create a quotation", status=201),
    _Address("quotation.edit", _QUOTATION, "Change terms", schemas.VersionAnswer, method="PATCH"),
    _Address("quotation.restore", f"{_QUOTATION}/restore", "Restore a version of the terms", schemas.VersionAnswer),
    _Address("quotation.publish", f"{_QUOTATION}/publish", "Ask hotels for offers"),
    _Address("quotation.invite", f"{_QUOTATION}/invite", "Invite more hotels"),
    _Address("quotation.uninvite", f"{_QUOTATION}/uninvite", "Withdraw invitations"),
    _Address("quotation.extend", f"{_QUOTATION}/extend", "Extend the deadline"),
    _Address("quotation.close", f"{_QUOTATION}/close", "Take no more offers"),
    _Address("quotation.cancel", f"{_QUOTATION}/cancel", "Cancel a quotation"),
    _Address("quotation.award", f"{_QUOTATION}/award", "Choose an offer"),
    _Address("quotation.accept", f"{_QUOTATION}/accept", "Accept the proposal, as the client"),
    _Address("quotation.reject", f"{_QUOTATION}/reject", "Reject the proposal, as the client"),
    _Address("quotation.grant", f"{_QUOTATION}/grant", "Let a hotel see its competitors' offers", schemas.Empty),
    _Address("quotation.revoke", f"{_QUOTATION}/revoke", "Take such a grant back", schemas.Empty),
    _Address("offer.submit", f"{_QUOTATION}/offers", "Submit or revise one's offer", schemas.OfferAnswer, wrap="offer"),
    _Address("offer.withdraw", f"{_QUOTATION}/offers/withdraw", "Withdraw one's offer", schemas.OfferAnswer),
    _Address("booking.confirm_line", f"{_LINE}/confirm", "Confirm one's part of a booking", schemas.LineAnswer),
    _Address("booking.decline_line", f"{_LINE}/decline", "Decline one's part of a booking", schemas.LineAnswer),
    _Address("booking.cancel", "bookings/{booking_id}/cancel", "Cancel a booking", schemas.BookingAnswer),
    _Address("booking.set_rooming", "bookings/{booking_id}/rooming", "Write the rooming list", schemas.BookingAnswer),
    _Address("guide.confirm", f"{_ASSIGNMENT}/confirm", "Accept one's assignment as a guide", schemas.AssignmentAnswer),
    _Address("guide.decline", f"{_ASSIGNMENT}/decline", "Decline one's assignment", schemas.AssignmentAnswer),
    _Address(
        "announcement.publish", "announcements", "Announce something to all", schemas.AnnouncementAnswer, status=201
    ),
)


class InboxAck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ids: Annotated[tuple[Id, ...], Meta(max_length=500)]


def _command(address: _Address) -> Operation:
    return Operation(
        name=address.command.replace(".", "_"),
        method=address.method,
        path=f"/api/v1/{address.path}",
        summary=address.summary,
        tag=address.path.partition("/")[0],
        handler=_handler(address),
        answer=address.answer,
        body=_body(address),
        status=address.status,
        keyed=True,
        audited=True,
    )


def _handler(address: _Address) -> Handler:
    async def handler(call: Call) -> object:
        given = dict(call.request.path_params)
        sent = {address.wrap: call.body} if address.wrap else call.body
        if doubled := sent.keys() & {*given, "key"}:
            raise Invalid(f"`{min(doubled)}` does not belong into the body.")
        key = call.request.headers.get("idempotency-key")
        own = call.rest.deps.new_id() if key is None else key
        return await execute(call.rest.deps, call.who, address.command, {**sent, **given, "key": own})

    return handler


def _body(address: _Address) -> Any:
    """The command's payload without what the address and the header say."""
    fields = {one.name: one for one in msgspec.structs.fields(COMMANDS[address.command].payload)}
    if address.wrap:
        return fields[address.wrap].type
    name = "".join(part.capitalize() for part in address.command.replace("_", ".").split("."))
    left = [one for one in fields.values() if one.name not in (*_PATH_NAMES, "key")]
    return msgspec.defstruct(name, [_member(one) for one in left], kw_only=True, forbid_unknown_fields=True)


def _member(one: msgspec.structs.FieldInfo) -> tuple[str, Any] | tuple[str, Any, Any]:
    if one.required:
        return (one.name, one.type)
    if one.default_factory is not msgspec.NODEFAULT:
        return (one.name, one.type, msgspec.field(default_factory=one.default_factory))
    return (one.name, one.type, one.default)


async def _inbox_ack(call: Call) -> object:
    return await inbox.ack(call.rest.deps, call.who, converted(call.body, InboxAck).ids)


OPERATIONS = (
    *map(_command, _ADDRESSES),
    Operation(
        name="inbox_ack",
        method="POST",
        path="/api/v1/inbox/ack",
        summary="Acknowledge what was read",
        tag="inbox",
        handler=_inbox_ack,
        answer=schemas.InboxLeft,
        body=InboxAck,
    ),
)
