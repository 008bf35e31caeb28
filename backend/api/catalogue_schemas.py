"""The bodies and answers of the catalogues, for the OpenAPI document. What has its id in its address has none in its
body."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backend.domain.computation.tariff import Rate, Tariff
from backend.domain.money import percentage
from backend.domain.resources.guides import Guide, Skill
from backend.domain.resources.places import Name
from backend.domain.resources.templates import Profile, Template
from backend.domain.resources.vehicles import Vehicle
from backend.domain.terms import Id, RoomType

MostRooms = Annotated[int, Meta(ge=0, le=5_000)]


class HotelBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hotel. `rating` is 0..5, `answer_rate` a percentage, `distance_km` from the centre."""

    name: Name
    city: Name
    rating: Decimal = Decimal(0)
    distance_km: Decimal = Decimal(0)
    capacity: MostRooms = 0
    amenities: Annotated[tuple[Skill, ...], Meta(max_length=30)] = ()
    answer_rate: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        for value, most in ((self.rating, 5), (self.distance_km, 1_000), (self.answer_rate, 100)):
            percentage(value, up_to=most)


class RateView(Rate, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate with the id that its currencies and its day make."""

    id: Id


class AllotmentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A month's rooms to sell, by night and type; what is left out is on request, 0 is closed."""

    nights: Annotated[dict[date, Annotated[dict[RoomType, MostRooms], Meta(max_length=5)]], Meta(max_length=31)]


class NightView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    total: int
    taken: int


class AllotmentView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    month: str
    nights: dict[date, dict[RoomType, NightView]]


class DaysOffBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The month's days off."""

    off: Annotated[tuple[date, ...], Meta(max_length=31)]


class CalendarView(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days off, and the booking that each other taken day belongs to."""

    month: str
    off: tuple[date, ...]
    booked: dict[date, str]


def without_id(shape: type[msgspec.Struct]) -> Any:
    """The body of an item."""
    left = [one for one in msgspec.structs.fields(shape) if one.name != "id"]
    members: list[Any] = []
    for one in left:
        if one.default_factory is not msgspec.NODEFAULT:
            members.append((one.name, one.type, msgspec.field(default_factory=one.default_factory)))
        else:
            members.append((one.name, one.type) if one.required else (one.name, one.type, one.default))
    return msgspec.defstruct(
        f"{shape.__name__}Body", members, kw_only=True, forbid_unknown_fields=True, namespace={"__doc__": shape.__doc__}
    )


def list_of(shape: Any, name: str) -> Any:
    """A page of a list."""
    members: list[Any] = [("items", tuple[shape, ...]), ("next", str | None)]
    about = {"__doc__": "A page of a list; `next` asks for the one after it and is null at the end."}
    return msgspec.defstruct(name, members, kw_only=True, forbid_unknown_fields=True, namespace=about)


GuideBody = without_id(Guide)
VehicleBody = without_id(Vehicle)
TariffBody = without_id(Tariff)
TemplateBody = without_id(Template)
ProfileBody = without_id(Profile)
