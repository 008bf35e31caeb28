"""Vehicles of the catalogue: what they carry, and how long their drivers may drive."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.domain.programme import Code
from backend.domain.resources.places import Name, Place
from backend.domain.terms import Id


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A vehicle with its drivers. `vehicle_class` is a tariff's code, `seats` are passengers'. Each driver drives at
    most `driver_hours` a day and, as all of them go along, `days_in_row` days before a day of rest. Without `active` it
    gets no booking."""

    id: Id
    name: Name
    vehicle_class: Code
    seats: Annotated[int, Meta(ge=1, le=100)]
    plate: Annotated[str, Meta(max_length=20, pattern="^[A-Z0-9 -]*$")] = ""
    carrier: Annotated[str, Meta(max_length=120, pattern=r"^[^\u0000-\u001f\u007f]*$")] = ""
    drivers: Annotated[int, Meta(ge=1, le=3)] = 1
    driver_hours: Annotated[int, Meta(ge=1, le=12)] = 9
    days_in_row: Annotated[int, Meta(ge=1, le=14)] = 6
    average_kmh: Annotated[int, Meta(ge=10, le=120)] = 50
    accessible: bool = False
    home: Place | None = None
    active: bool = True
