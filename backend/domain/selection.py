"""Which hotels an RFQ goes to: those named, those that meet the criteria, or both.

A hotel meets them if it lies in the destination (its city's name occurs in it; an open destination takes any), is
good, near, large and willing enough and has every amenity asked for. It must hold the whole group: people, or the beds
of the rooms while nobody has counted them. Of those that do, the best `count` are taken: half for stars, three
tenths for the share of requests that it answers, two tenths for nearness (20 km away and farther count nothing);
equals go by id.
"""

from collections.abc import Iterable
from decimal import Decimal

from backend.domain.computation.stay import BEDS
from backend.domain.quotation import Hotel
from backend.domain.terms import Criteria, Terms

_FAR_KM = Decimal(20)


def choose(terms: Terms, catalogue: Iterable[Hotel]) -> tuple[Hotel, ...]:
    """The hotels to invite, named ones first and in the order they were named. Unknown ids are passed over."""
    by_id = {hotel.id: hotel for hotel in catalogue}
    wanted = terms.hotel_selection
    named = [by_id[id_] for id_ in dict.fromkeys(wanted.hotel_ids) if id_ in by_id]
    if wanted.mode == "manual":
        return tuple(named)
    fitting = sorted((hotel for hotel in by_id.values() if _fits(hotel, terms)), key=_order)
    if wanted.mode == "automatic":
        return tuple(fitting[: wanted.criteria.count])
    others = [hotel for hotel in fitting if hotel not in named]
    return (*named, *others[: wanted.criteria.count])


def group_size(terms: Terms) -> int:
    """The people of the group; while nobody has counted them, the beds of the rooms asked for."""
    return terms.pax or sum(beds * getattr(terms.rooms, kind) for kind, beds in BEDS.items())


def _fits(hotel: Hotel, terms: Terms) -> bool:
    criteria = terms.hotel_selection.criteria
    return (
        hotel.city.casefold() in (terms.destination.casefold() or hotel.city.casefold())
        and hotel.capacity >= max(criteria.min_capacity or 0, group_size(terms))
        and _good_enough(hotel, criteria)
    )


def _good_enough(hotel: Hotel, criteria: Criteria) -> bool:
    has = {amenity.casefold() for amenity in hotel.amenities}
    return (
        (criteria.min_rating is None or hotel.rating >= criteria.min_rating)
        and (criteria.max_distance_km is None or hotel.distance_km <= criteria.max_distance_km)
        and (criteria.min_answer_rate is None or hotel.answer_rate >= criteria.min_answer_rate)
        and all(amenity.casefold() in has for amenity in criteria.amenities)
    )


def _order(hotel: Hotel) -> tuple[Decimal, str]:
    nearness = max(Decimal(0), 1 - hotel.distance_km / _FAR_KM)
    return -(50 * hotel.rating / 5 + 30 * hotel.answer_rate / 100 + 20 * nearness), hotel.id
