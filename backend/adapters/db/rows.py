"""Records to rows and back: the same for both databases. Where columns bear a record's names, they are its fields."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Row

from backend.domain.payments import Notice
from backend.domain.quotation import Hotel, Quotation
from backend.domain.upcasting import upcast
from backend.services.records import (
    Announcement,
    AuditRow,
    OutboxChannel,
    OutboxRow,
    Paid,
    StoredEvent,
    User,
    VersionRow,
)

Values = dict[str, Any]


class OutboxPayload(msgspec.Struct, frozen=True):
    """What an outbox row holds besides its id."""

    events: tuple[StoredEvent, ...]
    channels: tuple[OutboxChannel, ...]


_encode = msgspec.json.Encoder().encode
_quotation = msgspec.json.Decoder(Quotation).decode
_version = msgspec.json.Decoder(VersionRow).decode
_hotel = msgspec.json.Decoder(Hotel).decode
_audit = msgspec.json.Decoder(AuditRow).decode
_announcement = msgspec.json.Decoder(Announcement).decode
_stored = msgspec.json.Decoder(StoredEvent).decode
_paid = msgspec.json.Decoder(Paid).decode
_payload = msgspec.json.Decoder(OutboxPayload).decode


def json_text(value: Any) -> str:
    return _encode(value).decode()


def quotation_values(quotation: Quotation, due_at: datetime | None) -> Values:
    return {
        "id": quotation.id,
        "company_id": quotation.company.id,
        "state": quotation.state,
        "version": quotation.version,
        "serial": quotation.serial,
        "due_at": due_at,
        "booking_id": quotation.booking.id if quotation.booking else None,
        "doc": json_text(quotation),
    }


def quotation_from(doc: str | None) -> Quotation | None:
    return _quotation(doc) if doc is not None else None


def event_values(stored: StoredEvent) -> Values:
    return {
        "id": stored.event.id,
        "quotation_id": stored.quotation_id,
        "serial": stored.serial,
        "name": stored.event.name,
        "at": stored.event.at,
        "doc": json_text(stored),
    }


def event_from(doc: str) -> StoredEvent:
    return _as_of_today(_stored(doc))


def version_values(quotation_id: str, row: VersionRow) -> Values:
    return {"quotation_id": quotation_id, "version": row.version, "doc": json_text(row)}


def version_from(doc: str) -> VersionRow:
    return _version(doc)


def hotel_values(hotel: Hotel) -> Values:
    return {"id": hotel.id, "name": hotel.name, "doc": json_text(hotel)}


def hotel_from(doc: str) -> Hotel:
    return _hotel(doc)


def audit_values(row: AuditRow) -> Values:
    return {
        "id": row.id,
        "company_id": row.company_id,
        "subject": findable(row.subject),
        "doc": json_text(row),
        "at": row.at,
        "user_id": findable(row.user_id),
        "action": findable(row.action),
        "outcome": findable(row.outcome),
    }


def audit_from(doc: str) -> AuditRow:
    return _audit(doc)


def findable(text: str) -> str:
    """What somebody asked for, as a column can hold it, whatever it was."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def announcement_values(announcement: Announcement) -> Values:
    return {"id": announcement.id, "doc": json_text(announcement)}


def announcement_from(doc: str) -> Announcement:
    return _announcement(doc)


def notice_values(notice: Notice) -> Values:
    return {
        "gateway": notice.gateway,
        "external_id": notice.external_id,
        "booking_id": notice.booking_id,
        "payment_id": notice.payment_id,
        "at": notice.at,
        "doc": json_text(notice),
    }


def paid_values(paid: Paid) -> Values:
    return {"id": paid.id, "booking_id": paid.booking_id, "state": paid.state, "at": paid.at, "doc": json_text(paid)}


def paid_from(row: Row[Any]) -> Paid:
    return msgspec.structs.replace(_paid(row.doc), state=row.state, at=row.at)


def user_from(row: Row[Any]) -> User:
    return User(**row._asdict())


def outbox_from(row_id: int, payload: str) -> OutboxRow:
    content = _payload(payload)
    return OutboxRow(id=row_id, events=tuple(map(_as_of_today, content.events)), channels=content.channels)


def _as_of_today(stored: StoredEvent) -> StoredEvent:
    event = upcast(stored.event)
    return stored if event is stored.event else msgspec.structs.replace(stored, event=event)
