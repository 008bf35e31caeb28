"""What the descriptions of views are made of: fields that may be absent."""

from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

import msgspec
from msgspec import UnsetType

from backend.domain.money import Money

Text: TypeAlias = str | UnsetType
Texts: TypeAlias = tuple[str, ...] | UnsetType
Whole: TypeAlias = int | UnsetType
Flag: TypeAlias = bool | UnsetType
Number: TypeAlias = Decimal | UnsetType
Amount: TypeAlias = Money | UnsetType
Time: TypeAlias = datetime | UnsetType
Day: TypeAlias = date | UnsetType


class View(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some part of a view."""
