"""The catalogue of events: what each one's `data` holds, in which version.

The names are those of `backend.domain.events`; one without an entry here holds nothing that anybody reads. Whoever
changes what an event's data means gives it the next version, and says in `backend.domain.upcasting` how the former
one is read.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing is told but that it happened. Fields that an event has besides are for people who read history."""


class Created(Data, frozen=True, kw_only=True):
    """`mentions` are those whom the notes address, as they are written there."""

    version: int
    mentions: tuple[str, ...] = ()


class Edited(Data, frozen=True, kw_only=True):
    """`fields` are dotted paths of the terms, `outdated` the hotels whose offers no longer fit."""

    version: int
    fields: tuple[str, ...]
    outdated: tuple[str, ...]
    mentions: tuple[str, ...] = ()


class Restored(Edited, frozen=True, kw_only=True):
    """`restored` is the version whose terms came back."""

    restored: int


class Repriced(Data, frozen=True, kw_only=True):
    """Which of the fields that prices are made from changed."""

    fields: tuple[str, ...] = ()


class Published(Data, frozen=True, kw_only=True):
    hotel_ids: tuple[str, ...]
    deadline: str


class OfHotels(Data, frozen=True, kw_only=True):
    hotel_ids: tuple[str, ...]


class Extended(Data, frozen=True, kw_only=True):
    deadline: str
    reason: str


class Awarded(Data, frozen=True, kw_only=True):
    """The client may accept `until`."""

    offer_id: str
    hotel_id: str
    until: str


class OfOffer(Data, frozen=True, kw_only=True):
    offer_id: str


class Rejected(OfOffer, frozen=True, kw_only=True):
    reason: str


class WithReason(Data, frozen=True, kw_only=True):
    reason: str


class Expired(Data, frozen=True, kw_only=True):
    """`no_offer`: a closed RFQ had none. `not_accepted`: the client let the proposal for `offer_id` pass. (v2; v1 had
    no `cause`.)"""

    cause: Literal["no_offer", "not_accepted"]
    offer_id: str | None = None


class OfGrant(Data, frozen=True, kw_only=True):
    hotel_id: str
    reason: str


class Offered(OfOffer, frozen=True, kw_only=True):
    """`offer` is its whole content as it then was: the history of a price."""

    hotel_id: str
    revision: int
    offer: dict[str, Any]


class Withdrawn(OfOffer, frozen=True, kw_only=True):
    hotel_id: str


class OfBooking(Data, frozen=True, kw_only=True):
    booking_id: str


class StepChanged(OfBooking, frozen=True, kw_only=True):
    """A step, or a hotel's line, and where it stands now."""

    step: str = ""
    line_id: str = ""
    hotel_id: str = ""
    state: str = ""
    reason: str = ""


class OfLine(OfBooking, frozen=True, kw_only=True):
    """The hotel was asked to hold its part of the booking, or does."""

    line_id: str
    hotel_id: str


class OfAssignment(OfBooking, frozen=True, kw_only=True):
    """A guide answered; `reason` is why they do not come."""

    assignment_id: str
    reason: str = ""


class OfPayment(OfBooking, frozen=True, kw_only=True):
    payment_id: str


class Noticed(Data, frozen=True, kw_only=True):
    """What a gateway said, as it was understood: a `backend.domain.payments.Notice`."""

    notice: dict[str, Any]


class Changed(OfBooking, frozen=True, kw_only=True):
    fields: tuple[str, ...] = ()


class Cancelled(OfBooking, frozen=True, kw_only=True):
    reason: str


DATA: Final[Mapping[str, type[Data]]] = {
    "quotation.created": Created,
    "quotation.edited": Edited,
    "quotation.restored": Restored,
    "quotation.repriced": Repriced,
    "quotation.published": Published,
    "quotation.invited": OfHotels,
    "quotation.uninvited": OfHotels,
    "quotation.extended": Extended,
    "quotation.awarded": Awarded,
    "quotation.accepted": OfOffer,
    "quotation.rejected": Rejected,
    "quotation.cancelled": WithReason,
    "quotation.expired": Expired,
    "quotation.granted": OfGrant,
    "quotation.revoked": OfGrant,
    "offer.submitted": Offered,
    "offer.revised": Offered,
    "offer.withdrawn": Withdrawn,
    "booking.created": OfBooking,
    "booking.step_changed": StepChanged,
    "booking.confirmed": OfBooking,
    "booking.changed": Changed,
    "booking.cancelled": Cancelled,
    "booking.completed": OfBooking,
    "payment.noticed": Noticed,
    "payment.requested": OfPayment,
    "payment.received": OfPayment,
    "payment.failed": OfPayment,
    "payment.refunded": OfPayment,
    "hotel.reserved": OfLine,
    "hotel.confirmed": OfLine,
    "guide.assigned": StepChanged,
    "guide.confirmed": OfAssignment,
    "guide.declined": OfAssignment,
    "transport.booked": StepChanged,
    "transport.confirmed": StepChanged,
}
"""By the event's name."""

_VERSIONS: Final[Mapping[str, int]] = {"quotation.expired": 2}


def version_of(name: str) -> int:
    """The version in which events of that name are written now."""
    return _VERSIONS.get(name, 1)


def data_of(name: str) -> type[Data]:
    """What the data of such an event holds at least."""
    return DATA.get(name, Data)
