"""What it costs to cancel, by the timeline of the offer: `{days_before, penalty_percent}` for each stage."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from backend.domain.offers import CancellationStage


def penalty_percent(stages: Sequence[CancellationStage], check_in: date | None, today: date) -> Decimal:
    """The share of the total that cancelling today costs; nothing while the dates are open."""
    if check_in is None:
        return Decimal(0)
    left = (check_in - today).days
    return max((stage.penalty_percent for stage in stages if left < stage.days_before), default=Decimal(0))
