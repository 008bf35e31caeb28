"""Exchange rates by the day: what is known, and what follows from it."""

from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from backend.domain.computation.tariff import Rate

PIVOTS: Final = ("USD", "EUR")
"""The currencies by way of which others are exchanged that nobody quotes to each other."""
_PLACES: Final = Decimal("1e-12")


def same(currency: str, on: date) -> Rate:
    return Rate(base=currency, quote=currency, rate=Decimal(1), on=on)


def inverse(rate: Rate) -> Rate:
    return Rate(base=rate.quote, quote=rate.base, rate=_rounded(1 / rate.rate), on=rate.on)


def newer(direct: Rate | None, turned: Rate | None) -> Rate | None:
    """The one of the later day; as it was quoted, where both are of one day."""
    if direct is None or turned is None:
        return direct or turned
    return direct if direct.on >= turned.on else turned


def by_way(first: Rate | None, second: Rate | None) -> Rate | None:
    """From one currency to another by way of a third; as old as the older of the two."""
    if first is None or second is None:
        return None
    product = _rounded(first.rate * second.rate)
    return Rate(base=first.base, quote=second.quote, rate=product, on=min(first.on, second.on))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_PLACES, rounding=ROUND_HALF_EVEN).normalize() + 0
