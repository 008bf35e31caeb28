"""The booking of a quotation, and what it costs at each link of the price chain."""

from decimal import Decimal

from backend.domain.bookings import Booking
from backend.domain.computation import accommodation
from backend.domain.computation.computed import sold
from backend.domain.computation.stay import basis
from backend.domain.money import Money, money
from backend.domain.offers import Offer
from backend.domain.quotation import Quotation
from backend.domain.refusals import booking_not_found


def booking_of(q: Quotation) -> Booking:
    """The booking, whatever its state.

    Raises:
        Refusal: booking.not_found.
    """
    if q.booking is None:
        raise booking_not_found()
    return q.booking


def selling_total(q: Quotation) -> Money:
    """What the client pays in all: the price that it accepted.

    Raises:
        ValueError: nothing was sold.
    """
    price = sold(q)
    if price is None:
        raise ValueError("nothing was sold")
    return price.total


def agency_total(q: Quotation, offer: Offer) -> Money:
    """What the agency pays for the stay with that offer."""
    return accommodation.agency(offer.content, basis(q.terms), q.margin_percent).total


def net_total(q: Quotation, offer: Offer) -> Money:
    """What the offer's hotel asks for."""
    return accommodation.net_total(offer.content, q.terms)


def part(percent: Decimal, total: Money) -> Money:
    """So many percent of a total."""
    return money(total.amount * percent / 100, total.currency)
