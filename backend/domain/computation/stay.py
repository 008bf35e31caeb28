"""Who stays how long, and in groups of which sizes: what prices depend on besides offers and costs."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, Protocol

import msgspec

from backend.domain.offers import Foc, OfferContent
from backend.domain.programme import BandMarkup, Programme
from backend.domain.terms import RoomType

BEDS: Final[Mapping[RoomType, int]] = {"single": 1, "double": 2, "twin": 2, "triple": 3, "suite": 2}
USUAL_BANDS: Final = (10, 15, 20, 25, 30, 35, 40)


class Stay(Protocol):
    """What prices depend on besides the offer, the margin and the running costs. Terms are one."""

    @property
    def nights(self) -> int: ...

    @property
    def pax(self) -> int: ...

    @property
    def children_ages(self) -> tuple[int, ...]: ...

    @property
    def markup_percent(self) -> Decimal: ...

    @property
    def band_markups(self) -> tuple[BandMarkup, ...]: ...

    @property
    def programme(self) -> Programme | None: ...


class Basis(msgspec.Struct, frozen=True):
    """A stay and nothing else: terms that differ otherwise have one basis, and prices kept under it serve them all."""

    nights: int
    pax: int
    children_ages: tuple[int, ...]
    markup_percent: Decimal
    band_markups: tuple[BandMarkup, ...]
    programme: Programme | None


class Band(NamedTuple):
    """Groups from `first` to `last` people; the last band has no end."""

    name: str
    first: int
    last: int | None


def basis(terms: Stay) -> Basis:
    return Basis(
        terms.nights, terms.pax, terms.children_ages, terms.markup_percent, terms.band_markups, terms.programme
    )


@lru_cache(maxsize=256)
def bands(sizes: tuple[int, ...] = ()) -> tuple[Band, ...]:
    """The bands that begin at these sizes; the usual ones for none."""
    firsts = sizes or USUAL_BANDS
    lasts = [size - 1 for size in firsts[1:]]
    closed = tuple(Band(f"{first}-{last}", first, last) for first, last in zip(firsts[:-1], lasts, strict=True))
    return (*closed, Band(f"{firsts[-1]}+", firsts[-1], None))


def bands_of(programme: Programme | None) -> tuple[Band, ...]:
    return bands(programme.bands if programme else ())


def markup_of(stay: Stay, size: int) -> Decimal:
    """The markup in percent for a group of `size` people: its band's, if that has one."""
    of_bands = {one.band: one.percent for one in stay.band_markups}
    for band in bands_of(stay.programme) if of_bands else ():
        if band.first <= size and (band.last is None or size <= band.last):
            return of_bands.get(band.name, stay.markup_percent)
    return stay.markup_percent


def heads_of(content: OfferContent, stay: Stay) -> int:
    """The people of the group; while nobody has counted them, the beds of the offer."""
    return stay.pax or beds_of(content)


def beds_of(content: OfferContent) -> int:
    return sum(BEDS[room.type] * room.quantity for room in content.rooms)


def free_places(foc: Foc | None, heads: int) -> int:
    """How many of `heads` go free: as many as the others pay for."""
    if foc is None:
        return 0
    full, rest = divmod(heads, foc.per + foc.free)
    free = full * foc.free + max(0, rest - foc.per)
    return free if foc.cap is None else min(free, foc.cap)


def paying_of(foc: Foc | None, heads: int) -> int:
    """How many of `heads` pay; at least one."""
    return max(1, heads - free_places(foc, heads))
