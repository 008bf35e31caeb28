"""The payload of every command, with limits on all that a client controls. DESIGN.md, "Wire protocol"."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from backend.domain.bookings import Guest
from backend.domain.offers import OfferContent
from backend.domain.terms import AwareTime, Id, LongText, Reason, Terms, Title

IdempotencyKey = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[A-Za-z0-9_-]+$")]
Field = Annotated[str, Meta(pattern="^[a-z_]{1,40}(\\.[a-z_]{1,40}){0,2}$")]
HotelIds = Annotated[tuple[Id, ...], Meta(max_length=50)]


class Payload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all fact-changing commands carry: `key` makes a repetition harmless. [D5]"""

    key: IdempotencyKey


class OnQuotation(Payload, frozen=True, kw_only=True):
    quotation_id: Id


class OnBooking(Payload, frozen=True, kw_only=True):
    booking_id: Id


class FieldEdit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field, or a dotted path into one, and its new value."""

    field: Field
    value: Any


class Create(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terms themselves, with the key beside them."""

    key: IdempotencyKey


class Edit(OnQuotation, frozen=True, kw_only=True):
    base_version: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    changes: Annotated[tuple[FieldEdit, ...], Meta(min_length=1, max_length=40)]


class Restore(OnQuotation, frozen=True, kw_only=True):
    version: Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Publish(OnQuotation, frozen=True, kw_only=True):
    hotel_ids: HotelIds = ()
    deadline: AwareTime | None = None


class Invite(OnQuotation, frozen=True, kw_only=True):
    hotel_ids: Annotated[tuple[Id, ...], Meta(min_length=1, max_length=50)]


class Extend(OnQuotation, frozen=True, kw_only=True):
    deadline: AwareTime
    reason: Reason


class WithReason(OnQuotation, frozen=True, kw_only=True):
    reason: Reason


class WithOptionalReason(OnQuotation, frozen=True, kw_only=True):
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class AwardOffer(OnQuotation, frozen=True, kw_only=True):
    offer_id: Id


class GrantHotel(OnQuotation, frozen=True, kw_only=True):
    hotel_id: Id
    reason: Reason


class SubmitOffer(OnQuotation, frozen=True, kw_only=True):
    offer: OfferContent


class OnLine(OnBooking, frozen=True, kw_only=True):
    line_id: Id
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class OnAssignment(Payload, frozen=True, kw_only=True):
    """`assignment_id` is that of a hold in the guide's view of the booking."""

    assignment_id: Id
    reason: Annotated[str, Meta(max_length=1_000)] = ""


class CancelBooking(OnBooking, frozen=True, kw_only=True):
    reason: Reason


class SetRooming(OnBooking, frozen=True, kw_only=True):
    guests: Annotated[tuple[Guest, ...], Meta(max_length=1_000)]


class PublishAnnouncement(Payload, frozen=True, kw_only=True):
    title: Title
    body: LongText
