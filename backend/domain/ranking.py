"""Comparing offers by the agency's weights. The score is made of what the agency sees, so it tells nothing more.

Each quality counts from 0 to 100, and the score is their mean by weight, rounded to two places:

    price         100 x lowest agency total / this agency total
    rating        the hotel's stars, 5 being 100
    services      100 x included services / the most that any offer includes
    cancellation  100 - the mean penalty for cancelling 60, 30, 14, 7, 1 and 0 days before check-in
    speed         100 for answering at once, falling to 0 at the deadline

Equal scores go by the lower total, then the earlier first answer, then the id.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from backend.domain.computation.accommodation import agency
from backend.domain.computation.stay import Basis, basis
from backend.domain.invitations import competing
from backend.domain.offers import CancellationStage, Offer, OfferContent
from backend.domain.quotation import Quotation
from backend.domain.terms import Weights

__all__ = ["Ranked", "competing", "rank"]

_FULL: Final = Decimal(100)
_DAYS_BEFORE: Final = (60, 30, 14, 7, 1, 0)


class Ranked(msgspec.Struct, frozen=True):
    """An offer's place, 1 being the best, and its score from 0 to 100."""

    rank: int
    score: Decimal


class _Bid(NamedTuple):
    """An offer that competes, and what else of its hotel counts."""

    offer: Offer
    rating: Decimal
    invited_at: datetime


def rank(q: Quotation) -> Mapping[str, Ranked]:
    """The offers that compete, by id, the best first."""
    bids = []
    for offer in competing(q):
        invitation = q.invitations[offer.hotel_id]
        bids.append(_Bid(offer, invitation.hotel.rating, invitation.invited_at))
    return _ranked(tuple(bids), q.terms.weights, q.terms.deadline, basis(q.terms), q.margin_percent)


@lru_cache(maxsize=1024)
def _ranked(
    bids: tuple[_Bid, ...], weights: Weights, deadline: datetime | None, stay: Basis, margin_percent: Decimal
) -> Mapping[str, Ranked]:
    """Kept, since most of what happens to a quotation leaves its offers where they are."""
    totals = {bid.offer.id: agency(bid.offer.content, stay, margin_percent).total.amount for bid in bids}
    scores = _scores(bids, totals, weights, deadline)
    order = sorted(
        (bid.offer for bid in bids),
        key=lambda offer: (-scores[offer.id], totals[offer.id], offer.first_at, offer.id),
    )
    return {offer.id: Ranked(place, scores[offer.id]) for place, offer in enumerate(order, start=1)}


def _scores(
    bids: Sequence[_Bid], totals: Mapping[str, Decimal], weights: Weights, deadline: datetime | None
) -> dict[str, Decimal]:
    lowest = min(totals.values(), default=Decimal(0))
    most_services = max((_services(bid.offer.content) for bid in bids), default=0)
    scores = {}
    for bid in bids:
        offer = bid.offer
        qualities = {
            "price": _share(lowest, totals[offer.id]),
            "rating": _share(bid.rating, Decimal(5)),
            "services": _share(Decimal(_services(offer.content)), Decimal(most_services)),
            "cancellation": _leniency(offer.content.cancellation),
            "speed": _speed(bid, deadline or offer.first_at),
        }
        scores[offer.id] = _weighted(qualities, weights)
    return scores


def _weighted(qualities: Mapping[str, Decimal], weights: Weights) -> Decimal:
    by_name: dict[str, Decimal] = {name: getattr(weights, name) for name in qualities}
    total = sum((value * by_name[name] for name, value in qualities.items()), Decimal(0))
    return (total / sum(by_name.values(), Decimal(0))).quantize(Decimal("0.01"))


def _share(part: Decimal, whole: Decimal) -> Decimal:
    """`part` of `whole`, from 0 to 100; nothing of nothing is all of it."""
    return min(_FULL, _FULL * part / whole) if whole else _FULL


def _services(content: OfferContent) -> int:
    return len({service.strip().casefold() for service in content.included_services})


@lru_cache(maxsize=1024)
def _leniency(stages: tuple[CancellationStage, ...]) -> Decimal:
    penalties = [
        max((stage.penalty_percent for stage in stages if days < stage.days_before), default=Decimal(0))
        for days in _DAYS_BEFORE
    ]
    return _FULL - sum(penalties, Decimal(0)) / len(penalties)


def _speed(bid: _Bid, deadline: datetime) -> Decimal:
    window = _seconds(bid.invited_at, deadline)
    return _FULL - _share(_seconds(bid.invited_at, bid.offer.first_at), window) if window else _FULL


def _seconds(start: datetime, end: datetime) -> Decimal:
    """From `start` to `end`, at least 0; exact, as scores decide."""
    span = end - start
    return max(Decimal(0), Decimal(span.days * 86_400 + span.seconds) + Decimal(span.microseconds) / 1_000_000)
