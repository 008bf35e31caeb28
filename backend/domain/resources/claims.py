"""Claims: what a booking takes of a hotel's allotment, of a guide's calendar or of a vehicle's."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from backend.domain.refusals import Refusal
from backend.domain.terms import RoomType

ClaimKind = Literal["allotment", "guide", "vehicle"]
CalendarKind = Literal["guide", "vehicle"]

LONGEST_CLAIM: Final = 366
"""Days."""


class Claim(msgspec.Struct, frozen=True):
    """What one booking takes of one resource from `first` to `last`, both taken: days, or an allotment's nights (the
    last one is that before the check-out). `resource_id` is a hotel's for an allotment, which alone has `rooms`: how
    many of each type every night.

    The same id is the same claim: asked for again it has no second effect.
    """

    id: str
    booking_id: str
    kind: ClaimKind
    resource_id: str
    first: date
    last: date
    rooms: dict[RoomType, int] | None = None

    def __post_init__(self) -> None:
        if not self.first <= self.last:
            raise ValueError("a claim's last day is not before its first")
        if (self.last - self.first).days >= LONGEST_CLAIM:
            raise ValueError(f"a claim has at most {LONGEST_CLAIM} days")
        if (self.rooms is not None) != (self.kind == "allotment"):
            raise ValueError("rooms are claimed of an allotment, and of nothing else")
        if self.rooms is not None and not all(number > 0 for number in self.rooms.values()):
            raise ValueError("a claim takes at least one room of each type that it names")

    @property
    def days(self) -> tuple[date, ...]:
        return days(self.first, self.last)


class Night(msgspec.Struct, frozen=True):
    """What a hotel lets the platform sell of one room type in one night, and how many of those are taken."""

    night: date
    room_type: RoomType
    total: int
    taken: int


class Use(msgspec.Struct, frozen=True):
    """Why a guide or a vehicle is not free on a day: a booking, or a day off where it is None."""

    day: date
    booking_id: str | None = None


def days(first: date, last: date) -> tuple[date, ...]:
    """Both of them and what lies between; none if `last` comes before `first`."""
    return tuple(first + timedelta(n) for n in range((last - first).days + 1))


def taken(kind: str, resource_id: str, on: Collection[date]) -> Refusal:
    """Somebody else has what was asked for; `data` says what and when."""
    when = sorted({day.isoformat() for day in on})
    return Refusal(
        "resource.taken",
        f"That is taken already on {', '.join(when[:5])}{' and more' if len(when) > 5 else ''}.",
        data={"kind": kind, "resource_id": resource_id, "days": when},
    )


def not_there(kind: str, resource_id: str) -> Refusal:
    """Nobody may be given it: the catalogue has no such guide or vehicle, or none that is at work."""
    return Refusal("resource.not_found", "There is no such resource.", data={"kind": kind, "resource_id": resource_id})


def released(claim_id: str) -> Refusal:
    """A claim that was let go is over, also where its release came first; another one has another id."""
    return Refusal("resource.released", "This claim was released already.", data={"claim_id": claim_id})
