"""Who and what could serve a trip: guides and vehicles, scored and explained, the best first."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from backend.domain.resources.choosing_guides import WantedGuide, rank_guides
from backend.domain.resources.choosing_vehicles import LONGEST_RUN, WantedTransport, rank_vehicles
from backend.domain.resources.claims import CalendarKind
from backend.domain.resources.guides import Guide
from backend.domain.resources.places import Place, located
from backend.domain.resources.scores import Scored
from backend.domain.resources.vehicles import Vehicle
from backend.services.deps import Deps


async def guides_for(deps: Deps, need: WantedGuide) -> list[Scored]:
    """The guides who may be taken now, the best first; of two who claim one at once, one is refused all the same."""
    return [one for one in await all_guides(deps, need) if one.fit]


async def vehicles_for(deps: Deps, need: WantedTransport) -> list[Scored]:
    """The choices of vehicles that may be taken now, the best first: claim all of a choice's `ids`."""
    return [one for one in await all_vehicles(deps, need) if one.fit]


async def all_guides(deps: Deps, need: WantedGuide) -> tuple[Scored, ...]:
    """Also those who may not be taken, with the reason."""
    guides: tuple[Guide, ...] = await deps.db.items("guide")
    return rank_guides(need, guides, await _busy(deps, "guide", need.first, need.last, 1))


async def all_vehicles(deps: Deps, need: WantedTransport) -> tuple[Scored, ...]:
    """Also those that may not be taken, with the reason."""
    vehicles: tuple[Vehicle, ...] = await deps.db.items("vehicle")
    return rank_vehicles(need, vehicles, await _busy(deps, "vehicle", need.first, need.last, LONGEST_RUN))


async def place_named(deps: Deps, name: str) -> Place | None:
    """A town as the catalogue knows it, by whoever is at home there; without a position if nobody is."""
    guides: tuple[Guide, ...] = await deps.db.items("guide")
    vehicles: tuple[Vehicle, ...] = await deps.db.items("vehicle")
    return located(name, _homes((*guides, *vehicles)))


def _homes(found: Iterable[Guide | Vehicle]) -> list[Place]:
    return [one.home for one in found if one.home]


async def _busy(deps: Deps, kind: CalendarKind, first: date, last: date, around: int) -> Mapping[str, frozenset[date]]:
    margin = timedelta(days=around)
    calendar = await deps.db.calendar(kind, first - margin, last + margin)
    return {id_: frozenset(use.day for use in uses) for id_, uses in calendar.items()}
