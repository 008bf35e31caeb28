"""The catalogues that admins keep: which kinds of items there are, how each is named, and how its list is ordered."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from backend.domain.computation.tariff import Rate, Tariff
from backend.domain.quotation import Hotel
from backend.domain.resources.guides import Guide
from backend.domain.resources.templates import Profile, Template
from backend.domain.resources.vehicles import Vehicle

ItemKind = Literal["hotel", "guide", "vehicle", "tariff", "rate", "template", "profile"]
Item: TypeAlias = Hotel | Guide | Vehicle | Tariff | Rate | Template | Profile

SHAPES: Final[Mapping[ItemKind, type[Item]]] = {
    "hotel": Hotel,
    "guide": Guide,
    "vehicle": Vehicle,
    "tariff": Tariff,
    "rate": Rate,
    "template": Template,
    "profile": Profile,
}
MOST: Final[Mapping[ItemKind, int]] = {
    "hotel": 5_000,
    "guide": 2_000,
    "vehicle": 2_000,
    "tariff": 500,
    "rate": 20_000,
    "template": 1_000,
    "profile": 500,
}
"""How many items of a kind there may be."""


def kind_of(item: Item) -> ItemKind:
    return next(kind for kind, shape in SHAPES.items() if type(item) is shape)


def id_of(item: Item) -> str:
    """A rate is named by its currencies and its day: `USD-PEN-2026-11-22`."""
    return f"{item.base}-{item.quote}-{item.on.isoformat()}" if isinstance(item, Rate) else item.id


def place_of(item: Item) -> str:
    """Where the item stands among those of its kind, no two at the same: by name, but for what is valid from a day."""
    match item:
        case Rate():
            return rate_place(item.base, item.quote, item.on)
        case Tariff():
            return f"{item.valid_from.isoformat()}|{item.id}"
        case _:
            return f"{item.name.casefold()}|{item.id}"


def rate_place(base: str, quote: str, on: date) -> str:
    return f"{base}/{quote}|{on.isoformat()}"
