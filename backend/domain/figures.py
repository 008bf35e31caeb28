"""What a quotation counts for in the figures of the business, worked out of its document alone.

Of amounts there is one, what the agency pays for what was accepted: an agency sees that of its own, and the same for
whatever rates and margins made it [P2].
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from backend.domain.computation.computed import compute
from backend.domain.money import minor_digits
from backend.domain.quotation import Quotation, State

HIGHEST_VALUE: Final = 10**13
"""In minor units. What is higher is not summed up, so that nobody can make a sum that no database can."""

SILENT: Final = frozenset(
    {
        "quotation.edited",
        "quotation.restored",
        "quotation.repriced",
        "quotation.extended",
        "quotation.deadline_near",
        "quotation.granted",
        "quotation.revoked",
        "offer.revised",
        "offer.withdrawn",
    }
)
"""Events that change no figure: most of all that happen."""


class QuotationFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`…_in` are weeks, named by their Monday. `value` is in minor units of `currency`."""

    quotation_id: str
    company_id: str
    serial: int
    state: State
    made_in: date
    published_in: date | None = None
    offered: bool = False
    awarded: bool = False
    accepted_in: date | None = None
    confirmed: bool = False
    currency: str = ""
    value: int | None = None


class InvitationFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A hotel that was asked, in which week, and after how many seconds its first offer came."""

    quotation_id: str
    hotel_id: str
    company_id: str
    serial: int
    invited_in: date
    answered_after: int | None = None


class Figures(msgspec.Struct, frozen=True):
    quotation: QuotationFigures
    invitations: tuple[InvitationFigures, ...] = ()


class Weeks(msgspec.Struct, frozen=True):
    """From the week `first` to the week `last`, which is included."""

    first: date
    last: date

    @property
    def all(self) -> tuple[date, ...]:
        return tuple(self.first + timedelta(weeks=n) for n in range((self.last - self.first).days // 7 + 1))


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """How many were published, and how many of these came how far."""

    published: int = 0
    offered: int = 0
    awarded: int = 0
    accepted: int = 0
    confirmed: int = 0


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """How many hotels were invited, how many answered, and after how many seconds a quarter, half and three quarters of
    these had; nearest ranks, so each is one that was."""

    invited: int = 0
    answered: int = 0
    quartiles: tuple[int, int, int] | None = None


class QuotationCounts(msgspec.Struct, frozen=True, kw_only=True):
    """`states` of all, the funnel of those published in the weeks, and by week how many were published, how many
    accepted, and what these come to in minor units by currency."""

    states: dict[State, int]
    funnel: Funnel
    published: dict[date, int]
    accepted: dict[date, int]
    values: dict[date, dict[str, int]]


class AnswerTimes(msgspec.Struct, frozen=True):
    """`weeks` has no entry for a week in which nobody was invited."""

    whole: Answers
    weeks: dict[date, Answers]


def figures_of(q: Quotation) -> Figures:
    """What `q` counts for as it is."""
    booking = q.booking
    return Figures(
        QuotationFigures(
            quotation_id=q.id,
            company_id=q.company.id,
            serial=q.serial,
            state=q.state,
            made_in=week_of(q.created_at),
            published_in=min((week_of(one.invited_at) for one in q.invitations.values()), default=None),
            offered=bool(q.offers),
            awarded=q.award is not None or booking is not None,
            accepted_in=week_of(booking.created_at) if booking else None,
            confirmed=booking is not None and booking.status in ("confirmed", "completed"),
            currency=q.terms.currency,
            value=_value(q),
        ),
        tuple(_invitation(q, hotel_id) for hotel_id in sorted(q.invitations)),
    )


def week_of(moment: datetime) -> date:
    """The Monday of its week, in UTC."""
    day = moment.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())


def _invitation(q: Quotation, hotel_id: str) -> InvitationFigures:
    invitation, offer = q.invitations[hotel_id], q.offer_of(hotel_id)
    waited = (offer.first_at - invitation.invited_at).total_seconds() if offer else None
    return InvitationFigures(
        quotation_id=q.id,
        hotel_id=hotel_id,
        company_id=q.company.id,
        serial=q.serial,
        invited_in=week_of(invitation.invited_at),
        answered_after=max(0, int(waited)) if waited is not None else None,
    )


def _value(q: Quotation) -> int | None:
    """What the agency pays for a booking that was not called off."""
    if q.booking is None or q.booking.status == "cancelled" or q.sold is None:
        return None
    price = compute(q, q.sold.content).agency_price
    minor = int(price.amount * Decimal(10) ** minor_digits(price.currency))
    return minor if minor <= HIGHEST_VALUE else None
