"""The catalogues that admins keep: which kinds of items there are, and how each kind's list is ordered."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from backend.domain.resources.guides import Guide
from backend.domain.resources.vehicles import Vehicle

ItemKind = Literal["guide", "vehicle"]
Item: TypeAlias = Guide | Vehicle

SHAPES: Final[Mapping[ItemKind, type[Item]]] = {"guide": Guide, "vehicle": Vehicle}


def kind_of(item: Item) -> ItemKind:
    return next(kind for kind, shape in SHAPES.items() if type(item) is shape)


def place_of(item: Item) -> str:
    """Where the item stands among those of its kind; no two at the same."""
    return f"{item.name.casefold()}|{item.id}"
