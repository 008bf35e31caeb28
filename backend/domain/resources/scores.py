"""A score that explains itself: a hundred points in shares, each with its reason in words."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from backend.domain.resources.places import Place, distance_km

_FAR_KM: Final = 500
_TOO_FAR_KM: Final = 1_000


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One quality: of `share` points it got `points`, and why, in English."""

    name: str
    share: int
    points: Decimal
    reason: str


class Scored(msgspec.Struct, frozen=True, kw_only=True):
    """One choice with its score from 0 to 100. `ids` are what belongs to it and is claimed together, mostly one; `id`
    and `name` tell it from other choices. What is not `fit` may not be taken, whatever its score: a reason says so."""

    id: str
    name: str
    score: Decimal
    why: tuple[Part, ...]
    ids: tuple[str, ...]
    fit: bool = True


def part(name: str, share: int, of_one: Decimal, reason: str) -> Part:
    """`of_one` from 0 to 1 is how much of the share it gets."""
    return Part(name=name, share=share, points=(share * of_one).quantize(Decimal("0.1")), reason=reason)


def scored(ids: Sequence[str], name: str, parts: Sequence[Part], *, fit: bool) -> Scored:
    total = sum((one.points for one in parts), Decimal(0))
    return Scored(id="+".join(ids), name=name, score=total, why=tuple(parts), ids=tuple(ids), fit=fit)


def best_first(choices: Sequence[Scored]) -> tuple[Scored, ...]:
    """Those that may be taken before those that may not; equals by id."""
    return tuple(sorted(choices, key=lambda one: (not one.fit, -one.score, one.id)))


def within_reach(home: Place | None, trip: Place | None) -> bool:
    """Nobody is sent for from more than 1,000 km away; where it cannot be told, it may be."""
    km = distance_km(home, trip) if home and trip else None
    return km is None or km <= _TOO_FAR_KM


def nearness(share: int, home: Place | None, trip: Place | None) -> Part:
    """All of the share at home, none of it 500 km away; half where nobody knows."""
    km = distance_km(home, trip) if home and trip else None
    if km is None:
        return part("distance", share, Decimal("0.5"), "how far away home is cannot be told")
    close = max(Decimal(0), 1 - Decimal(km) / _FAR_KM)
    return part("distance", share, close, "at home there" if km == 0 else f"home is {km} km away")


def listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
