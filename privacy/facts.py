"""Facts: what each audience is told of a step, as the difference of its views before and after [D4].

An audience whose view stays the same is told nothing [P1]; one whose rights changed is told nothing here, since its
channel starts anew.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from backend.domain.events import Event, Step
from privacy.audiences import AGENCY, SELF, actor_view, audiences, hotel_audience, kind, resets
from privacy.hearing import Heard, heard_as
from privacy.patches import merge_patch
from privacy.views import View, Views


class Fact(NamedTuple):
    """One frame to be: `data` is `{"change": patch, ...}`, `by` is `{kind, id, name}` or None when untold."""

    room: str
    audience: str
    name: str
    by: dict[str, Any] | None
    data: dict[str, Any]


class Unnamed(Exception):
    """An audience's view changed under an event that has no name for it: nothing may leave before one is decided."""


def facts(before: Views, step: Step, after: Views) -> tuple[Fact, ...]:
    """Everything that the step tells, in the order of rooms and audiences; `after` is of the step's state.

    Raises:
        Unnamed: see there.
    """
    told = [*_Telling(before, step, after).all()]
    return tuple(sorted(told, key=lambda fact: (fact.room, fact.audience)))


class _Telling:
    """The views of the two states of one step, and what follows from them."""

    def __init__(self, before: Views, step: Step, after: Views) -> None:
        self._event: Event = step.event
        self._after = step.after
        self._old = before
        self._new = after
        earlier = before.quotation
        self._audiences = audiences(step.after) | (audiences(earlier) if earlier else frozenset())
        self._reset = resets(earlier, step)

    def all(self) -> Iterator[Fact]:
        for audience in self._audiences - self._reset:
            change = merge_patch(self._old.of(audience), self._new.of(audience))
            if change:
                yield self._in_quotation(audience, change)
        yield from self._in_lists()

    def _in_quotation(self, audience: str, change: View) -> Fact:
        heard = self._heard(audience, change)
        data = {"change": change, **_extras(heard.name, self._new.of(audience))}
        return Fact(f"quotation:{self._after.id}", audience, heard.name, self._by(audience, heard), data)

    def _in_lists(self) -> Iterator[Fact]:
        """Rows of the agency's, the client's and each hotel's list. What a hotel did never enters the channels of
        the company and the client: it would make that hotel wait for others."""
        by_hotel = self._event.by.kind == "hotel"
        for audience in self._audiences:
            match kind(audience):
                case "hotel":
                    yield from self._row(audience, audience, audience, "invitations")
                case "agency" if not by_hotel:
                    yield from self._row(audience, f"company:{self._after.company.id}", AGENCY, "quotations")
                case "client" | "guide" if not by_hotel:
                    yield from self._row(audience, f"user:{audience.partition(':')[2]}", SELF, "quotations")

    def _row(self, audience: str, room: str, listening: str, collection: str) -> Iterator[Fact]:
        """The row as `audience` sees it, told to those who are `listening` in the list's room."""
        old, new = self._old.row(audience), self._new.row(audience)
        if old == new:
            return
        heard = self._heard(audience, merge_patch(self._old.of(audience), self._new.of(audience)))
        rows = merge_patch({self._after.id: old} if old else {}, {self._after.id: new} if new else {})
        yield Fact(room, listening, heard.name, self._by(audience, heard), {"change": {collection: rows}})

    def _heard(self, audience: str, change: View) -> Heard:
        by = self._event.by
        own = by.kind == "hotel" and audience == hotel_audience(by.hotel_id or "")
        heard = heard_as(self._event.name, kind(audience), change, own=own)
        if heard is None:
            raise Unnamed(f"{self._event.name} changes {sorted(change)} for {kind(audience)}")
        return heard

    def _by(self, audience: str, heard: Heard) -> dict[str, Any] | None:
        return actor_view(self._event.by, audience, self._after) if heard.with_actor else None


def _extras(name: str, seen: View) -> dict[str, Any]:
    """What the event itself carries, taken from the viewer's own view."""
    if name == "offer.ranked":
        return dict(seen.get("rank", {}))
    return {"totals": seen.get("totals", [])} if name == "quotation.prices_revealed" else {}
