"""What agents begin with: itineraries that were run before, and what groups of a kind usually want."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.domain.programme import Code, Programme
from backend.domain.resources.guides import Skill
from backend.domain.resources.places import Name
from backend.domain.terms import Id, MealPlan, ShortText

DayText = Annotated[str, Meta(max_length=2_000)]


class TemplateDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    title: Name
    text: DayText = ""


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An itinerary day by day, and the programme that goes with it; the last day is that of the check-out."""

    id: Id
    name: Name
    destination: ShortText = ""
    meal_plan: MealPlan = "BB"
    days: Annotated[tuple[TemplateDay, ...], Meta(max_length=60)] = ()
    programme: Programme = Programme()


class Profile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of group: how many they mostly are, what they eat and need, and who should guide and drive them."""

    id: Id
    name: Name
    description: DayText = ""
    pax_from: Annotated[int, Meta(ge=1, le=5_000)] = 10
    pax_to: Annotated[int, Meta(ge=1, le=5_000)] = 40
    meal_plan: MealPlan = "BB"
    special_requirements: Annotated[tuple[ShortText, ...], Meta(max_length=50)] = ()
    guide_languages: Annotated[tuple[Code, ...], Meta(max_length=10)] = ()
    guide_skills: Annotated[tuple[Skill, ...], Meta(max_length=20)] = ()
    guide_certificates: Annotated[tuple[Skill, ...], Meta(max_length=20)] = ()
    vehicle_class: Code | None = None
    accessible: bool = False

    def __post_init__(self) -> None:
        if self.pax_to < self.pax_from:
            raise ValueError("pax_to is not below pax_from")
