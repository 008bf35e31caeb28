"""Money: exact decimals in a currency. Floats never carry money.

Rounding is half-even to the currency's minor unit (ISO 4217), only where a rule names it.
"""

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Annotated

import msgspec

Currency = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]

_MINOR_DIGITS = {
    "CLP": 0,
    "COP": 2,
    "ISK": 0,
    "JPY": 0,
    "KRW": 0,
    "PYG": 0,
    "UYU": 2,
    "VND": 0,
    "BHD": 3,
    "KWD": 3,
}
_LARGEST_WRITTEN = Decimal("1e12")
_LARGEST_COMPUTED = Decimal("1e24")


def minor_digits(currency: str) -> int:
    """Decimal places of the currency's minor unit (ISO 4217): 2 unless listed otherwise."""
    return _MINOR_DIGITS.get(currency, 2)


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount of at least zero, kept with exactly its currency's digits: equal money is equal text."""

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if _canonical(self.amount, self.currency):
            return
        if not self.amount.is_finite() or not 0 <= self.amount < _LARGEST_COMPUTED:
            raise ValueError("an amount is a finite decimal of at least 0")
        canonical = abs(round_to_minor(self.amount, self.currency))
        if self.amount != canonical:
            raise ValueError("an amount has no more digits than its currency's minor unit")
        msgspec.structs.force_setattr(self, "amount", canonical)


def _canonical(amount: Decimal, currency: str) -> bool:
    """Whether the amount is one already that money is kept with: computed ones mostly are."""
    return amount.same_quantum(_minor_unit(currency)) and not amount.is_signed() and amount < _LARGEST_COMPUTED


def round_to_minor(amount: Decimal, currency: str) -> Decimal:
    """Half-even to the minor unit of `currency`."""
    return amount.quantize(_minor_unit(currency), rounding=ROUND_HALF_EVEN)


@lru_cache(maxsize=256)
def _minor_unit(currency: str) -> Decimal:
    return Decimal(1).scaleb(-minor_digits(currency))


def money(amount: Decimal, currency: str) -> Money:
    """`amount` rounded to the minor unit of `currency`."""
    return Money(round_to_minor(amount, currency), currency)


def written(*amounts: Money | None) -> None:
    """Refuses amounts too large for people to mean. What is computed of lesser ones always fits into `Money`.

    Raises:
        ValueError: one of them is 10^12 or more.
    """
    if any(amount and amount.amount >= _LARGEST_WRITTEN for amount in amounts):
        raise ValueError("an amount is below 10^12")


def percentage(value: Decimal, *, up_to: int = 100) -> None:
    """Refuses a percentage outside 0..`up_to` or with more than four decimals.

    Raises:
        ValueError: it is not such a percentage.
    """
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or not -4 <= exponent <= 0 or value.is_signed() or value > up_to:
        raise ValueError(f"a percentage is a decimal from 0 to {up_to} with at most four places")
