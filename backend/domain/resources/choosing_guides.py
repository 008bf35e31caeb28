"""Which guide fits a trip best, and why.

    language       30   native counts whole, fluent 85 %, basic 40 %; the mean over the languages wanted
    skills         15   the part of the wanted skills that the guide has
    certification  15   the part of the wanted certificates that are good to the last day
    availability   15   free every day; two thirds if the day before or after is taken
    rating         15   5 counts whole
    distance       10   at home in the trip's town; nothing 500 km away

A guide may be taken who speaks every language wanted, has every certificate, is free every day, and is not at home
more than 1,000 km away. The rest is a matter of more or less.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from backend.domain.resources.claims import days
from backend.domain.resources.guides import Guide, Level
from backend.domain.resources.places import Place
from backend.domain.resources.scores import Part, Scored, best_first, listed, nearness, part, scored, within_reach

_LEVELS: Final[Mapping[Level, Decimal]] = {"native": Decimal(1), "fluent": Decimal("0.85"), "basic": Decimal("0.4")}
_WHOLE: Final = Decimal(1)
_CROWDED: Final = Decimal(2) / 3


class WantedGuide(msgspec.Struct, frozen=True, kw_only=True):
    """What a trip asks of a guide, from its first day to its last."""

    first: date
    last: date
    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    kind: str | None = None
    place: Place | None = None


def rank_guides(
    wanted: WantedGuide, guides: Iterable[Guide], busy: Mapping[str, frozenset[date]]
) -> tuple[Scored, ...]:
    """All who are at work, the best first. `busy` has the days on which each is not free, those around the trip too."""
    at_work = [guide for guide in guides if guide.active]
    return best_first([score_guide(wanted, guide, busy.get(guide.id, frozenset())) for guide in at_work])


def score_guide(wanted: WantedGuide, guide: Guide, busy: frozenset[date]) -> Scored:
    spoken = set(guide.spoken)
    fit = (
        wanted.kind in (None, guide.kind)
        and all(language in spoken for language in wanted.languages)
        and not _missing(wanted, guide)
        and busy.isdisjoint(days(wanted.first, wanted.last))
        and within_reach(guide.home, wanted.place)
    )
    parts = (
        _language(wanted, guide),
        _skills(wanted, guide),
        _certification(wanted, guide),
        _availability(wanted, busy),
        part("rating", 15, guide.rating / 5, f"rated {guide.rating} of 5"),
        nearness(10, guide.home, wanted.place),
    )
    return scored([guide.id], guide.name, parts, fit=fit)


def _language(wanted: WantedGuide, guide: Guide) -> Part:
    kind = "" if wanted.kind in (None, guide.kind) else f"; {guide.kind}, not {wanted.kind}"
    if not wanted.languages:
        return part("language", 30, _WHOLE, f"no language is asked for{kind}")
    levels = {one.language: one.level for one in guide.languages}
    said = [f"{one} {levels.get(one, 'not spoken')}" for one in wanted.languages]
    known = sum((_LEVELS[levels[one]] for one in wanted.languages if one in levels), Decimal(0))
    return part("language", 30, known / len(wanted.languages), f"{listed(said)}{kind}")


def _skills(wanted: WantedGuide, guide: Guide) -> Part:
    if not wanted.skills:
        return part("skills", 15, _WHOLE, "no skill is asked for")
    has = {one.casefold() for one in guide.skills}
    having = [one for one in wanted.skills if one.casefold() in has]
    lacking = [one for one in wanted.skills if one.casefold() not in has]
    reason = f"has {listed(having)}" + (f"; lacks {listed(lacking)}" if lacking else "")
    return part("skills", 15, Decimal(len(having)) / len(wanted.skills), reason)


def _certification(wanted: WantedGuide, guide: Guide) -> Part:
    if not wanted.certificates:
        return part("certification", 15, _WHOLE, "no certificate is asked for")
    missing = _missing(wanted, guide)
    valid = [one for one in wanted.certificates if one not in missing]
    reason = f"holds {listed(valid)}" + "".join(f"; {one} {why}" for one, why in missing.items())
    return part("certification", 15, Decimal(len(valid)) / len(wanted.certificates), reason)


def _missing(wanted: WantedGuide, guide: Guide) -> dict[str, str]:
    """The wanted certificates that are not good to the last day, and why not."""
    held = {one.name.casefold(): one for one in guide.certificates}
    missing = {}
    for name in wanted.certificates:
        certificate = held.get(name.casefold())
        if certificate is None:
            missing[name] = "is missing"
        elif certificate.expires is not None and certificate.expires < wanted.last:
            missing[name] = f"expires on {certificate.expires.isoformat()}"
    return missing


def _availability(wanted: WantedGuide, busy: frozenset[date]) -> Part:
    clash = sorted(busy.intersection(days(wanted.first, wanted.last)))
    if clash:
        return part("availability", 15, Decimal(0), f"taken on {listed([day.isoformat() for day in clash[:5]])}")
    around = {wanted.first - timedelta(days=1), wanted.last + timedelta(days=1)}
    if busy & around:
        return part("availability", 15, _CROWDED, "free, but at work the day before or after")
    return part("availability", 15, _WHOLE, "free, and the days around it too")
