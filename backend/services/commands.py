"""Every command that changes facts: its payload, who may ask, and the use case behind it. For live and REST alike."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from backend.domain.principals import Principal, Role
from backend.domain.refusals import Forbidden, Invalid, Refusal
from backend.services import announcements, assignments, bookings, offers, payloads, quotations
from backend.services.deps import Deps
from backend.services.guards import guard
from backend.services.records import AuditRow, Key
from backend.services.usecase import Asked

Run = Callable[[Asked[Any]], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Command:
    """`payload` has the idempotency key among its fields. `roles` may ask for the command at all; whether for this
    quotation, the use case finds out. `audited`: its commit writes the audit's row, with more than that it was done."""

    name: str
    payload: type[msgspec.Struct]
    roles: frozenset[Role]
    run: Run
    audited: bool = False


class _Named(msgspec.Struct):
    id: str


class _Made(msgspec.Struct):
    """An ack with the quotation in it, as far as the audit is concerned."""

    quotation: _Named | None = None


_STAFF: frozenset[Role] = frozenset({"admin", "agent"})
_AGENT: frozenset[Role] = frozenset({"agent"})
_ADMIN: frozenset[Role] = frozenset({"admin"})
_HOTEL: frozenset[Role] = frozenset({"hotel"})
_GUIDE: frozenset[Role] = frozenset({"guide"})
_CLIENT: frozenset[Role] = frozenset({"client"})

_ALL = (
    Command("quotation.create", payloads.Create, _AGENT, quotations.create),
    Command("quotation.edit", payloads.Edit, _STAFF, quotations.edit),
    Command("quotation.restore", payloads.Restore, _STAFF, quotations.restore),
    Command("quotation.publish", payloads.Publish, _STAFF, quotations.publish),
    Command("quotation.invite", payloads.Invite, _STAFF, quotations.invite),
    Command("quotation.uninvite", payloads.Invite, _STAFF, quotations.uninvite),
    Command("quotation.extend", payloads.Extend, _STAFF, quotations.extend),
    Command("quotation.close", payloads.OnQuotation, _STAFF, quotations.close),
    Command("quotation.cancel", payloads.WithReason, _STAFF, quotations.cancel),
    Command("quotation.award", payloads.AwardOffer, _STAFF, quotations.award),
    Command("quotation.accept", payloads.WithOptionalReason, _CLIENT, quotations.accept),
    Command("quotation.reject", payloads.WithOptionalReason, _CLIENT, quotations.reject),
    Command("quotation.grant", payloads.GrantHotel, _ADMIN, quotations.grant, audited=True),
    Command("quotation.revoke", payloads.GrantHotel, _ADMIN, quotations.revoke, audited=True),
    Command("offer.submit", payloads.SubmitOffer, _HOTEL, offers.submit),
    Command("offer.withdraw", payloads.OnQuotation, _HOTEL, offers.withdraw),
    Command("booking.confirm_line", payloads.OnLine, _HOTEL, bookings.confirm_line),
    Command("booking.decline_line", payloads.OnLine, _HOTEL, bookings.decline_line),
    Command("booking.cancel", payloads.CancelBooking, _STAFF | _CLIENT, bookings.cancel),
    Command("booking.set_rooming", payloads.SetRooming, _STAFF | _CLIENT, bookings.set_rooming),
    Command("guide.confirm", payloads.OnAssignment, _GUIDE, assignments.confirm),
    Command("guide.decline", payloads.OnAssignment, _GUIDE, assignments.decline),
    Command("announcement.publish", payloads.PublishAnnouncement, _ADMIN, announcements.publish),
)
COMMANDS: Mapping[str, Command] = {command.name: command for command in _ALL}


async def execute(deps: Deps, principal: Principal, name: str, payload: Mapping[str, Any]) -> bytes:
    """Runs a command; the ack's data as JSON. That it was asked for stands in the audit, without the payload.

    Raises:
        Refusal: why not.
    """
    try:
        command = _command(principal, name)
        guard(payload)
        parsed = _parse(payload, command.payload)
        answer = await command.run(Asked(deps, principal, parsed, _key(principal, name, parsed.key, payload)))
    except Refusal as refusal:
        deps.db.record(_row(deps, principal, name, _subject(payload), refusal.code))
        raise
    if not command.audited:
        deps.db.record(_row(deps, principal, name, _subject(payload) or _made(answer), "ok"))
    return answer


def _command(principal: Principal, name: str) -> Command:
    command = COMMANDS.get(name)
    if command is None:
        raise Refusal("command.unknown", "There is no such command.")
    if principal.role not in command.roles:
        raise Forbidden("command.forbidden", "That command is not for your role.")
    return command


def _parse(payload: Mapping[str, Any], schema: type[msgspec.Struct]) -> Any:
    try:
        return msgspec.convert(payload, schema, strict=True)
    except msgspec.ValidationError as error:
        raise Invalid(str(error)) from None


def _key(principal: Principal, name: str, key: str, payload: Mapping[str, Any]) -> Key:
    canonical = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
    return Key(user_id=principal.user_id, command=name, key=key, payload_hash=hashlib.sha256(canonical).digest())


def _subject(payload: Mapping[str, Any]) -> str:
    asked = ((kind, payload.get(f"{kind}_id")) for kind in ("quotation", "booking", "assignment"))
    return next((f"{kind}:{id_[:64]}" for kind, id_ in asked if isinstance(id_, str)), "")


def _made(answer: bytes) -> str:
    made = msgspec.json.decode(answer, type=_Made).quotation
    return f"quotation:{made.id}" if made else ""


def _row(deps: Deps, principal: Principal, name: str, subject: str, outcome: str) -> AuditRow:
    return AuditRow(
        id=deps.new_id(),
        at=deps.now(),
        user_id=principal.user_id,
        company_id=principal.company_id,
        action=name[:64],
        subject=subject,
        outcome=outcome,
    )
