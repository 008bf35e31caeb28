"""The quotation: one document that holds all its facts. It is read and written whole, under one row lock."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.bookings import Booking
from backend.domain.computation.tariff import Costing
from backend.domain.money import Money
from backend.domain.offers import Offer
from backend.domain.principals import Actor
from backend.domain.terms import Terms

State = Literal[
    "draft",
    "published",
    "reviewing",
    "awarded",
    "accepted",
    "deposit_paid",
    "confirmed",
    "completed",
    "cancelled",
    "expired",
]
InvitationState = Literal["open", "closed", "selected", "not_selected"]


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A company or a person as the quotation knows it, copied when it was named."""

    id: str
    name: str
    email: str = ""


class Hotel(msgspec.Struct, frozen=True, kw_only=True):
    """A hotel of the catalogue. `rating` is 0..5, `answer_rate` a percentage, `distance_km` from the centre."""

    id: str
    name: str
    city: str
    rating: Decimal = Decimal(0)
    distance_km: Decimal = Decimal(0)
    capacity: int = 0
    amenities: tuple[str, ...] = ()
    answer_rate: Decimal = Decimal(0)


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A hotel's place in the quotation.

    `seen` holds the terms as the hotel last saw them, once it hears nothing more of them; its view is made from
    these, so that later changes cannot tell it that life goes on without it.
    """

    hotel: Hotel
    state: InvitationState
    invited_at: datetime
    seen: Terms | None = None


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    deadline: datetime
    reason: str
    at: datetime


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """An admin's leave for one hotel to see its competitors' offers."""

    hotel_id: str
    by: Actor
    reason: str
    at: datetime


class FieldChange(msgspec.Struct, frozen=True, kw_only=True):
    """Who last changed a field of the terms, and in which version."""

    version: int
    by: Actor
    at: datetime


class Award(msgspec.Struct, frozen=True, kw_only=True):
    """The chosen offer. The client may accept until `until`."""

    offer_id: str
    at: datetime
    until: datetime


class Quotation(msgspec.Struct, frozen=True, kw_only=True):
    """`serial` orders all facts inside the server and never leaves it; `version` counts changes of the terms.

    Prices are never stored: `costing` is what they are made from besides the terms and the offers. `remind_at` is when
    those who are asked are reminded of the deadline, as long as that is still to be done.
    """

    id: str
    company: Party
    terms: Terms
    state: State
    version: int
    serial: int
    created_at: datetime
    created_by: Actor
    margin_percent: Decimal
    costing: Costing | None = None
    client: Party | None = None
    changed: dict[str, FieldChange] = {}
    invitations: dict[str, Invitation] = {}
    offers: dict[str, Offer] = {}
    grants: dict[str, Grant] = {}
    extensions: tuple[Extension, ...] = ()
    remind_at: datetime | None = None
    revealed: tuple[Money, ...] | None = None
    award: Award | None = None
    booking: Booking | None = None
    cancel_reason: str = ""
    reject_reason: str = ""

    def offer_of(self, hotel_id: str) -> Offer | None:
        """The one offer of a hotel, withdrawn or not."""
        return next((offer for offer in self.offers.values() if offer.hotel_id == hotel_id), None)

    @property
    def chosen(self) -> Offer | None:
        """The awarded offer while the award stands."""
        return self.offers[self.award.offer_id] if self.award else None

    @property
    def sold(self) -> Offer | None:
        """The offer whose price the client pays: the accepted one, before that the chosen one."""
        return self.offers[self.booking.priced_by] if self.booking else self.chosen
