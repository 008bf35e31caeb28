"""How one unit of the tariff becomes money at each link: exchange rate, contingency, margin."""

from decimal import Decimal
from typing import NamedTuple

from backend.domain.computation.tariff import Costing
from backend.domain.money import round_to_minor


class Unit(NamedTuple):
    """What one of something costs, with the contingency, and at the agency's price.

    Each is in minor units of the quotation's currency, and at least the one before.
    """

    cost: Decimal
    covered: Decimal
    agency: Decimal


class Chain:
    """From the tariff's currency to the quotation's, unit by unit."""

    def __init__(self, costing: Costing, currency: str, margin_percent: Decimal) -> None:
        """Raises ValueError if nothing says what the tariff's currency is worth."""
        self.currency = currency
        self._worth = worth(costing, currency)
        self._cover = 1 + costing.tariff.contingency_percent / 100
        self._share = 1 - margin_percent / 100
        self._made: dict[Decimal, Unit] = {}

    def unit(self, cost: Decimal) -> Unit:
        """`cost` is in the tariff's currency."""
        if cost not in self._made:
            own = round_to_minor(cost * self._worth, self.currency)
            covered = round_to_minor(own * self._cover, self.currency)
            self._made[cost] = Unit(own, covered, round_to_minor(covered / self._share, self.currency))
        return self._made[cost]


def worth(costing: Costing, currency: str) -> Decimal:
    """How much of `currency` one of the tariff's currency is.

    Raises:
        ValueError: no rate says so.
    """
    own = costing.tariff.currency
    if own == currency:
        return Decimal(1)
    rate = costing.rate
    if rate is None or (rate.base, rate.quote) != (own, currency):
        raise ValueError(f"no rate from {own} to {currency}")
    return rate.rate
