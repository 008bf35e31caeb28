"""Lines: what a price is made of, each at one link of the chain."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

import msgspec

from backend.domain.money import Money

Layer = Literal["cost", "agency", "selling"]
"""Who may see a line: costs are the platform's, agency prices the agency's too, the selling price the client's too."""
Kind = Literal[
    "room",
    "extra_bed",
    "child",
    "free_places",
    "service",
    "vehicle",
    "distance",
    "fuel",
    "tolls",
    "parking",
    "guide",
    "overtime",
    "staff_lodging",
    "staff_meals",
    "ticket",
    "meal",
    "porterage",
    "insurance",
    "permit",
    "tip",
    "water",
    "other",
    "contingency",
    "margin",
    "markup",
    "trip",
    "tax",
]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`quantity` times `unit` is `amount`; where it is `less`, it is taken off, as far as there is something left.

    Free places are rounded in all, so theirs is near that. `id` is the same at every link and for every size of group.
    """

    id: str
    layer: Layer
    kind: Kind
    name: str = ""
    quantity: int = 1
    unit: Money
    amount: Money
    less: bool = False


def total_of(lines: Iterable[Line]) -> Decimal:
    """What lines come to together."""
    return sum((-line.amount.amount if line.less else line.amount.amount for line in lines), Decimal(0))


def single(id_: str, layer: Layer, kind: Kind, amount: Decimal, currency: str, name: str = "") -> Line:
    """A line of one amount, which is taken off if it is below zero."""
    worth = Money(abs(amount), currency)
    return Line(id=id_, layer=layer, kind=kind, name=name, unit=worth, amount=worth, less=amount < 0)
