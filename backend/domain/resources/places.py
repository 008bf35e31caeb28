"""Where people and vehicles are at home, and how far that is from a trip."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Annotated, Final

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\u0000-\u001f\u007f]+$")]
"""What somebody or something is called: one line."""

_EARTH_KM: Final = 6_371.0


class Place(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A town by its name, and where it lies in degrees if that is known."""

    name: Name
    latitude: Decimal | None = None
    longitude: Decimal | None = None

    def __post_init__(self) -> None:
        for value, most in ((self.latitude, 90), (self.longitude, 180)):
            if value is not None and not (value.is_finite() and abs(value) <= most and _short(value)):
                raise ValueError("a latitude is from -90 to 90, a longitude from -180 to 180, to six places")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("a latitude has a longitude")


def distance_km(one: Place, other: Place) -> int | None:
    """Whole kilometres as the crow flies; 0 in the same town, None where it cannot be told."""
    if one.name.casefold() == other.name.casefold():
        return 0
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    lat, lon = radians(float(one.latitude)), radians(float(one.longitude))
    lat_2, lon_2 = radians(float(other.latitude)), radians(float(other.longitude))
    half = sin((lat_2 - lat) / 2) ** 2 + cos(lat) * cos(lat_2) * sin((lon_2 - lon) / 2) ** 2
    return round(2 * _EARTH_KM * asin(min(1.0, sqrt(half))))


def located(name: str, known: Iterable[Place]) -> Place | None:
    """The place of that name as one of the known ones knows it; None for no name at all."""
    if not name.strip():
        return None
    by_name: Mapping[str, Place] = {place.name.casefold(): place for place in known if place.latitude is not None}
    exact = by_name.get(name.casefold())
    inside = next((place for key, place in sorted(by_name.items()) if key in name.casefold()), None)
    return exact or inside or Place(name=name)


def _short(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -6
