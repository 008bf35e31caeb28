"""How one unit of the tariff becomes money at each link: exchange rate, contingency, margin."""

from decimal import Decimal
from typing import NamedTuple

from backend.domain.computation.tariff import Costing
from backend.domain.money import Money, money


class Unit(NamedTuple):
    """What one of something costs, with the contingency, and at the agency's price; each at least the one before."""

    cost: Money
    covered: Money
    agency: Money


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
            own = money(cost * self._worth, self.currency)
            covered = money(own.amount * self._cover, self.currency)
            self._made[cost] = Unit(own, covered, money(covered.amount / self._share, self.currency))
        return self._made[cost]

    def price(self, cost: Decimal) -> Decimal:
        """At the agency's price."""
        return self.unit(cost).agency.amount


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
